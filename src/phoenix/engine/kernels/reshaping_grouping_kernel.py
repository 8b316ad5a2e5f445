"""Kernels that find the points of one metric that are folded into one, and list what went into each."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel

_PRIME = 0x7FFFFFFF
# Columns of the table: the metric a slot was last used for, and the number in it.
_STAMP, _NUMBER = 0, 1

Int64s = NDArray[np.int64]


class Points(NamedTuple):
    """What tells points apart, as columns.

    Attributes:
        metric: int32[n], never falls: points of different metrics are never together.
        code: int64[n], below 2**62 and not under -1: what else counts, attributes for example.
        time: int64[n].
        start: int64[n].
    """

    metric: NDArray[np.int32]
    code: Int64s
    time: Int64s
    start: Int64s


class Members(NamedTuple):
    """What went where: `rows[offsets[i]:offsets[i + 1]]` went into i, in their order."""

    offsets: Int64s
    rows: Int64s


def grouped(points: Points) -> tuple[NDArray[np.int32], Int64s]:
    """Return (int32[n], the group of each point, numbered in the order first seen; int64[groups], its first point)."""
    count = len(points.metric)
    number = np.empty(count, dtype=np.int32)
    first = np.empty(count, dtype=np.int64)
    # The table has room for the largest metric; most fit in a corner of it.
    size = 1 << (2 * int(_longest_run(points.metric))).bit_length()
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
def _longest_run(metric: NDArray[np.int32]) -> int:
    longest, run = 0, 0
    for row in range(len(metric)):
        run = run + 1 if row > 0 and metric[row] == metric[row - 1] else 1
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
def _slot(points: Points, row: np.int64, secret: Int64s, mask: np.int64) -> np.int64:
    digest = _mixed(np.int64(0), points.code[row], secret)
    digest = _mixed(digest, points.time[row], secret)
    digest = _reduced(_mixed(digest, points.start[row], secret))
    product = digest * np.int64(secret[4])
    return (product ^ (product >> 31)) & mask


@inner
def _alike(points: Points, left: np.int64, right: np.int64) -> bool:
    return bool(
        points.code[left] == points.code[right]
        and points.time[left] == points.time[right]
        and points.start[left] == points.start[right]
    )


@kernel
def _group(
    points: Points,
    number: NDArray[np.int32],
    first: Int64s,
    table: NDArray[np.int32],
    secret: Int64s,
) -> int:
    groups, stamp, start, count = 0, 0, 0, len(points.metric)
    while start < count:
        stop = start + 1
        while stop < count and points.metric[stop] == points.metric[start]:
            stop += 1
        stamp += 1
        size = 1
        while size < 2 * (stop - start):
            size *= 2
        for row in range(start, stop):
            # A metric of one point needs no table, and most have one.
            slot = np.int64(0) if stop == start + 1 else _slot(points, np.int64(row), secret, np.int64(size - 1))
            while table[slot, _STAMP] == stamp and not _alike(points, first[table[slot, _NUMBER]], np.int64(row)):
                slot = (slot + 1) & np.int64(size - 1)
            if table[slot, _STAMP] != stamp:
                table[slot, _STAMP] = stamp
                table[slot, _NUMBER] = groups
                first[groups] = row
                groups += 1
            number[row] = table[slot, _NUMBER]
        start = stop
    return groups


@kernel
def _list(into: NDArray[np.int32], at: Int64s, rows: Int64s) -> None:
    for row in range(len(into)):
        place = into[row]
        if place >= 0:
            rows[at[place]] = row
            at[place] += 1
