"""experimental_scale_value and toggle_scalar_data_type: other values for points (operation_scale_value.go of 0.160)."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame
from phoenix.engine.functions.golang.logarithm import natural_logarithm
from phoenix.engine.functions.golang.numbers import float_to_int
from phoenix.engine.processors.metric_transforms.powers import power
from phoenix.engine.reshaping.histograms.go_math import ldexp
from phoenix.engine.values.rest_codec import change
from phoenix.engine.values.rests import Buckets, Exemplar, ExponentialRest, HistogramRest, PointRest
from phoenix.telemetry.capture import PointKind

Int64s = NDArray[np.int64]
AnyHistogram = TypeVar("AnyHistogram", HistogramRest, ExponentialRest)

_QUIET: Final = 0x0008000000000000
_INT64_MIN: Final = np.int64(-(2**63))
_INT32_MIN: Final = -(1 << 31)


def toggled(frame: Frame, rows: Int64s) -> Frame:
    """Return the frame with integers as doubles and doubles as integers at these points; others stay."""
    kinds, bits = frame.points.kind.copy(), frame.points.bits.copy()
    ints, doubles = rows[kinds[rows] == PointKind.INT], rows[kinds[rows] == PointKind.DOUBLE]
    with np.errstate(all="ignore"):
        bits[ints] = bits[ints].astype(np.float64).view(np.int64)
        bits[doubles] = _to_int(bits[doubles].view(np.float64))
    kinds[ints], kinds[doubles] = PointKind.DOUBLE, PointKind.INT
    return frame.with_(points=replace(frame.points, kind=kinds, bits=bits))


def scaled(frame: Frame, rows: Int64s, scale: float) -> Frame:
    """Return the frame with the values of these points multiplied; summaries stay, and exemplars of numbers."""
    kinds, bits = frame.points.kind[rows], frame.points.bits.copy()
    ints, doubles = rows[kinds == PointKind.INT], rows[kinds == PointKind.DOUBLE]
    with np.errstate(all="ignore"):
        bits[ints] = _to_int(bits[ints].astype(np.float64) * scale)
        values = bits[doubles].view(np.float64)
        # Of two NaNs the collector's machine code keeps the value's, made quiet; numpy now one, now the other.
        kept = np.isnan(values)
        bits[doubles] = np.where(kept, bits[doubles] | _QUIET, (values * scale).view(np.int64))
    rest = frame.points.rest
    is_histogram = (kinds == PointKind.HISTOGRAM) | (kinds == PointKind.EXPONENTIAL_HISTOGRAM)
    if is_histogram.any():
        histograms = rows[is_histogram]
        rest = rest.copy()
        rest[histograms] = change(frame.pools.rests, kinds[is_histogram], rest[histograms], _scaling(scale))
    return frame.with_(points=replace(frame.points, bits=bits, rest=rest))


def _to_int(values: NDArray[np.float64]) -> Int64s:
    # int64(double) on amd64: what does not fit is the smallest integer.
    fits = (values >= -(2.0**63)) & (values < 2.0**63)
    return np.where(fits, np.where(fits, values, 0.0).astype(np.int64), _INT64_MIN)


def _scaling(scale: float) -> Callable[[PointRest], PointRest]:
    def scaled(rest: PointRest) -> PointRest:
        match rest:
            case HistogramRest():
                bounds = tuple(bound * scale for bound in rest.explicit_bounds)
                return replace(_common(rest, scale), explicit_bounds=bounds)
            case ExponentialRest():
                return replace(
                    _common(rest, scale),
                    zero_threshold=rest.zero_threshold * scale,
                    positive=_moved(rest.positive, rest.scale, scale),
                    negative=_moved(rest.negative, rest.scale, scale),
                )
            case _:
                return rest

    return scaled


def _common(rest: AnyHistogram, scale: float) -> AnyHistogram:
    return replace(
        rest,
        sum=_times(rest.sum, scale),
        min=_times(rest.min, scale),
        max=_times(rest.max, scale),
        exemplars=tuple(_exemplar(each, scale) for each in rest.exemplars),
    )


def _times(value: float | None, scale: float) -> float | None:
    # Of two NaNs it is the scale's here.
    return None if value is None else scale if math.isnan(scale) else value * scale


def _exemplar(exemplar: Exemplar, scale: float) -> Exemplar:
    match exemplar.value:
        case None:
            return exemplar
        case int():
            return replace(exemplar, value=float_to_int(float(exemplar.value) * scale))
        case _:
            return replace(exemplar, value=exemplar.value * scale)


def _moved(buckets: Buckets, resolution: int, scale: float) -> Buckets:
    # The middle of the first bucket, scaled, says where the buckets are then (updateOffset).
    if not buckets.bucket_counts:
        return buckets
    base = power(2.0, power(2.0, float(_int32(-resolution))))
    ends = power(base, float(buckets.offset)), power(base, float(_int32(buckets.offset + 1)))
    middle = (ends[0] + ends[1]) / 2 * scale
    with np.errstate(over="ignore"):
        index = _logarithm(middle) * ldexp(math.log2(math.e), resolution)
    return replace(buckets, offset=_to_int32(index))


def _logarithm(value: float) -> float:
    if value == 0:
        return -math.inf
    return math.nan if value < 0 else natural_logarithm(value)


def _to_int32(index: float) -> int:
    # int32(Ceil(index) - 1) on amd64.
    if math.isnan(index) or math.isinf(index):
        return _INT32_MIN
    found = math.ceil(index) - 1
    return found if _INT32_MIN <= found < -_INT32_MIN else _INT32_MIN


def _int32(value: int) -> int:
    return (value - _INT32_MIN & 0xFFFFFFFF) + _INT32_MIN
