"""Scans over points in batch order with a little state per series, for processors that remember.

Series are dense numbers from `engine.series`; every array has one entry a point, in the order of arrival.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel

# What becomes of a point's stream: it goes on, it begins (again), or there is no room for it.
GOES_ON, BEGINS, NO_ROOM = 0, 1, 2

# What becomes of the first point of a series in cumulative_to_delta.
SENT_IF_YOUNG, SENT, NOT_SENT = 0, 1, 2
# What becomes of a point there; the last when it came at the very moment of a sweep that changed its fate.
KEPT, GONE, TIED = 0, 1, 2

_NO_VALUE, _INT, _DOUBLE = 0, 1, 2
_LOW = 0xFFFFFFFF
_NO_RECORDED_VALUE = 1


class Keeping(NamedTuple):
    """How long and how many streams delta_to_cumulative keeps.

    Attributes:
        limit: how many may be kept at a time.
        start: when the sweeper starts; it sweeps each `period` after, before what arrives at that moment.
        period: above 0.
        stale: a stream seen longer ago is forgotten by the sweep.
    """

    limit: int
    start: int
    period: int
    stale: int


class Numbers(NamedTuple):
    """Number points, the columns of a frame's points; the value is in `bits`, or in `doubles`, which are the same."""

    attributes: NDArray[np.int32]
    starts: NDArray[np.uint64]
    times: NDArray[np.uint64]
    flags: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    bits: NDArray[np.int64]
    doubles: NDArray[np.float64]
    rests: NDArray[np.int32]


class Above(NamedTuple):
    """Where points stand: the parent of each row, int32, level by level, and int64, when each request arrives."""

    metric: NDArray[np.int32]
    scope: NDArray[np.int32]
    resource: NDArray[np.int32]
    batch: NDArray[np.int32]
    arrivals: NDArray[np.int64]


class Deltas(NamedTuple):
    """The settings of cumulative_to_delta.

    Attributes:
        first: what becomes of the first point of a series: SENT_IF_YOUNG, SENT or NOT_SENT.
        start: when the component starts, in nanoseconds.
        staleness: nanoseconds between two sweeps, and how old the state is that they take; 0 for no sweeps.
    """

    first: int
    start: int
    staleness: int


@kernel
def stream_fates(
    numbers: NDArray[np.int32], arrivals: NDArray[np.int64], count: int, keeping: Keeping
) -> NDArray[np.uint8]:
    """Return uint8[n]: the fate of each point's stream, by delta_to_cumulative's rules (processor.go, maps/map.go).

    Args:
        numbers: the stream; -1 for points that are in none.
        arrivals: never fall.
        count: how many streams there are.
        keeping: the settings.
    """
    limit, stale = keeping.limit, keeping.stale
    start, period = np.int64(keeping.start), np.int64(keeping.period)
    fates = np.zeros(len(numbers), dtype=np.uint8)
    kept = np.zeros(count, dtype=np.bool_)
    seen = np.zeros(count, dtype=np.int64)
    total, swept = 0, start
    for row in range(len(numbers)):
        stream, now = numbers[row], arrivals[row]
        if stream < 0:
            continue
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


@inner
def _subtracted(left: np.int64, right: np.int64) -> np.int64:
    low = (left & _LOW) - (right & _LOW)
    high = (left >> 32) - (right >> 32) + (low >> 32)
    return np.int64((high << 32) | (low & _LOW))


@inner
def _is_stale(time: np.uint64, swept: np.int64, staleness: np.int64) -> bool:
    # A time that is not set is older than all.
    return bool(time == 0 or np.int64(time) < swept - staleness)


