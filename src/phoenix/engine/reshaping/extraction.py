"""extract_count_metric and extract_sum_metric: one number out of each histogram or summary.

func_extract_count_metric.go and func_extract_sum_metric.go of the transform processor, 0.160.0. Gauges, sums and
histograms without a temporality fail; a metric of which nothing comes out makes none.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.functions.golang.numbers import wrap_int64
from phoenix.engine.reshaping.growth import (
    NewMetrics,
    append,
    number_points,
    of_types,
    points_below,
    types_of,
    values_of,
)
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType
from phoenix.engine.values.rest_codec import look
from phoenix.engine.values.rests import NumberRest, PointRest

_CUMULATIVE: Final = 2
_NAMES: Final = ("Empty", "Gauge", "Sum", "Histogram", "ExponentialHistogram", "Summary")


def extract_count_metric(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a sum of the counts of each metric; its unit is 1."""

    def count_of(rest: PointRest) -> int | None:
        return None if isinstance(rest, NumberRest) else wrap_int64(rest.count)

    def described(metric: MetricNode) -> MetricNode:
        return replace(_sum_metric(metric, arguments, "_count"), unit="1")

    return _extract(frame, rows, _Extraction("extract_count_metric", described, count_of, is_int=True))


def extract_sum_metric(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a sum of the sums of each metric; points that do not say one are left out."""

    def sum_of(rest: PointRest) -> float | None:
        return None if isinstance(rest, NumberRest) else rest.sum

    def described(metric: MetricNode) -> MetricNode:
        return _sum_metric(metric, arguments, "_sum")

    return _extract(frame, rows, _Extraction("extract_sum_metric", described, sum_of, is_int=False))


@dataclass(frozen=True, slots=True)
class _Extraction:
    name: str
    described: Callable[[MetricNode], MetricNode]
    read: Callable[[PointRest], float | None]
    is_int: bool


def _extract(frame: Frame, rows: Mask, extraction: _Extraction) -> Reshaped:
    fit = rows & of_types(frame, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM, MetricType.SUMMARY)
    fit[fit] = _temporal(frame, fit)
    failed = rows & ~fit
    at = points_below(frame, fit)
    points = frame.points
    which, found = look(frame.pools.rests, points.kind[at], points.rest[at], extraction.read)
    said = np.array([value is not None for value in found], dtype=np.bool_)[which]
    numbers = [0 if value is None else value for value in found]
    values = np.array(numbers, dtype=np.int64) if extraction.is_int else np.array(numbers, dtype=np.float64)
    at, which = at[said], which[said]
    sources, metric = np.unique(points.metric[at].astype(np.int64), return_inverse=True)
    made = NewMetrics(
        sources,
        values_of(frame, sources, extraction.described),
        number_points(frame, at, metric, values[which]),
        at,
    )
    why = ""
    if failed.any():
        kind = _NAMES[types_of(frame)[np.argmax(failed)]]
        asked = "an input metric of type Histogram, ExponentialHistogram or Summary"
        why = f"{extraction.name} requires {asked}, got {kind}"
    return replace(append(frame, made), failed=failed if failed.any() else None, why=why)


def _temporal(frame: Frame, metrics: Mask) -> Mask:
    # bool over the marked rows: getAggregationTemporality is not 0.
    pool = frame.pools.metrics
    values, which = np.unique(frame.metrics.value[metrics], return_inverse=True)
    has = [pool[row].temporality != 0 or pool[row].type is MetricType.SUMMARY for row in values.tolist()]
    return np.array(has, dtype=np.bool_)[which.reshape(-1)]


def _sum_metric(metric: MetricNode, arguments: Arguments, suffix: str) -> MetricNode:
    return replace(
        metric,
        name=metric.name + str(arguments.get("suffix", suffix)),
        temporality=_CUMULATIVE if metric.type is MetricType.SUMMARY else metric.temporality,
        type=MetricType.SUM,
        monotonic=bool(arguments["monotonic"]),
        metadata=NO_ATTRIBUTES,
        others=b"",
    )


EXTRACT_COUNT_METRIC: Final = Reshaper(Level.METRIC, extract_count_metric)
EXTRACT_SUM_METRIC: Final = Reshaper(Level.METRIC, extract_sum_metric)
