"""Adding histograms that aggregate_on_* folds into one (aggregateutil/aggregate.go of 0.160.0).

A histogram that counts nothing is left out, exemplars and start time too. A sum stands after any addition.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeVar

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.values.rests import Buckets, ExponentialRest, HistogramRest, PointRest

_UINT64: Final = (1 << 64) - 1
# Of an exponential histogram; a collector would ask for the memory of any distance between two offsets.
_MOST_BUCKETS: Final = 1 << 20

AnyHistogram = TypeVar("AnyHistogram", HistogramRest, ExponentialRest)


def merge(rests: Sequence[PointRest]) -> PointRest:
    """Return the sum of histograms of one kind, in their order.

    Raises:
        NotColumnarError: a collector would crash, or nearly.
    """
    merged = rests[0]
    for other in rests[1:]:
        match merged, other:
            case HistogramRest(), HistogramRest():
                merged = _add(merged, other)
            case ExponentialRest(), ExponentialRest():
                merged = _add_exponential(merged, other)
            case _:
                raise TypeError(f"{merged!r} and {other!r} cannot be added")
    return merged


def counts_nothing(rest: PointRest) -> bool:
    """Return whether a histogram is left out when it is added to another."""
    return isinstance(rest, (HistogramRest, ExponentialRest)) and rest.count == 0


def _add(one: HistogramRest, other: HistogramRest) -> HistogramRest:
    if counts_nothing(other):
        return one
    if len(other.bucket_counts) > len(one.bucket_counts):
        raise NotColumnarError("adding a histogram to one of fewer buckets, where a collector crashes")
    added = _counts(one.bucket_counts, other.bucket_counts)
    return replace(_common(one, other), bucket_counts=added)


def _add_exponential(one: ExponentialRest, other: ExponentialRest) -> ExponentialRest:
    if counts_nothing(other):
        return one
    return replace(
        _common(one, other),
        zero_count=(one.zero_count + other.zero_count) & _UINT64,
        positive=_add_buckets(one.positive, other.positive),
        negative=_add_buckets(one.negative, other.negative),
    )


def _common(one: AnyHistogram, other: AnyHistogram) -> AnyHistogram:
    # What both kinds have. What a histogram does not say reads as 0; NaN never wins.
    lowest, highest = _said(other.min), _said(other.max)
    return replace(
        one,
        count=(one.count + other.count) & _UINT64,
        sum=_plus(_said(one.sum), _said(other.sum)),
        min=lowest if one.min is not None and one.min > lowest else one.min,
        max=highest if one.max is not None and one.max < highest else one.max,
        exemplars=one.exemplars + other.exemplars,
    )


def _said(value: float | None) -> float:
    return 0.0 if value is None else value


def _plus(left: float, right: float) -> float:
    # Of two NaNs the collector's compiler keeps the left one, and of infinities hardware makes a negative one.
    return left + 0.0 if math.isnan(left) else left + right


def _counts(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    added = list(one) + [0] * (len(other) - len(one))
    for bucket, count in enumerate(other):
        added[bucket] = (added[bucket] + count) & _UINT64
    return tuple(added)


def _add_buckets(one: Buckets, other: Buckets) -> Buckets:
    # mergeExponentialHistogramBuckets, which is right only where offsets are equal or the other's is higher.
    if one.offset == other.offset:
        return Buckets(one.offset, _counts(one.bucket_counts, other.bucket_counts))
    if other.offset < one.offset:
        counts = (*filter(None, other.bucket_counts), *one.bucket_counts)
    else:
        counts = _shifted(one.bucket_counts, other.bucket_counts, other.offset - one.offset)
    if not other.bucket_counts:
        return Buckets(one.offset, counts)
    leading = next((bucket for bucket, count in enumerate(counts) if count), len(counts))
    return Buckets(min(one.offset, other.offset), counts[leading:])


def _shifted(one: tuple[int, ...], other: tuple[int, ...], distance: int) -> tuple[int, ...]:
    if distance > (1 << 31) - 1:
        distance -= 1 << 32  # The difference of two int32 wraps.
    counts = list(one)
    for bucket, count in enumerate(other):
        place = bucket + distance
        if count == 0 or place < 0:
            continue
        if place >= _MOST_BUCKETS:
            raise NotColumnarError("adding exponential histograms whose offsets are more than a million buckets apart")
        counts += [0] * (place + 1 - len(counts))
        counts[place] = (counts[place] + count) & _UINT64
    return tuple(counts)
