"""The histogram side of delta_to_cumulative: one point added to the state of its stream (internal/data)."""

import math
import struct
from dataclasses import replace
from typing import Final, TypeVar

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.processors.state.histogram_deltas import UINT64, same_bounds
from phoenix.engine.processors.state.zero_buckets import widened
from phoenix.engine.values.rests import Buckets, ExponentialRest, HistogramRest

# So many buckets may a half of an exponential histogram have after adding; else both are made coarser first.
MOST_BUCKETS: Final = 160
# math.NaN(), which is not the NaN that Python has.
GO_NAN: Final = float(struct.unpack("<d", (0x7FF8000000000001).to_bytes(8, "little"))[0])

H = TypeVar("H", HistogramRest, ExponentialRest)


def histogram_total(state: HistogramRest, point: HistogramRest) -> HistogramRest | None:
    """Return the sum of both; None when their bounds differ, and the point takes the place of the state."""
    if not same_bounds(state.explicit_bounds, point.explicit_bounds):
        return None
    # Buckets that only one has: the state's stay as they are, the point's are not looked at.
    added = [(a + b) & UINT64 for a, b in zip(state.bucket_counts, point.bucket_counts, strict=False)]
    counts = (*added, *state.bucket_counts[len(added) :])
    return replace(_both(state, point), bucket_counts=counts)


def exponential_total(state: ExponentialRest, point: ExponentialRest) -> ExponentialRest:
    """Return the sum of both, as coarse as the coarser, or coarser still when there are too many buckets.

    Raises:
        NotColumnarError: their zero thresholds are such that a collector would crash, or nearly.
    """
    scale = min(state.scale, point.scale)
    state, point = (_downscaled(one, scale) for one in (state, point))
    scale = min(
        _limit(scale, state.positive, point.positive),
        _limit(scale, state.negative, point.negative),
    )
    state, point = (_downscaled(one, scale) for one in (state, point))
    if math.isnan(state.zero_threshold) or math.isnan(point.zero_threshold):
        raise NotColumnarError("a zero threshold that is no number, in delta_to_cumulative")
    if state.zero_threshold < point.zero_threshold:
        state = widened(state, point.zero_threshold)
    elif state.zero_threshold > point.zero_threshold:
        point = widened(point, state.zero_threshold)
    return replace(
        _both(state, point),
        zero_count=(state.zero_count + point.zero_count) & UINT64,
        positive=_merged(state.positive, point.positive),
        negative=_merged(state.negative, point.negative),
    )


def _both(state: H, point: H) -> H:
    return replace(
        state,
        count=(state.count + point.count) & UINT64,
        sum=None if state.sum is None or point.sum is None else state.sum + point.sum,
        min=None if state.min is None or point.min is None else _least(state.min, point.min),
        max=None if state.max is None or point.max is None else _most(state.max, point.max),
    )


def _least(left: float, right: float) -> float:
    # math.Min: minus infinity before NaN, NaN before numbers, -0 before 0.
    if -math.inf in (left, right):
        return -math.inf
    if math.isnan(left) or math.isnan(right):
        return GO_NAN
    if left == 0 == right:
        return left if math.copysign(1, left) < 0 else right
    return min(left, right)


def _most(left: float, right: float) -> float:
    least = _least(-left, -right)
    return least if math.isnan(least) else -least


def _downscaled(point: ExponentialRest, scale: int) -> ExponentialRest:
    positive, negative = point.positive, point.negative
    for _ in range(point.scale - scale):
        positive, negative = _collapsed(positive), _collapsed(negative)
    return replace(point, scale=scale, positive=positive, negative=negative)


def _collapsed(buckets: Buckets) -> Buckets:
    # Two buckets become one; what that leaves over at the end stays, as zeros (scale.go, Collapse).
    counts, odd = buckets.bucket_counts, buckets.offset % 2
    offset = (buckets.offset - odd) // 2
    if not counts:
        return Buckets(offset)
    padded = (0,) * odd + counts + (0,) * ((len(counts) + odd) % 2)
    pairs = [(a + b) & UINT64 for a, b in zip(padded[::2], padded[1::2], strict=True)]
    return Buckets(offset, (*pairs, *[0] * (len(counts) - len(pairs))))


def _at(buckets: Buckets, place: int) -> int:
    index = place - buckets.offset
    return buckets.bucket_counts[index] if 0 <= index < len(buckets.bucket_counts) else 0


def _span(left: Buckets, right: Buckets) -> tuple[int, int]:
    # From the first bucket that holds something in either to the last.
    held = [one.offset + index for one in (left, right) for index, count in enumerate(one.bucket_counts) if count]
    if held:
        return min(held), max(held) + 1
    high = max(one.offset + len(one.bucket_counts) for one in (left, right))
    return high, high


def _limit(scale: int, left: Buckets, right: Buckets) -> int:
    low, high = _span(left, right)
    while high - low > MOST_BUCKETS:
        # Go divides towards zero.
        low, high = int(low / 2), int(high / 2)
        scale -= 1
    return scale


def _merged(state: Buckets, point: Buckets) -> Buckets:
    if not point.bucket_counts:
        return state
    if not state.bucket_counts:
        return point
    low, high = _span(state, point)
    return Buckets(low, tuple((_at(state, place) + _at(point, place)) & UINT64 for place in range(low, high)))
