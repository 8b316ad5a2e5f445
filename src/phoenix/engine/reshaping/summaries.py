"""convert_summary_*: numbers out of summaries, in metrics of their own; other metrics are left alone.

func_convert_summary_{count_val_to_sum,sum_val_to_sum,quantile_val_to_gauge}.go of the transform processor, 0.160.0. The
first two belong to the datapoint context and append one metric, with all points of the summary, for each point that the
statement runs on. They read points as they are then: a list that also changes points of summaries must not be run
column by column.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Mask
from phoenix.engine.functions.golang.numbers import wrap_int64
from phoenix.engine.reshaping.growth import NewMetrics, append, number_points, of_types, points_below, values_of
from phoenix.engine.reshaping.reshaped import (
    Arguments,
    Reshaped,
    Reshaper,
    aggregation_temporality,
)
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType
from phoenix.engine.values.rest_codec import look
from phoenix.engine.values.rests import PointRest, Quantile, SummaryRest

Int64s = NDArray[np.int64]
Numbers = NDArray[np.int64] | NDArray[np.float64]


def convert_summary_count_val_to_sum(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a sum of the counts of a summary's points for each of its points at which the statement runs."""

    def counts(which: Int32s, rests: list[SummaryRest]) -> Numbers:
        return np.array([wrap_int64(rest.count) for rest in rests], dtype=np.int64)[which]

    return _per_point(frame, rows, arguments, "_count", counts)


def convert_summary_sum_val_to_sum(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a sum of the sums of a summary's points for each of its points at which the statement runs."""

    def sums(which: Int32s, rests: list[SummaryRest]) -> Numbers:
        return np.array([rest.sum for rest in rests], dtype=np.float64)[which]

    return _per_point(frame, rows, arguments, "_sum", sums)


def convert_summary_quantile_val_to_gauge(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a gauge with a point for each quantile of each point of a summary, the quantile an attribute."""
    key, suffix = str(arguments.get("attribute_key", "quantile")), str(arguments.get("suffix", ".quantiles"))
    metrics = rows & of_types(frame, MetricType.SUMMARY)
    at, which, rests = _summaries(frame, metrics)
    sizes = np.array([len(rest.quantile_values) for rest in rests], dtype=np.int64)[which]
    source = np.repeat(at, sizes)
    quantiles = [quantile for rest in rests for quantile in rest.quantile_values]
    begins = np.cumsum([0, *(len(rest.quantile_values) for rest in rests)])[:-1][which]
    ends = np.cumsum(sizes)
    chosen = np.repeat(begins - (ends - sizes), sizes) + np.arange(len(source))
    values = np.array([quantile.value for quantile in quantiles], dtype=np.float64)[chosen]
    place = np.cumsum(metrics) - 1
    points = number_points(frame, source, place[frame.points.metric[source]], values)
    points = replace(points, attributes=_with_quantiles(frame, points.attributes, chosen, quantiles, key))

    def gauge(metric: MetricNode) -> MetricNode:
        return replace(_described(metric, suffix), type=MetricType.GAUGE)

    sources = np.flatnonzero(metrics)
    return append(frame, NewMetrics(sources, values_of(frame, sources, gauge), points, source))


def _per_point(
    frame: Frame,
    rows: Mask,
    arguments: Arguments,
    suffix: str,
    values: Callable[[Int32s, list[SummaryRest]], Numbers],
) -> Reshaped:
    temporality, monotonic = aggregation_temporality(arguments), bool(arguments["monotonic"])
    suffix = str(arguments.get("suffix", suffix))

    def to_sum(metric: MetricNode) -> MetricNode:
        made = _described(metric, suffix)
        return replace(made, type=MetricType.SUM, temporality=temporality, monotonic=monotonic)

    summary = of_types(frame, MetricType.SUMMARY)
    sources = frame.points.metric[rows & summary[frame.points.metric]].astype(np.int64)
    asked = np.zeros(len(summary), dtype=np.bool_)
    asked[sources] = True
    at, which, rests = _summaries(frame, asked)
    numbers = values(which, rests)
    # Every metric that is made has all points of its summary.
    first, stop = (
        np.searchsorted(frame.points.metric[at], sources),
        np.searchsorted(frame.points.metric[at], sources, side="right"),
    )
    sizes = stop - first
    ends = np.cumsum(sizes)
    chosen = np.repeat(first - (ends - sizes), sizes) + np.arange(int(sizes.sum()))
    metric = np.repeat(np.arange(len(sources)), sizes)
    points = number_points(frame, at[chosen], metric, numbers[chosen])
    return append(frame, NewMetrics(sources, values_of(frame, sources, to_sum), points, at[chosen]))


def _described(metric: MetricNode, suffix: str) -> MetricNode:
    return MetricNode(metric.name + suffix, metric.description, metric.unit, metadata=NO_ATTRIBUTES)


def _summaries(frame: Frame, metrics: Mask) -> tuple[Int64s, Int32s, list[SummaryRest]]:
    at = points_below(frame, metrics)
    which, rests = look(frame.pools.rests, frame.points.kind[at], frame.points.rest[at], _summary)
    return at, which, rests


def _summary(rest: PointRest) -> SummaryRest:
    if not isinstance(rest, SummaryRest):
        raise TypeError(f"{rest!r} is no summary")
    return rest


def _with_quantiles(frame: Frame, attributes: Int32s, chosen: Int64s, quantiles: list[Quantile], key: str) -> Int32s:
    # Once per distinct attributes and quantile.
    pool = frame.pools.attributes
    pairs, which = np.unique(attributes.astype(np.int64) << 32 | chosen, return_inverse=True)
    made = [pool.add(pool[pair >> 32].put(key, quantiles[pair & 0xFFFFFFFF].quantile)) for pair in pairs.tolist()]
    rows: Int32s = np.array(made, dtype=np.int32)[which.reshape(-1)]
    return rows


CONVERT_SUMMARY_COUNT_VAL_TO_SUM: Final = Reshaper(Level.POINT, convert_summary_count_val_to_sum)
CONVERT_SUMMARY_SUM_VAL_TO_SUM: Final = Reshaper(Level.POINT, convert_summary_sum_val_to_sum)
CONVERT_SUMMARY_QUANTILE_VAL_TO_GAUGE: Final = Reshaper(Level.METRIC, convert_summary_quantile_val_to_gauge)
