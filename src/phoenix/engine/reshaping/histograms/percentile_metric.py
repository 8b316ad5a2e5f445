"""extract_percentile_metric: a gauge with one value out of each histogram.

func_extract_percentile_metric.go of the transform processor, 0.160.0. Other metrics are left alone; a histogram that
contradicts itself fails its whole metric.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from phoenix.engine.columns import Failed
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.functions.golang.numbers import format_float
from phoenix.engine.reshaping.growth import NewMetrics, append, number_points, of_types, points_below, values_of
from phoenix.engine.reshaping.histograms.percentiles import percentile_of
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.values.nodes import MetricNode, MetricType
from phoenix.engine.values.rest_codec import look
from phoenix.engine.values.rests import PointRest


def extract_percentile_metric(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Append a gauge of a percentile of each histogram; points that count nothing are left out."""
    percentile = arguments["percentile"]
    if not isinstance(percentile, float):
        raise TypeError(f"{percentile!r} is no double")
    named = format_float(percentile, "g")
    suffix = str(arguments.get("suffix", "")) or f"_p{named}"

    def read(rest: PointRest) -> float | Failed | None:
        try:
            return percentile_of(rest, percentile)
        except OttlRuntimeError as error:
            return Failed(str(error))

    def gauge(metric: MetricNode) -> MetricNode:
        described = f"{metric.description} (p{named})" if metric.description else f"p{named}"
        return MetricNode(metric.name + suffix, described, metric.unit, MetricType.GAUGE)

    metrics = rows & of_types(frame, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)
    at = points_below(frame, metrics)
    points = frame.points
    which, found = look(frame.pools.rests, points.kind[at], points.rest[at], read)
    bad = np.array([isinstance(value, Failed) for value in found], dtype=np.bool_)[which]
    failed = np.zeros(len(rows), dtype=np.bool_)
    failed[points.metric[at[bad]]] = True
    first = found[which[np.argmax(bad)]] if bad.any() else None
    said = np.array([isinstance(value, float) for value in found], dtype=np.bool_)[which] & ~failed[points.metric[at]]
    values = np.array([value if isinstance(value, float) else 0.0 for value in found], dtype=np.float64)
    at, which = at[said], which[said]
    sources, metric = np.unique(points.metric[at].astype(np.int64), return_inverse=True)
    made = NewMetrics(sources, values_of(frame, sources, gauge), number_points(frame, at, metric, values[which]), at)
    return replace(
        append(frame, made),
        failed=failed if bad.any() else None,
        why=first.why if isinstance(first, Failed) else "",
    )


EXTRACT_PERCENTILE_METRIC: Final = Reshaper(Level.METRIC, extract_percentile_metric)
