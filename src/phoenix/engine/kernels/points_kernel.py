"""Passes over the points of a tree that go up to metrics and scopes only where those change."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Mask = NDArray[np.bool_]

_PRIME = 0x7FFFFFFF
# To begin with; a power of two.
_SLOTS = 4096
_ROW, _COUNT, _LAST = 0, 1, 2


class Points(NamedTuple):
    """The columns of points, as a frame's table has them."""

    metric: Int32s
    attributes: Int32s
    start_time: NDArray[np.uint64]
    time: NDArray[np.uint64]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    bits: Int64s
    rest: Int32s


class Order(NamedTuple):
    """Points cell by cell, each a run of points.

    Attributes:
        cells: int64[c], the cells in the order they are to stand.
        first: int64[c], where the points of each begin.
        stop: int64[c], where they end.
    """

    cells: Int64s
    first: Int64s
    stop: Int64s


class Places(NamedTuple):
    """What tells the series of points apart.

    Attributes:
        metric: int32[N], the metric node of each point; never falls.
        scope: int32[M], the scope of each metric node.
        value: int32[M], rows of `metrics`.
        scopes: int32[S], a number for each scope and what is above it.
        metrics: int32, a number for what each metric says.
        attributes: int32[N], rows of `sets`.
        sets: int32, a number for each map of attributes.
        kind: uint8[N].
        start: int64[N].
    """

    metric: Int32s
    scope: Int32s
    value: Int32s
    scopes: Int32s
    metrics: Int32s
    attributes: Int32s
    sets: Int32s
    kind: NDArray[np.uint8]
    start: Int64s


class Series(NamedTuple):
    """What is filled in.

    Attributes:
        number: int32[N], -1.
        first: int64[N], the point where a series stands first.
        said: int64[N, 3], what tells a series apart.
        following: int32[N], the series that came after a series last time.
    """

    number: Int32s
    first: Int64s
    said: Int64s
    following: Int32s


def numbered_points(places: Places, asked: Mask | None, *, by_kind_and_start: bool) -> tuple[Int32s, Int64s]:
    """Return (int32[N], the series of each point in the order first seen; int64[series], its first point).

    Args:
        places: what tells series apart.
        asked: bool[N], the others have the number -1; None for all.
        by_kind_and_start: these tell series apart too.
    """
    size = len(places.metric)
    # Memory that is never written is never taken from the system, so room for the worst case costs nothing.
    found = Series(
        np.full(size, -1, dtype=np.int32),
        np.empty(size, dtype=np.int64),
        np.empty((size, 3), dtype=np.int64),
        np.zeros(size, dtype=np.int32),
    )
    chosen = np.zeros(0, dtype=np.bool_) if asked is None else asked
    # Points are many and series few: the table grows with the series.
    slots, state = np.zeros(_SLOTS, dtype=np.int32), np.zeros(3, dtype=np.int64)
    _number(places, chosen, by_kind_and_start, (found, slots, state), process_key())
    while state[_ROW] < size:
        slots = np.zeros(4 * len(slots), dtype=np.int32)
        _fill(found.said, slots, state[_COUNT], process_key())
        _number(places, chosen, by_kind_and_start, (found, slots, state), process_key())
    return found.number, found.first[: state[_COUNT]].copy()


@inner
def _reduced(number: np.int64) -> np.int64:
    number = (number & _PRIME) + (number >> 31)
    return (number & _PRIME) + (number >> 31)


@inner
def _slot(words: tuple[np.int64, np.int64, np.int64], secret: Int64s, mask: np.int64) -> np.int64:
    # A polynomial over a prime field at a point of this process's own, so no telemetry can be made that meets here.
    digest = np.int64(0)
    for word in words:
        digest = _reduced(digest * np.int64(secret[0]) + (word & _PRIME))
        digest = _reduced(digest * np.int64(secret[0]) + ((word >> 31) & _PRIME))
        digest = _reduced(digest * np.int64(secret[0]) + ((word >> 62) & 3))
    product = digest * np.int64(secret[4])
    return np.int64((product ^ (product >> 31)) & mask)


@inner
def _place(said: Int64s, slots: Int32s, words: tuple[np.int64, np.int64, np.int64], secret: Int64s) -> np.int64:
    # The slot of a series, or the one where it goes.
    mask = np.int64(len(slots) - 1)
    slot = _slot(words, secret, mask)
    while slots[slot] != 0:
        number = slots[slot] - 1
        if said[number, 0] == words[0] and said[number, 1] == words[1] and said[number, 2] == words[2]:
            break
        slot = (slot + 1) & mask
    return slot


