"""The histogram side of cumulative_to_delta: point by point, since a reset leaves the state as it was (tracker.go).

A histogram's own NaN sum is taken for the one before; what a wider zero bucket takes in is counted there.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from phoenix.engine.processors.state.zero_buckets import trimmed
from phoenix.engine.values.rests import Buckets, ExponentialRest, HistogramRest

UINT64 = (1 << 64) - 1


def same_bounds(left: Sequence[float], right: Sequence[float]) -> bool:
    """Return whether bounds are equal as Go compares them: NaN equals nothing."""
    return len(left) == len(right) and not any(a != b for a, b in zip(left, right, strict=True))


@dataclass(frozen=True, slots=True)
class Delta:
    """What becomes of a point.

    Attributes:
        rest: what the point says then; None when it is dropped.
        state: what the next point is compared with.
        moved: the state is this point's, and so is its time; else both stay.
    """

    rest: HistogramRest | ExponentialRest | None
    state: HistogramRest | ExponentialRest
    moved: bool


def histogram_delta(state: HistogramRest, point: HistogramRest) -> Delta:
    """Return a histogram against the one before."""
    total = point.sum or 0.0
    if math.isnan(total):
        total = state.sum or 0.0
    after = replace(point, sum=total)
    if len(point.bucket_counts) != len(state.bucket_counts) or not same_bounds(
        point.explicit_bounds, state.explicit_bounds
    ):
        return Delta(None, after, moved=True)
    buckets = list(zip(point.bucket_counts, state.bucket_counts, strict=True))
    if point.count < state.count or any(now < before for now, before in buckets):
        return Delta(None, state, moved=False)
    changed = replace(
        point,
        min=None,
        max=None,
        count=point.count - state.count,
        sum=_sum_of(point, total - (state.sum or 0.0)),
        bucket_counts=tuple(now - before for now, before in buckets),
    )
    return Delta(changed, after, moved=True)


def exponential_delta(state: ExponentialRest, point: ExponentialRest) -> Delta:
    """Return an exponential histogram against the one before.

    Raises:
        NotColumnarError: its zero threshold grew, and is no usual number.
    """
    if point.count < state.count or point.zero_threshold < state.zero_threshold or point.scale > state.scale:
        return Delta(None, state, moved=False)
    if point.zero_threshold > state.zero_threshold:
        state = trimmed(state, point.zero_threshold)
    # A reset that shows only from here on leaves the trimmed and coarser buckets behind.
    if point.scale < state.scale:
        lost = state.scale - point.scale
        state = replace(
            state, scale=point.scale, positive=_coarser(state.positive, lost), negative=_coarser(state.negative, lost)
        )
    halves = (_difference(point.positive, state.positive), _difference(point.negative, state.negative))
    positive, negative = halves
    if positive is None or negative is None:
        return Delta(None, state, moved=False)
    changed = replace(
        point,
        min=None,
        max=None,
        count=point.count - state.count,
        sum=_sum_of(point, (point.sum or 0.0) - (state.sum or 0.0)),
        zero_count=(point.zero_count - state.zero_count) & UINT64,
        positive=positive,
        negative=negative,
    )
    return Delta(changed, point, moved=True)


def _sum_of(point: HistogramRest | ExponentialRest, delta: float) -> float | None:
    said = point.sum
    return said if said is None or math.isnan(said) else delta


def _coarser(buckets: Buckets, lost: int) -> Buckets:
    offset = buckets.offset >> lost
    if not buckets.bucket_counts:
        return Buckets(offset)
    counts = [0] * (((buckets.offset + len(buckets.bucket_counts) - 1) >> lost) - offset + 1)
    for index, count in enumerate(buckets.bucket_counts):
        counts[((buckets.offset + index) >> lost) - offset] += count
    return Buckets(offset, tuple(_wrapped(counts)))


def _wrapped(counts: Iterable[int]) -> Iterable[int]:
    return (count & UINT64 for count in counts)


def _difference(now: Buckets, before: Buckets) -> Buckets | None:
    # What came, from the first bucket that grew to the last; None when one fell, which is a reset.
    grown: dict[int, int] = {}
    for index, count in enumerate(now.bucket_counts):
        if count == 0:
            continue
        place = now.offset + index - before.offset
        old = before.bucket_counts[place] if 0 <= place < len(before.bucket_counts) else 0
        if count < old:
            return None
        if count > old:
            grown[now.offset + index] = count - old
    if not grown:
        return Buckets()
    low, high = min(grown), max(grown)
    return Buckets(low, tuple(grown.get(index, 0) for index in range(low, high + 1)))
