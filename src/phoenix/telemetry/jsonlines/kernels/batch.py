"""The kernel that writes the line of one batch from the texts of its distinct values and the columns of its points."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.wire import Bytes, Int

# Texts of a node's value: what stands before its children, behind them, and the whole of it without children.
OPENING, CLOSING, ALONE, NODE_TEXTS = 0, 1, 2, 3
# Texts of a point's rest: what stands before its flags, and behind them.
BEFORE, BEHIND, REST_TEXTS = 0, 1, 2
# Columns of `numbers`: a number is the first times 10**10 plus the second, so that 64 bits fit without a sign.
START_TIME, TIME, VALUE = 0, 2, 4
# The most that a point takes beside its attributes and its rest, and a request beside its resources.
POINT_ROOM, REQUEST_ROOM = 160, 32

_INT, _DOUBLE = 1, 2
_LOW_DIGITS = 10
_ZERO, _COMMA, _MINUS, _QUOTE, _LIST_END = 0x30, 0x2C, 0x2D, 0x22, 0x5D
_OPEN_OBJECT, _CLOSE_OBJECT = 0x7B, 0x7D


class Texts(NamedTuple):
    """Texts as the kernel reads them: text i is `data[offsets[i]:offsets[i + 1]]`."""

    data: Bytes
    offsets: NDArray[np.int64]


class Level(NamedTuple):
    """The nodes of one level.

    Attributes:
        value: int32[n].
        texts: three texts a value.
        first_child: int64[n + 1], the children's rows.
    """

    value: NDArray[np.int32]
    texts: Texts
    first_child: NDArray[np.int64]


class PointTexts(NamedTuple):
    """The points.

    Attributes:
        attributes: int32[n], the number of the text of its attributes.
        attribute_texts: the member `attributes`, or nothing.
        rest: int64[n], the number of its rest, or -1.
        rest_texts: two texts a rest.
        numbers: uint64[n, 6] as int64: start time, time and the size of an integer, each in two parts.
        negative: bool[n], of an integer.
        flags: uint32[n].
        kind: uint8[n].
        doubles: the values of all DOUBLE points as a JSON list; `null` for what is not finite.
        bits: int64[n], tell which of those it is.
    """

    attributes: NDArray[np.int32]
    attribute_texts: Texts
    rest: NDArray[np.int64]
    rest_texts: Texts
    numbers: NDArray[np.int64]
    negative: NDArray[np.bool_]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    doubles: Bytes
    bits: NDArray[np.int64]


class Tree(NamedTuple):
    """What is written.

    Attributes:
        resources: level by level.
        scopes: level by level.
        metrics: level by level.
        points: the points.
        cursor: int64[1], where the next double stands in `points.doubles`; batches are written in their order.
    """

    resources: Level
    scopes: Level
    metrics: Level
    points: PointTexts
    cursor: NDArray[np.int64]


@inner
def _put(out: Bytes, to: Int, texts: Texts, number: Int) -> Int:
    data, start = texts.data, np.int64(texts.offsets[number])
    size = np.int64(texts.offsets[number + 1]) - start
    for i in range(size):
        out[np.uint64(to + i)] = data[np.uint64(start + i)]
    return to + size


@inner
def _put_word(out: Bytes, to: Int, word: bytes) -> Int:
    for i in range(len(word)):
        out[np.uint64(to + i)] = word[i]
    return to + len(word)


@inner
def _put_byte(out: Bytes, to: Int, byte: Int) -> Int:
    out[np.uint64(to)] = byte
    return to + 1


@inner
def _put_digits(out: Bytes, to: Int, number: Int, digits: Int) -> Int:
    for i in range(digits):
        out[np.uint64(to + digits - 1 - i)] = _ZERO + number % 10
        number //= 10
    return to + digits


@inner
def _digits(number: Int) -> Int:
    digits = np.int64(1)
    while number >= 10:
        digits += 1
        number //= 10
    return digits


@inner
def _put_number(out: Bytes, to: Int, high: Int, low: Int) -> Int:
    if high == 0:
        return _put_digits(out, to, low, _digits(low))
    to = _put_digits(out, to, high, _digits(high))
    return _put_digits(out, to, low, _LOW_DIGITS)


@inner
def _put_separator(out: Bytes, to: Int, begin: Int) -> Int:
    # A comma, when a member stands before.
    return _put_byte(out, to, _COMMA) if to > begin else to


@inner
def _put_double(tree: Tree, out: Bytes, to: Int, bits: Int) -> Int:
    data, at = tree.points.doubles, np.int64(tree.cursor[0])
    start = to
    while data[np.uint64(at)] != _COMMA and data[np.uint64(at)] != _LIST_END:
        out[np.uint64(to)] = data[np.uint64(at)]
        to += 1
        at += 1
    tree.cursor[0] = at + 1
    if (bits >> 52) & 0x7FF != 0x7FF:
        return to
    if bits & 0xFFFFFFFFFFFFF:
        return _put_word(out, start, b'"NaN"')
    return _put_word(out, start, b'"Infinity"' if bits > 0 else b'"-Infinity"')


@inner
def _put_value(tree: Tree, out: Bytes, to: Int, row: Int) -> Int:
    points = tree.points
    if points.kind[row] == _DOUBLE:
        to = _put_word(out, to, b'"asDouble":')
        return _put_double(tree, out, to, np.int64(points.bits[row]))
    to = _put_word(out, to, b'"asInt":"')
    if points.negative[row]:
        to = _put_byte(out, to, _MINUS)
    to = _put_number(out, to, points.numbers[row, VALUE], points.numbers[row, VALUE + 1])
    return _put_byte(out, to, _QUOTE)


@inner
def _put_time(out: Bytes, to: Int, high: Int, low: Int) -> Int:
    to = _put_number(out, to, high, low)
    return _put_byte(out, to, _QUOTE)


@inner
def _put_text_member(out: Bytes, to: Int, begin: Int, texts: Texts, number: Int) -> Int:
    if texts.offsets[number] == texts.offsets[number + 1]:
        return to
    return _put(out, _put_separator(out, to, begin), texts, number)


@inner
def _put_point(tree: Tree, out: Bytes, to: Int, row: Int) -> Int:
    points, numbers = tree.points, tree.points.numbers
    begin = _put_byte(out, to, _OPEN_OBJECT)
    to = _put(out, begin, points.attribute_texts, np.int64(points.attributes[row]))
    if numbers[row, START_TIME] | numbers[row, START_TIME + 1]:
        to = _put_word(out, _put_separator(out, to, begin), b'"startTimeUnixNano":"')
        to = _put_time(out, to, numbers[row, START_TIME], numbers[row, START_TIME + 1])
    if numbers[row, TIME] | numbers[row, TIME + 1]:
        to = _put_word(out, _put_separator(out, to, begin), b'"timeUnixNano":"')
        to = _put_time(out, to, numbers[row, TIME], numbers[row, TIME + 1])
    if points.kind[row] in (_INT, _DOUBLE):
        to = _put_value(tree, out, _put_separator(out, to, begin), row)
    rest = np.int64(points.rest[row])
    if rest >= 0:
        to = _put_text_member(out, to, begin, points.rest_texts, rest * REST_TEXTS + BEFORE)
    if points.flags[row]:
        to = _put_word(out, _put_separator(out, to, begin), b'"flags":')
        to = _put_number(out, to, np.int64(0), np.int64(points.flags[row]))
    if rest >= 0:
        to = _put_text_member(out, to, begin, points.rest_texts, rest * REST_TEXTS + BEHIND)
    return _put_byte(out, to, _CLOSE_OBJECT)


@inner
def _put_metric(tree: Tree, out: Bytes, to: Int, row: Int) -> Int:
    level, text = tree.metrics, np.int64(tree.metrics.value[row]) * NODE_TEXTS
    first, last = level.first_child[row], level.first_child[row + 1]
    if first == last:
        return _put(out, to, level.texts, text + ALONE)
    begin = _put(out, to, level.texts, text + OPENING)
    to = begin
    for point in range(first, last):
        to = _put_point(tree, out, _put_separator(out, to, begin), point)
    return _put(out, to, level.texts, text + CLOSING)


@inner
def _put_scope(tree: Tree, out: Bytes, to: Int, row: Int) -> Int:
    level, text = tree.scopes, np.int64(tree.scopes.value[row]) * NODE_TEXTS
    first, last = level.first_child[row], level.first_child[row + 1]
    if first == last:
        return _put(out, to, level.texts, text + ALONE)
    begin = _put(out, to, level.texts, text + OPENING)
    to = begin
    for metric in range(first, last):
        to = _put_metric(tree, out, _put_separator(out, to, begin), metric)
    return _put(out, to, level.texts, text + CLOSING)


@inner
def _put_resource(tree: Tree, out: Bytes, to: Int, row: Int) -> Int:
    level, text = tree.resources, np.int64(tree.resources.value[row]) * NODE_TEXTS
    first, last = level.first_child[row], level.first_child[row + 1]
    if first == last:
        return _put(out, to, level.texts, text + ALONE)
    begin = _put(out, to, level.texts, text + OPENING)
    to = begin
    for scope in range(first, last):
        to = _put_scope(tree, out, _put_separator(out, to, begin), scope)
    return _put(out, to, level.texts, text + CLOSING)


@kernel
def write_batch(tree: Tree, out: Bytes, first: Int, last: Int) -> Int:
    """Write the line of the batch that holds the resources `[first, last)`, with its line feed, and return its size."""
    to: Int = np.int64(0)
    if first == last:
        return _put_word(out, to, b"{}\n")
    begin = _put_word(out, to, b'{"resourceMetrics":[')
    to = begin
    for row in range(first, last):
        to = _put_resource(tree, out, _put_separator(out, to, begin), row)
    return _put_word(out, to, b"]}\n")
