"""scale_metric (func_scale.go of the transform processor, 0.160.0)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Failed
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.numbers import float_to_int
from phoenix.engine.reshaping.columns import choose
from phoenix.engine.reshaping.growth import of_types, points_below
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.values.nodes import MetricType
from phoenix.engine.values.rest_codec import change
from phoenix.engine.values.rests import Exemplar, HistogramRest, PointRest, Quantile, SummaryRest
from phoenix.telemetry.capture import PointKind

_INT64_MIN: Final = np.int64(-(2**63))


def scale_metric(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Multiply every value, sum, extreme and bound, and set the unit. Integers lose their fraction.

    Of histograms, exemplars are scaled too; exponential histograms and metrics without a type fail.
    """
    multiplier = arguments["multiplier"]
    if not isinstance(multiplier, float):
        raise TypeError(f"{multiplier!r} is no double")
    failed, why = np.zeros(len(rows), dtype=np.bool_), ""
    units = None
    if "unit" in arguments:
        codes, texts, bad, said = choose(arguments["unit"], rows, string_of)
        everywhere = np.zeros(len(rows), dtype=np.int32)
        everywhere[rows] = codes
        units = everywhere, texts
        if bad is not None:
            failed, why = bad, f"could not get unit from ScaleArguments: {said}"
    wrong = rows & ~failed & of_types(frame, MetricType.NONE, MetricType.EXPONENTIAL_HISTOGRAM)
    if wrong.any():
        failed, why = failed | wrong, why or "exponential histograms are not supported by the 'scale_metric' function"
    good = rows & ~failed
    scaled = _scaled(frame, good, multiplier)
    if units is not None:
        scaled = _with_units(scaled, good, units[0], units[1])
    return Reshaped(scaled, failed if failed.any() else None, why)


def _scaled(frame: Frame, metrics: Mask, multiplier: float) -> Frame:
    points = frame.points
    at = points_below(frame, metrics)
    kinds = points.kind[at]
    bits = points.bits.copy()
    with np.errstate(all="ignore"):
        doubles = at[kinds == PointKind.DOUBLE]
        bits[doubles] = (bits[doubles].view(np.float64) * multiplier).view(np.int64)
        ints = at[kinds == PointKind.INT]
        bits[ints] = _to_int(bits[ints].astype(np.float64) * multiplier)
    rest = points.rest
    others = at[kinds >= PointKind.HISTOGRAM]
    if len(others):
        rest = rest.copy()
        rest[others] = change(frame.pools.rests, points.kind[others], rest[others], _scaling(multiplier))
    return frame.with_(points=replace(points, bits=bits, rest=rest))


def _to_int(values: NDArray[np.float64]) -> NDArray[np.int64]:
    # int64(double) on amd64: what does not fit is the smallest integer.
    fits = (values >= -(2.0**63)) & (values < 2.0**63)
    return np.where(fits, np.where(fits, values, 0.0).astype(np.int64), _INT64_MIN)


def _scaling(multiplier: float) -> Callable[[PointRest], PointRest]:
    def times(value: float | None) -> float | None:
        return None if value is None else value * multiplier

    def exemplar(held: Exemplar) -> Exemplar:
        if isinstance(held.value, float):
            return replace(held, value=held.value * multiplier)
        return held if held.value is None else replace(held, value=float_to_int(float(held.value) * multiplier))

    def scale(rest: PointRest) -> PointRest:
        match rest:
            case HistogramRest():
                return replace(
                    rest,
                    sum=times(rest.sum),
                    min=times(rest.min),
                    max=times(rest.max),
                    explicit_bounds=tuple(bound * multiplier for bound in rest.explicit_bounds),
                    exemplars=tuple(map(exemplar, rest.exemplars)),
                )
            case SummaryRest():
                quantiles = (Quantile(held.quantile, held.value * multiplier) for held in rest.quantile_values)
                return replace(rest, sum=rest.sum * multiplier, quantile_values=tuple(quantiles))
            case _:
                return rest

    return scale


def _with_units(frame: Frame, metrics: Mask, codes: NDArray[np.int32], units: list[str | Failed]) -> Frame:
    rows = np.flatnonzero(metrics)
    pool = frame.pools.metrics
    value = frame.metrics.value.copy()
    for code in np.unique(codes[rows]).tolist():
        chosen = rows[codes[rows] == code]
        unit = units[code]
        if not isinstance(unit, Failed):
            value[chosen] = pool.change(value[chosen], lambda metric, unit=unit: replace(metric, unit=unit))  # type: ignore[misc]
    return frame.with_value(Level.METRIC, value)


SCALE_METRIC: Final = Reshaper(Level.METRIC, scale_metric, frozenset({"unit"}))