@kernel
def _fill(said: Int64s, slots: Int32s, count: int, secret: Int64s) -> None:
    for number in range(count):
        slots[_place(said, slots, (said[number, 0], said[number, 1], said[number, 2]), secret)] = number + 1


@kernel
def _number(
    places: Places, asked: Mask, by_kind_and_start: bool, out: tuple[Series, Int32s, Int64s], secret: Int64s
) -> None:
    # Goes on from the row and the series that `state` says, up to the last row or until the slots are half full.
    found, slots, state = out
    said = found.said
    row, count, last = state[_ROW], state[_COUNT], np.int32(state[_LAST])
    metric = np.int32(-1)
    above, below, start = np.int64(0), np.int64(0), np.int64(0)
    every = len(asked) == 0
    while row < len(places.metric) and 2 * count < len(slots):
        if not (every or asked[row]):
            row += 1
            continue
        if places.metric[row] != metric:
            metric = places.metric[row]
            above = np.int64(places.scopes[places.scope[metric]]) << 32 | np.int64(places.metrics[places.value[metric]])
        below = np.int64(places.sets[places.attributes[row]])
        if by_kind_and_start:
            below |= np.int64(places.kind[row]) << 32
            start = places.start[row]
        # Telemetry repeats itself: what came after this one the last time mostly comes again.
        number = found.following[last]
        if count == 0 or said[number, 0] != above or said[number, 1] != below or said[number, 2] != start:
            slot = _place(said, slots, (above, below, start), secret)
            if slots[slot] == 0:
                said[count, 0], said[count, 1], said[count, 2] = above, below, start
                found.first[count] = row
                count += 1
                slots[slot] = count
            number = slots[slot] - 1
            found.following[last] = number
        found.number[row] = number
        last = number
        row += 1
    state[_ROW], state[_COUNT], state[_LAST] = row, count, last


@inner
def _copy(given: Points, row: np.int64, made: Points, at: np.int64, longs: bool) -> None:
    # Half of the columns, since no more fit in a processor's registers; unsigned, so that no index counts from the end.
    source, target = np.uint64(row), np.uint64(at)
    if longs:
        made.start_time[target] = given.start_time[source]
        made.time[target] = given.time[source]
        made.bits[target] = given.bits[source]
    else:
        made.attributes[target] = given.attributes[source]
        made.flags[target] = given.flags[source]
        made.kind[target] = given.kind[source]
        made.rest[target] = given.rest[source]


@kernel
def lay_out(order: Order, node: Int32s, given: Points, made: Points, longs: bool) -> None:
    """Copy points to `made`, below the metric row `node` of their cell: numbers that are `longs`, or the others."""
    at = np.int64(0)
    for cell in order.cells:
        for row in range(order.first[cell], order.stop[cell]):
            _copy(given, np.int64(row), made, at, longs)
            if not longs:
                made.metric[at] = node[cell]
            at += 1


@kernel
def list_points(order: Order, found: Int64s) -> None:
    """Fill `found` with the rows of the points in the order that `lay_out` gives them."""
    at = np.int64(0)
    for cell in order.cells:
        for row in range(order.first[cell], order.stop[cell]):
            found[at] = row
            at += 1


@kernel
def interleave(
    metrics: Int64s, firsts: tuple[Int64s, Int64s], given: tuple[Points, Points], made: Points, longs: bool
) -> None:
    """Copy the points of two tables to one: numbers that are `longs`, or the others.

    Args:
        metrics: int64[m], the metrics in their new order, those of the second table behind those of the first.
        firsts: of either table, where the points of each metric begin.
        given: the tables.
        made: gets the points.
        longs: which columns.
    """
    at, before = np.int64(0), len(firsts[0]) - 1
    for place in range(len(metrics)):
        metric, begin = metrics[place], at
        if metric < before:
            for row in range(firsts[0][metric], firsts[0][metric + 1]):
                _copy(given[0], np.int64(row), made, at, longs)
                at += 1
        else:
            for row in range(firsts[1][metric - before], firsts[1][metric - before + 1]):
                _copy(given[1], np.int64(row), made, at, longs)
                at += 1
        if not longs:
            made.metric[begin:at] = place


@kernel
def list_interleaved(metrics: Int64s, firsts: tuple[Int64s, Int64s], found: Int64s) -> None:
    """Fill `found` with the rows of the points as `interleave` has them, those of the second table behind the first."""
    at, before, rows = np.int64(0), len(firsts[0]) - 1, firsts[0][-1]
    for metric in metrics:
        first, cell, more = (firsts[0], metric, 0) if metric < before else (firsts[1], metric - before, rows)
        for row in range(first[cell], first[cell + 1]):
            found[at] = more + row
            at += 1