@kernel
def sort_out(
    types: NDArray[np.uint8],
    dropped: NDArray[np.bool_],
    above: Above,
    points: Numbers,
    out: tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    """Tell which points cumulative_to_delta converts.

    Args:
        types: uint8[M], of what is converted; 0 for metrics that pass.
        dropped: bool[N], empty for none.
        above: where they stand.
        points: the points.
        out: filled in, all false. bool[M], a point is below; bool[N], those converted; bool[N], those that go at once.
    """
    below, taken, gone = out
    masked = len(dropped) > 0
    for row in range(len(above.metric)):
        metric = above.metric[row]
        if types[metric] == 0 or (masked and dropped[row]):
            continue
        below[metric] = True
        # Points that have no recorded value go, and are never remembered. NaN passes as it is, and neither is.
        if points.flags[row] & _NO_RECORDED_VALUE:
            gone[row] = True
        elif points.kinds[row] != _DOUBLE or not np.isnan(points.doubles[row]):
            taken[row] = True


@kernel
def deltas(
    numbers: NDArray[np.int32], above: Above, count: int, points: Numbers, rules: Deltas
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.int64], NDArray[np.uint64]]:
    """Return (fate, kind, bits, start time) of number points after cumulative_to_delta (tracker.go).

    Args:
        numbers: the series; -1 for points that are left as they are.
        above: where they stand; arrivals never fall.
        count: how many series there are.
        points: the points.
        rules: the settings.
    """
    starts, times, kinds, bits, doubles = points.starts, points.times, points.kinds, points.bits, points.doubles
    fates = np.zeros(len(numbers), dtype=np.uint8)
    out_kinds, out_bits, out_starts = kinds.copy(), bits.copy(), starts.copy()
    out_doubles = out_bits.view(np.float64)
    last, seen = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    start, staleness = np.int64(rules.start), np.int64(rules.staleness)
    now, swept = start, start
    metric = np.int32(-1)
    for row in range(len(numbers)):
        series = numbers[row]
        if series < 0:
            continue
        if staleness > 0 and above.metric[row] != metric:
            metric = above.metric[row]
            arrived = above.arrivals[above.batch[above.resource[above.scope[metric]]]]
            if arrived != now:
                now = arrived
                swept = start + (now - start) // staleness * staleness
        before = last[series]
        last[series] = row
        if before >= 0 and swept > start and swept > seen[series] and _is_stale(times[before], swept, staleness):
            if swept == now:
                fates[row] = TIED
            before = -1
        seen[series] = now
        is_double = kinds[row] == _DOUBLE
        sent = False
        if before < 0:
            began = starts[row]
            if rules.first == SENT_IF_YOUNG:
                sent = began != 0 and began >= np.uint64(start) and began != times[row]
            elif rules.first == SENT:
                sent, out_starts[row] = True, np.uint64(0)
        elif is_double:
            sent = not doubles[row] < doubles[before]
            out_doubles[row] = doubles[row] - doubles[before]
            out_starts[row] = times[before]
        else:
            sent = bits[row] >= bits[before]
            out_bits[row] = _subtracted(bits[row], bits[before])
            out_starts[row] = times[before]
        if not is_double:
            # A point without a value counts as 0, and becomes an integer.
            out_kinds[row] = _INT
        if not sent:
            fates[row] |= GONE
    return fates, out_kinds, out_bits, out_starts


@kernel
def running_totals(
    numbers: NDArray[np.int32], fates: NDArray[np.uint8], count: int, points: Numbers, out: Numbers
) -> None:
    """Fill `out`, a copy of `points`, with what delta_to_cumulative adds up (delta.go, add.go).

    Args:
        numbers: the stream; -1 for points that are left as they are.
        fates: of each point's stream; becomes NO_ROOM where the point is dropped.
        count: how many streams there are.
        points: the points as they came.
        out: the points with their sums. But for its time and value each is as the one that its stream began with.
    """
    starts, times, kinds, bits, doubles = points.starts, points.times, points.kinds, points.bits, points.doubles
    # The last entry that got through, which holds the state.
    last = np.full(count, -1, dtype=np.int64)
    for row in range(len(numbers)):
        stream = numbers[row]
        if stream < 0 or fates[row] == NO_ROOM:
            continue
        before = np.int64(-1) if fates[row] == BEGINS else last[stream]
        if before < 0 or times[before] == 0:
            last[stream] = row
            continue
        if starts[row] < out.starts[before] or times[row] <= times[before]:
            fates[row] = NO_ROOM
            continue
        last[stream] = row
        kind = out.kinds[before]
        if kinds[row] == _DOUBLE:
            out.doubles[row] = (out.doubles[before] if kind == _DOUBLE else 0.0) + doubles[row]
        elif kinds[row] == _INT:
            out.bits[row] = _added(out.bits[before] if kind == _INT else np.int64(0), bits[row])
        else:
            out.kinds[row], out.bits[row] = kind, out.bits[before]
        out.attributes[row], out.starts[row] = out.attributes[before], out.starts[before]
        out.flags[row], out.rests[row] = out.flags[before], out.rests[before]


@kernel
def newest_rows(numbers: NDArray[np.int32], times: NDArray[np.uint64], count: int) -> NDArray[np.int64]:
    """Return int64[count]: the entry that interval keeps of each stream, the first of the newest (processor.go)."""
    newest = np.full(count, -1, dtype=np.int64)
    for row in range(len(numbers)):
        stream = numbers[row]
        if newest[stream] < 0 or times[row] > times[newest[stream]]:
            newest[stream] = row
    return newest
