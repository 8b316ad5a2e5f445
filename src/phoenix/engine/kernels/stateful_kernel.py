"""Scans over points in batch order with a little state per series, for processors that remember.

Series are dense numbers from `engine.series`; every array has one entry a point that was asked for, in order.
"""

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel

# What becomes of a point's stream: it goes on, it begins (again), or there is no room for it.
GOES_ON, BEGINS, NO_ROOM = 0, 1, 2

_NO_VALUE, _INT, _DOUBLE = 0, 1, 2
_LOW = 0xFFFFFFFF


@kernel
def previous_rows(numbers: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Return int64[n]: the entry before this one of the same series, -1 for none."""
    last = np.full(count, -1, dtype=np.int64)
    found = np.empty(len(numbers), dtype=np.int64)
    for row in range(len(numbers)):
        series = numbers[row]
        found[row] = last[series]
        last[series] = row
    return found


@kernel
def stream_fates(
    numbers: NDArray[np.int32],
    arrivals: NDArray[np.int64],
    count: int,
    limit: int,
    start: int,
    period: int,
    stale: int,
) -> NDArray[np.uint8]:
    """Return uint8[n]: the fate of each point's stream, by delta_to_cumulative's rules (processor.go, maps/map.go).

    Args:
        numbers: the stream.
        arrivals: never fall.
        count: how many streams there are.
        limit: how many may be kept at a time.
        start: when the sweeper starts; it sweeps each `period` after, before what arrives at that moment.
        period: above 0.
        stale: a stream seen longer ago is forgotten by the sweep.
    """
    fates = np.empty(len(numbers), dtype=np.uint8)
    kept = np.zeros(count, dtype=np.bool_)
    seen = np.zeros(count, dtype=np.int64)
    total, swept = 0, start
    for row in range(len(numbers)):
        stream, now = numbers[row], arrivals[row]
        sweep = start + (now - start) // period * period
        if sweep > swept:
            swept = sweep
            # Without a limit a stream need not be forgotten before it is met again.
            if limit < count:
                for other in range(count):
                    if kept[other] and swept - seen[other] > stale:
                        kept[other] = False
                        total -= 1
        if kept[stream] and swept - seen[stream] > stale:
            kept[stream] = False
            total -= 1
        if kept[stream]:
            fates[row] = GOES_ON
        elif total < limit:
            fates[row] = BEGINS
            kept[stream] = True
            total += 1
        else:
            fates[row] = NO_ROOM
            continue
        seen[stream] = now
    return fates


@inner
def _added(left: np.int64, right: np.int64) -> np.int64:
    # Go's int64 addition, which wraps, in parts that don't.
    low = (left & _LOW) + (right & _LOW)
    high = (left >> 32) + (right >> 32) + (low >> 32)
    return np.int64((high << 32) | (low & _LOW))


@kernel
def running_totals(
    numbers: NDArray[np.int32],
    fates: NDArray[np.uint8],
    starts: NDArray[np.uint64],
    times: NDArray[np.uint64],
    kinds: NDArray[np.uint8],
    bits: NDArray[np.int64],
    doubles: NDArray[np.float64],
    count: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint8], NDArray[np.int64], NDArray[np.float64]]:
    """Return (origin, kind, bits, doubles) of number points as delta_to_cumulative adds them up (delta.go, add.go).

    Origin is the entry that the stream's state was copied from, -1 where the point is dropped.
    """
    size = len(numbers)
    origins = np.full(size, -1, dtype=np.int64)
    out_kinds, out_bits, out_doubles = kinds.copy(), bits.copy(), doubles.copy()
    # The last entry that got through, which holds the state, since each is replaced by it.
    last = np.full(count, -1, dtype=np.int64)
    for row in range(size):
        if fates[row] == NO_ROOM:
            continue
        stream = numbers[row]
        before = -1 if fates[row] == BEGINS else last[stream]
        if before < 0 or times[before] == 0:
            origins[row] = row
            last[stream] = row
            continue
        first = origins[before]
        if starts[row] < starts[first] or times[row] <= times[before]:
            continue
        origins[row] = first
        last[stream] = row
        kind = out_kinds[before]
        if kinds[row] == _DOUBLE:
            out_doubles[row] = (out_doubles[before] if kind == _DOUBLE else 0.0) + doubles[row]
        elif kinds[row] == _INT:
            out_bits[row] = _added(out_bits[before] if kind == _INT else 0, bits[row])
        else:
            out_kinds[row], out_bits[row], out_doubles[row] = kind, out_bits[before], out_doubles[before]
    return origins, out_kinds, out_bits, out_doubles


@kernel
def newest_rows(numbers: NDArray[np.int32], times: NDArray[np.uint64], count: int) -> NDArray[np.int64]:
    """Return int64[count]: the entry that interval keeps of each stream, the first of the newest (processor.go)."""
    newest = np.full(count, -1, dtype=np.int64)
    for row in range(len(numbers)):
        stream = numbers[row]
        if newest[stream] < 0 or times[row] > times[newest[stream]]:
            newest[stream] = row
    return newest
