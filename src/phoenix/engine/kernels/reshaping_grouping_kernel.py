"""Kernels that find the points of one metric that are folded into one, and list what went into each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel

# The code of points that are all together, whatever else they say.
NO_KEY = -1

_PRIME = 0x7FFFFFFF
# Columns of the table: the metric a slot was last used for, and the number in it.
_STAMP, _NUMBER = 0, 1

Int64s = NDArray[np.int64]


class Points(NamedTuple):
    """What tells points apart, as columns over all points there are.

    Attributes:
        rows: int64[n], the points that are grouped, ascending.
        metric: int32[N], never falls: points of different metrics are never together.
        which: int32[N], rows of `codes`.
        codes: int64, what else counts, attributes for example; with NO_KEY, nothing but the metric does.
        time: int64[N].
        start: int64[N].
        by_start: bool over metrics: their start times count.
    """

    rows: Int64s
    metric: NDArray[np.int32]
    which: NDArray[np.int32]
    codes: Int64s
    time: Int64s
    start: Int64s
    by_start: NDArray[np.bool_]


class Members(NamedTuple):
    """What went where: `rows[offsets[i]:offsets[i + 1]]` went into i, in their order."""

    offsets: Int64s
    rows: Int64s


def grouped(points: Points) -> tuple[NDArray[np.int32], Int64s]:
    """Return (int32[n], the group of each row, in the order first seen; int64[groups], its first row, as an index)."""
    count = len(points.rows)
    number = np.empty(count, dtype=np.int32)
    first = np.empty(count, dtype=np.int64)
    # The table has room for the largest metric; most fit in a corner of it.
    size = 1 << (2 * int(_longest_run(points.rows, points.metric))).bit_length()
    groups = _group(points, number, first, np.zeros((size, 2), dtype=np.int32), process_key())
    return number, first[:groups].copy()


def members(into: NDArray[np.int32], count: int) -> Members:
    """Return which rows went into each of `count` places; -1 is none of them."""
    offsets = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(into[into >= 0] if (into < 0).any() else into, minlength=count), out=offsets[1:])
    rows = np.empty(int(offsets[-1]), dtype=np.int64)
    _list(into, offsets[:-1].copy(), rows)
    return Members(offsets, rows)


@kernel
def _longest_run(rows: Int64s, metric: NDArray[np.int32]) -> int:
    longest, run = 0, 0
    for at in range(len(rows)):
        run = run + 1 if at > 0 and metric[rows[at]] == metric[rows[at - 1]] else 1
        longest = max(longest, run)
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
def _slot(points: Points, row: np.int64, secret: Int64s) -> np.int64:
    code = points.codes[points.which[row]]
    if code == NO_KEY:
        return np.int64(0)
    digest = _mixed(np.int64(0), code, secret)
    digest = _mixed(digest, points.time[row], secret)
    if points.by_start[points.metric[row]]:
        digest = _mixed(digest, points.start[row], secret)
    product = _reduced(digest) * np.int64(secret[4])
    return np.int64(product ^ (product >> 31))


@inner
def _alike(points: Points, left: np.int64, right: np.int64) -> bool:
    code = points.codes[points.which[left]]
    if code != points.codes[points.which[right]]:
        return False
    return bool(
        code == NO_KEY
        or (
            points.time[left] == points.time[right]
            and (points.start[left] == points.start[right] or not points.by_start[points.metric[left]])
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
    # Returns how many groups there are with those of this metric, which stands from start to stop in the rows.
    start, stop, stamp, groups = span
    number, first = found
    size = np.int64(1)
    while size < 2 * (stop - start):
        size *= 2
    for at in range(start, stop):
        row = points.rows[at]
        slot = _slot(points, row, secret) & (size - 1)
        while table[slot, _STAMP] == stamp and not _alike(points, points.rows[first[table[slot, _NUMBER]]], row):
            slot = (slot + 1) & (size - 1)
        if table[slot, _STAMP] != stamp:
            table[slot, _STAMP] = stamp
            table[slot, _NUMBER] = groups
            first[groups] = at
            groups += 1
        number[at] = table[slot, _NUMBER]
    return groups


@kernel
def _group(points: Points, number: NDArray[np.int32], first: Int64s, table: NDArray[np.int32], secret: Int64s) -> int:
    groups, stamp, start = np.int64(0), np.int64(0), np.int64(0)
    count = np.int64(len(points.rows))
    while start < count:
        stop = start + 1
        while stop < count and points.metric[points.rows[stop]] == points.metric[points.rows[start]]:
            stop += 1
        if stop == start + 1:
            # Most metrics have one point.
            first[groups] = start
            number[start] = groups
            groups += 1
        else:
            stamp += 1
            groups = _group_metric(points, (start, stop, stamp, groups), (number, first), table, secret)
        start = stop
    return int(groups)


@kernel
def _list(into: NDArray[np.int32], at: Int64s, rows: Int64s) -> None:
    for row in range(len(into)):
        place = into[row]
        if place >= 0:
            rows[at[place]] = row
            at[place] += 1
