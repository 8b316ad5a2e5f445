"""merge_histogram_buckets, of the datapoint context: fewer buckets in a histogram's point, all its counts kept.

func_merge_histogram_buckets.go of the transform processor, 0.160.0. Other points, and histograms whose buckets and
bounds do not fit together, are left alone.
"""

import math
from dataclasses import replace
from itertools import pairwise
from typing import Final

import numpy as np

from phoenix.engine.columns import Failed
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.functions.arguments import float_like
from phoenix.engine.functions.golang.numbers import format_float
from phoenix.engine.reshaping.columns import choose
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.values.rest_codec import change
from phoenix.engine.values.rests import HistogramRest, PointRest
from phoenix.engine.values.value import Value
from phoenix.telemetry.capture import PointKind

_REMOVE: Final = "remove_explicit_bound"
_LIMIT: Final = "limit_buckets"
_EPSILON: Final = 1e-12
_UINT64: Final = (1 << 64) - 1


def _target(value: Value, method: str) -> float:
    target = float_like(value)
    if target is None:
        raise OttlRuntimeError("target_value must not be nil")
    if method == _LIMIT and not (1 <= target <= 2.0**63 and math.trunc(target) == target):
        said = format_float(target, "g")
        raise OttlRuntimeError(f'target_value must be a positive integer when method is "{_LIMIT}", got {said}')
    return target


def merge_histogram_buckets(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Take one bound away, or put runs of buckets together until there are at most so many."""
    method = str(arguments.get("method", _REMOVE))
    points = frame.points
    histograms = rows & (points.kind == PointKind.HISTOGRAM)
    codes, targets, failed, why = choose(arguments["target_value"], histograms, lambda value: _target(value, method))
    at = np.flatnonzero(histograms)
    rest = points.rest.copy()
    for code in np.unique(codes).tolist():
        target = targets[code]
        if isinstance(target, Failed):
            continue
        chosen = at[codes == code]

        def merged(held: PointRest, target: float = target) -> PointRest:
            if not isinstance(held, HistogramRest) or len(held.explicit_bounds) + 1 != len(held.bucket_counts):
                return held
            return _without(held, target) if method == _REMOVE else _limited(held, int(target))

        rest[chosen] = change(frame.pools.rests, points.kind[chosen], rest[chosen], merged)
    return Reshaped(frame.with_(points=replace(points, rest=rest)), failed, why)


def _without(rest: HistogramRest, target: float) -> HistogramRest:
    bounds, counts = rest.explicit_bounds, rest.bucket_counts
    at = next((at for at, bound in enumerate(bounds) if abs(bound - target) < _EPSILON), None)
    if at is None:
        return rest
    both = (counts[at] + counts[at + 1]) & _UINT64
    return replace(
        rest,
        explicit_bounds=bounds[:at] + bounds[at + 1 :],
        bucket_counts=(*counts[:at], both, *counts[at + 2 :]),
    )


def _limited(rest: HistogramRest, most: int) -> HistogramRest:
    bounds, counts = rest.explicit_bounds, rest.bucket_counts
    if len(counts) <= most or any(not after > before for before, after in pairwise(bounds)):
        return rest
    run = (len(counts) - 1) // most + 1
    return replace(
        rest,
        explicit_bounds=bounds[run - 1 :: run],
        bucket_counts=tuple(sum(counts[at : at + run]) & _UINT64 for at in range(0, len(counts), run)),
    )


MERGE_HISTOGRAM_BUCKETS: Final = Reshaper(Level.POINT, merge_histogram_buckets, frozenset({"target_value"}))
