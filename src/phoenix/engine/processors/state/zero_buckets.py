"""Zero buckets of exponential histograms that grow wider, and take in the buckets next to them.

delta_to_cumulative widens the narrower of two points (internal/data/expo/zero.go and scale.go); cumulative_to_delta
trims the one before (internal/tracking/value.go). Go's logarithm and exponential are rebuilt to the last bit.
"""

import math
import sys
from dataclasses import replace
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.reshaping.histograms.go_math import LN2, exp, ldexp, log
from phoenix.engine.values.rests import Buckets, ExponentialRest

_UINT64: Final = (1 << 64) - 1
_LOG2E: Final = 1.4426950408889634
# Beyond these, Go's numbers of buckets wrap around.
_MOST: Final = 1 << 31


def widened(point: ExponentialRest, width: float) -> ExponentialRest:
    """Return a point whose zero bucket reaches as far as the bucket in which `width` is.

    Raises:
        NotColumnarError: `width` is no usual positive number, or the collector would crash.
    """
    _check(width)
    fraction, exponent = math.frexp(width)
    if fraction == 0.5 and point.scale < 0:
        raise NotColumnarError(
            "a zero threshold that is a power of two at a negative scale, where a collector crashes,"
        )
    last = (
        ((exponent - 1) << point.scale) - 1
        if fraction == 0.5
        else math.floor(_known(log(width) * ldexp(_LOG2E, point.scale)))
    )
    counted, halves = 0, dict[str, Any]()
    for name in ("positive", "negative"):
        half: Buckets = getattr(point, name)
        lower, upper = half.offset, half.offset + len(half.bucket_counts)
        low = max(lower, min(last + 1, upper))
        counted += sum(half.bucket_counts[: low - lower])
        halves[name] = Buckets(low, half.bucket_counts[low - lower :])
    return replace(
        point,
        zero_count=(point.zero_count + counted) & _UINT64,
        zero_threshold=exp(float(last + 1) * ldexp(LN2, -point.scale)),
        **halves,
    )


def trimmed(point: ExponentialRest, threshold: float) -> ExponentialRest:
    """Return a point without the buckets up to the one in which `threshold` is; its own threshold stays.

    Raises:
        NotColumnarError: `threshold` is no usual positive number.
    """
    _check(threshold)
    last = math.ceil(_known(log(threshold) * ldexp(_LOG2E, point.scale))) - 1
    counted, halves = 0, dict[str, Any]()
    for name in ("positive", "negative"):
        half: Buckets = getattr(point, name)
        gone = min(max(last - half.offset + 1, 0), len(half.bucket_counts))
        counted += sum(half.bucket_counts[:gone])
        halves[name] = Buckets(half.offset + gone, half.bucket_counts[gone:])
    return replace(point, zero_count=(point.zero_count + counted) & _UINT64, **halves)


def _check(threshold: float) -> None:
    if not sys.float_info.min <= threshold < math.inf:
        raise NotColumnarError(f"a zero threshold of {threshold} that takes in buckets")


def _known(bucket: float) -> float:
    if not abs(bucket) < _MOST:
        raise NotColumnarError("a zero threshold beyond the buckets that there are")
    return bucket
