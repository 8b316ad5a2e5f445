"""Where the reader of a line is: one frame for each object or list that is open, and how it is closed in protobuf.

A message's length is known only at its end. Room for it is left as the last message of its kind needed it, so bytes are
seldom moved.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.wire import Bytes, Int
from phoenix.telemetry.jsonlines.kernels.names import NUMBERS, Names
from phoenix.telemetry.jsonlines.kernels.numbers import NOT_READ

# Objects and lists within each other; codec reads messages to half of it.
MAX_DEPTH = 200

# Columns of `frames`. FIELD: of a list, its field's row; else -1. LENGTH_AT: where the length stands, or -1.
# SEEN: bits of the field numbers met. LAST: the number met last. ITEMS: how many members or items were met.
_MESSAGE, FIELD, _LENGTH_AT, _WIDTH, _SEEN, _LAST, _UNORDERED, ITEMS = 0, 1, 2, 3, 4, 5, 6, 7

# More than any value but text takes with its tag and length.
SPARE = 64


class Reader(NamedTuple):
    """What the kernel reads, knows and fills.

    Attributes:
        data: the line; it ends with a line feed, and there is no other.
        out: room for the request.
        moved: as long as `out`, scratch.
        names: the tables of OTLP.
        powers: `powers_of_ten()`.
        frames: int64[MAX_DEPTH, 8], scratch.
        spans: int64[MAX_DEPTH, 16, 2], scratch: where each field of an open message begins and stops in `out`.
        widths: int64[messages], how many bytes the length of the last such message took; ones at first.
        double: float64[1], and
        bits: int64[1] over the same memory.
    """

    data: Bytes
    out: Bytes
    moved: Bytes
    names: Names
    powers: NDArray[np.float64]
    frames: NDArray[np.int64]
    spans: NDArray[np.int64]
    widths: NDArray[np.int64]
    double: NDArray[np.float64]
    bits: NDArray[np.int64]


@inner
def put_varint(out: Bytes, to: Int, value: Int) -> Int:
    """Write a varint; a negative value takes ten bytes. Return the end of it."""
    while value < 0 or value >= 0x80:
        out[np.uint64(to)] = (value & 0x7F) | 0x80
        to += 1
        value = (value >> 7) & 0x01FFFFFFFFFFFFFF
    out[np.uint64(to)] = value
    return to + 1


@inner
def _width(size: Int) -> Int:
    width = np.int64(1)
    while size >= 0x80:
        width += 1
        size >>= 7
    return width


@inner
def open_frame(reader: Reader, depth: Int, message: Int, field: Int, length_at: Int) -> Int:
    """Begin an object (`field` -1) or a list, and return where its first byte goes.

    Args:
        reader: what is filled.
        depth: of the new frame.
        message: of an object or of a list's items.
        field: row of the list's field.
        length_at: where the length is to stand; -1 for none, and then the caller knows where the first byte goes.
    """
    frames = reader.frames
    width = np.int64(reader.widths[message]) if length_at >= 0 else np.int64(0)
    frames[depth, _MESSAGE] = message
    frames[depth, FIELD] = field
    frames[depth, _LENGTH_AT] = length_at
    frames[depth, _WIDTH] = width
    frames[depth, _SEEN] = 0
    frames[depth, _LAST] = 0
    frames[depth, _UNORDERED] = 0
    frames[depth, ITEMS] = 0
    return length_at + width


@inner
def message_of(reader: Reader, depth: Int) -> Int:
    """Return the message of a frame."""
    return np.int64(reader.frames[depth, _MESSAGE])


@inner
def begin_field(reader: Reader, depth: Int, number: Int, group: Int, to: Int) -> bool:
    """Note that a field begins at `to`; return False when it, or another of its oneof, was there before."""
    frames, spans = reader.frames, reader.spans
    bit = np.int64(1) << number
    if frames[depth, _SEEN] & (bit | group):
        return False
    last = frames[depth, _LAST]
    spans[depth, last, 1] = to
    spans[depth, number, 0] = to
    if number < last:
        frames[depth, _UNORDERED] = 1
    frames[depth, _SEEN] |= bit
    frames[depth, _LAST] = number
    return True


@inner
def _order_fields(reader: Reader, depth: Int, begin: Int, to: Int) -> None:
    # Puts the fields in the order of their numbers, as protobuf writes them.
    out, moved, spans, seen = reader.out, reader.moved, reader.spans, reader.frames[depth, _SEEN]
    spans[depth, reader.frames[depth, _LAST], 1] = to
    built = np.int64(0)
    for number in range(NUMBERS):
        if seen >> number & 1:
            start = spans[depth, number, 0]
            for i in range(spans[depth, number, 1] - start):
                moved[np.uint64(built + i)] = out[np.uint64(start + i)]
            built += spans[depth, number, 1] - start
    for i in range(built):
        out[np.uint64(begin + i)] = moved[np.uint64(i)]


@inner
def _move(out: Bytes, start: Int, stop: Int, by: Int) -> None:
    if by < 0:
        for i in range(stop - start):
            out[np.uint64(start + by + i)] = out[np.uint64(start + i)]
    else:
        for i in range(stop - start):
            out[np.uint64(stop + by - 1 - i)] = out[np.uint64(stop - 1 - i)]


@inner
def close_frame(reader: Reader, depth: Int, to: Int) -> Int:
    """End the object or list whose bytes end at `to`: fields in order, length written.

    Returns:
        The end of it, or -1 when there is no room.
    """
    frames = reader.frames
    length_at, width = np.int64(frames[depth, _LENGTH_AT]), np.int64(frames[depth, _WIDTH])
    if length_at < 0:
        return to
    begin = length_at + width
    if frames[depth, _UNORDERED]:
        _order_fields(reader, depth, begin, to)
    size = to - begin
    if size == 0 and frames[depth, FIELD] >= 0:
        # An empty list is not said, so its tag of one byte goes too.
        return length_at - 1
    needed = _width(size)
    if to + needed > len(reader.out):
        return np.int64(NOT_READ)
    if needed != width:
        _move(reader.out, begin, to, needed - width)
        reader.widths[frames[depth, _MESSAGE]] = needed
    put_varint(reader.out, length_at, size)
    return length_at + needed + size
