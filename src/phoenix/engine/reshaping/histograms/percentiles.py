"""Where in a histogram a percentile is (func_extract_percentile_metric.go of the transform processor, 0.160.0)."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.reshaping.histograms.go_math import LN2, divided, exp, exp2, ldexp, log2
from phoenix.engine.values.rests import ExponentialRest, HistogramRest, PointRest

_UINT64: Final = (1 << 64) - 1


def percentile_of(rest: PointRest, percentile: float) -> float | None:
    """Return the value at a percentile of a histogram, None for points that are left out.

    Args:
        rest: of a histogram of either kind.
        percentile: between 0 and 100.

    Raises:
        OttlRuntimeError: the histogram contradicts itself.
    """
    match rest:
        case HistogramRest():
            return _of_histogram(rest, percentile)
        case ExponentialRest():
            return _of_exponential(rest, percentile)
        case _:
            raise TypeError(f"{rest!r} is no histogram")


def _target(count: int, percentile: float) -> int:
    return math.ceil(float(count) * (percentile / 100.0))


def _running(counts: Sequence[int], before: int = 0) -> list[int]:
    # What stands before each bucket, and behind the last.
    return list(accumulate(counts, lambda sum_, count: (sum_ + count) & _UINT64, initial=before))


def _of_histogram(rest: HistogramRest, percentile: float) -> float | None:
    counts, bounds = rest.bucket_counts, rest.explicit_bounds
    if rest.count == 0 or not counts:
        return None
    target = _target(rest.count, percentile)
    if len(counts) != len(bounds) + 1:
        raise OttlRuntimeError(
            "calculating histogram percentile: malformed data: "
            f"bucketCounts length ({len(counts)}) != explicitBounds length ({len(bounds)}) + 1"
        )
    if not bounds:
        if rest.min is None or rest.max is None:
            return None
        return _linear(rest.min, rest.max, divided(float(target), float(counts[0])))
    running = _running(counts)
    for bucket, count in enumerate(counts):
        if running[bucket + 1] >= target:
            lower, upper = _sides(rest, bucket)
            if upper is None:
                return lower
            return _linear(lower, upper, divided(float(target - running[bucket]), float(count)))
    raise _never_reached("histogram", target, running[-1])


def _sides(rest: HistogramRest, bucket: int) -> tuple[float, float | None]:
    # The bounds of a bucket; without an upper one the lower is the answer.
    bounds = rest.explicit_bounds
    if bucket == 0:
        upper = bounds[0]
        if rest.min is not None and rest.min < upper:
            return rest.min, upper
        return (upper, None) if upper < 0 else (0.0, upper)
    lower = bounds[bucket - 1]
    if bucket < len(bounds):
        return lower, bounds[bucket]
    return lower, None if rest.max is None or rest.max <= lower else rest.max


def _of_exponential(rest: ExponentialRest, percentile: float) -> float | None:
    negative, positive = rest.negative.bucket_counts, rest.positive.bucket_counts
    if rest.count == 0 or not (negative or positive or rest.zero_count):
        return None
    target = _target(rest.count, percentile)
    running = _running(negative[::-1])
    for step, count in enumerate(reversed(negative)):
        if running[step + 1] >= target:
            bucket = rest.negative.offset + len(negative) - 1 - step
            return _in_negative(bucket, rest.scale, divided(float(target - running[step]), float(count)))
    after_zero = (running[-1] + rest.zero_count) & _UINT64
    if after_zero >= target:
        lower = 0.0 if positive and not negative else -rest.zero_threshold
        upper = 0.0 if negative and not positive else rest.zero_threshold
        return _linear(lower, upper, divided(float((target - running[-1]) & _UINT64), float(rest.zero_count)))
    running = _running(positive, after_zero)
    for step, count in enumerate(positive):
        if running[step + 1] >= target:
            bucket = rest.positive.offset + step
            ratio = divided(float((target - running[step]) & _UINT64), float(count))
            return _logarithmic(_bound(bucket, rest.scale), _bound(bucket + 1, rest.scale), ratio)
    raise _never_reached("exponential histogram", target, running[-1])


def _in_negative(bucket: int, scale: int, ratio: float) -> float:
    lower, upper = _bound(bucket, scale), _bound(bucket + 1, scale)
    if lower >= upper:
        raise OttlRuntimeError("calculating exponential histogram percentile: malformed negative bucket bounds")
    return -_logarithmic(lower, upper, 1 - ratio)


def _bound(bucket: int, scale: int) -> float:
    # The lower bound of an exponential bucket.
    if scale <= 0:
        shifted = (bucket << -scale) & _UINT64 if -scale < 64 else 0
        return ldexp(1.0, shifted - (1 << 64) if shifted >> 63 else shifted)
    return exp(float(bucket) * ldexp(LN2, -scale))


def _linear(lower: float, upper: float, ratio: float) -> float:
    if ratio < 0 or ratio > 1:
        raise OttlRuntimeError(f"linear interpolation: invalid ratio {ratio:.6f}, must be between 0 and 1")
    return lower + ratio * (upper - lower)


def _logarithmic(lower: float, upper: float, ratio: float) -> float:
    if ratio < 0 or ratio > 1:
        raise OttlRuntimeError(f"logarithmic interpolation: invalid ratio {ratio:.6f}, must be between 0 and 1")
    if lower <= 0 or upper <= 0:
        raise OttlRuntimeError("logarithmic interpolation: bounds must be positive")
    log_lower, log_upper = log2(lower), log2(upper)
    return exp2(log_lower + (log_upper - log_lower) * ratio)


def _never_reached(kind: str, target: int, total: int) -> OttlRuntimeError:
    return OttlRuntimeError(
        f"calculating {kind} percentile: malformed data: cumulative count doesn't reach target count corresponding to "
        f"percentile. targetCount={target}, total count={total}"
    )
