"""Kernels that find the points of one metric that are folded into one, and list what went into each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel

# The code of points that are all together, whatever else they say.
NO_KEY = -1

# What becomes of the points of a metric: all stay, those that are alike become one, none stays.
KEPT, FOLDED, EMPTIED = 0, 1, 2

_PRIME = 0x7FFFFFFF
# Columns of the table: the metric a slot was last used for, and the number in it.
_STAMP, _NUMBER = 0, 1

Int64s = NDArray[np.int64]


class Points(NamedTuple):
    """What tells points apart, as columns over all points there are.

    Attributes:
        metric: int32[N], never falls: points of different metrics are never together.
        work: uint8 over metrics: KEPT, FOLDED or EMPTIED.
        dropped: bool[N], these are in no group of a metric that is folded; empty for none.
        which: int32[N], rows of `codes`.
        codes: int64, what counts of the attributes; with NO_KEY, nothing but the metric does.
        layout: int64[N], what else counts, or NO_KEY; empty for nothing.
        time: int64[N].
        start: int64[N].
        by_start: bool over metrics: their start times count.
    """

    metric: NDArray[np.int32]
    work: NDArray[np.uint8]
    dropped: NDArray[np.bool_]
    which: NDArray[np.int32]
    codes: Int64s
    layout: Int64s
    time: Int64s
    start: Int64s
    by_start: NDArray[np.bool_]


class Members(NamedTuple):
    """What went where: `rows[offsets[i]:offsets[i + 1]]` went into i, in their order."""

    offsets: Int64s
    rows: Int64s


def grouped(points: Points) -> tuple[NDArray[np.int32], Int64s]:
    """Return (int32[N], the group of each point, in the order first seen, or -1; int64[groups], its first point).

    Points of metrics that are kept are groups of their own, those of metrics that are emptied are in none.
    """
    count = len(points.metric)
    into = np.empty(count, dtype=np.int32)
    first = np.empty(count, dtype=np.int64)
    # The table has room for the largest metric; most fit in a corner of it.
    size = 1 << (2 * int(_longest_run(points.metric, points.work))).bit_length()
    groups = _group(points, into, first, np.zeros((size, 2), dtype=np.int32), process_key())
    return into, first[:groups].copy()


def members(into: NDArray[np.int32], count: int) -> Members:
    """Return which rows went into each of `count` places; -1 is none of them."""
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(into[into >= 0] if (into < 0).any() else into, minlength=count), out=offsets[1:])
    rows = np.empty(int(offsets[-1]), dtype=np.int64)
    _list(into, offsets[:-1].copy(), rows)
    return Members(offsets, rows)


@kernel
def _longest_run(metric: NDArray[np.int32], work: NDArray[np.uint8]) -> int:
    longest, start = 0, 0
    for row in range(1, len(metric) + 1):
        if row == len(metric) or metric[row] != metric[start]:
            if work[metric[start]] == FOLDED:
                longest = max(longest, row - start)
            start = row
    return longest


@inner
def _reduced(number: np.int64) -> np.int64:
    number = (number & _PRIME) + (number >> 31)
    return (number & _PRIME) + (number >> 31)


@inner
def _mixed(digest: np.int64, value: np.int64, secret: Int64s) -> np.int64:
    # Three digits of a polynomial over a prime field at a point of this process's own, so that no telemetry can be made
    # that meets in a few slots.
    digest = _reduced(digest * np.int64(secret[0]) + (value & _PRIME))
    return _reduced(digest * np.int64(secret[1]) + ((value >> 31) & _PRIME) * np.int64(secret[0])) + ((value >> 62) & 3)


@inner
def _code(points: Points, row: np.int64) -> np.int64:
    code = points.codes[points.which[row]]
    return np.int64(NO_KEY) if len(points.layout) > 0 and points.layout[row] == NO_KEY else code


@inner
def _slot(points: Points, row: np.int64, secret: Int64s) -> np.int64:
    code = _code(points, row)
    if code == NO_KEY:
        return np.int64(0)
    digest = _mixed(np.int64(0), code, secret)
    digest = _mixed(digest, points.time[row], secret)
    if points.by_start[points.metric[row]]:
        digest = _mixed(digest, points.start[row], secret)
    if len(points.layout) > 0:
        digest = _mixed(digest, points.layout[row], secret)
    product = _reduced(digest) * np.int64(secret[4])
    return np.int64(product ^ (product >> 31))


@inner
def _alike(points: Points, left: np.int64, right: np.int64) -> bool:
    code = _code(points, left)
    if code != _code(points, right):
        return False
    return bool(
        code == NO_KEY
        or (
            points.time[left] == points.time[right]
            and (points.start[left] == points.start[right] or not points.by_start[points.metric[left]])
            and (len(points.layout) == 0 or points.layout[left] == points.layout[right])
        )
    )


@inner
def _group_metric(
    points: Points,
    span: tuple[np.int64, np.int64, np.int64, np.int64],
    found: tuple[NDArray[np.int32], Int64s],
    table: NDArray[np.int32],
    secret: Int64s,
) -> np.int64:
    # Returns how many groups there are with those of this metric, whose points stand from start to stop.
    start, stop, stamp, groups = span
    into, first = found
    size = np.int64(1)
    while size < 2 * (stop - start):
        size *= 2
    for at in range(start, stop):
        row = np.int64(at)
        if len(points.dropped) > 0 and points.dropped[row]:
            into[row] = -1
            continue
        slot = _slot(points, row, secret) & (size - 1)
        while table[slot, _STAMP] == stamp and not _alike(points, first[table[slot, _NUMBER]], row):
            slot = (slot + 1) & (size - 1)
        if table[slot, _STAMP] != stamp:
            table[slot, _STAMP] = stamp
            table[slot, _NUMBER] = groups
            first[groups] = row
            groups += 1
        into[row] = table[slot, _NUMBER]
    return groups


@kernel
def _group(points: Points, into: NDArray[np.int32], first: Int64s, table: NDArray[np.int32], secret: Int64s) -> int:
    groups, stamp, start = np.int64(0), np.int64(0), np.int64(0)
    count = np.int64(len(points.metric))
    while start < count:
        work = points.work[points.metric[start]]
        stop = start + 1
        while stop < count and points.metric[stop] == points.metric[start]:
            stop += 1
        if work == FOLDED and stop > start + 1:
            stamp += 1
            groups = _group_metric(points, (start, stop, stamp, groups), (into, first), table, secret)
            start = stop
            continue
        # Most metrics have one point.
        for row in range(start, stop):
            gone = work == EMPTIED or (work == FOLDED and len(points.dropped) > 0 and points.dropped[row])
            into[row] = -1 if gone else groups
            if not gone:
                first[groups] = row
                groups += 1
        start = stop
    return int(groups)


@kernel
def _list(into: NDArray[np.int32], at: Int64s, rows: Int64s) -> None:
    for row in range(len(into)):
        place = into[row]
        if place >= 0:
            rows[at[place]] = row
            at[place] += 1
