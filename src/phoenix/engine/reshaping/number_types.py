"""convert_gauge_to_sum and convert_sum_to_gauge: another type for the same points.

func_convert_gauge_to_sum.go and func_convert_sum_to_gauge.go of the transform processor, 0.160.0. Other metrics are
left as they are.
"""

from dataclasses import replace
from typing import Final

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.reshaping.growth import of_types, with_values
from phoenix.engine.reshaping.reshaped import (
    Arguments,
    Reshaped,
    Reshaper,
    aggregation_temporality,
)
from phoenix.engine.values.nodes import MetricNode, MetricType


def convert_gauge_to_sum(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Make gauges sums of one temporality, monotonic or not."""
    temporality, monotonic = aggregation_temporality(arguments), bool(arguments["monotonic"])

    def to_sum(metric: MetricNode) -> MetricNode:
        return replace(metric, type=MetricType.SUM, temporality=temporality, monotonic=monotonic)

    return Reshaped(with_values(frame, rows & of_types(frame, MetricType.GAUGE), to_sum))


def convert_sum_to_gauge(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Make sums gauges."""
    del arguments

    def to_gauge(metric: MetricNode) -> MetricNode:
        return replace(metric, type=MetricType.GAUGE, temporality=0, monotonic=False)

    return Reshaped(with_values(frame, rows & of_types(frame, MetricType.SUM), to_gauge))


CONVERT_GAUGE_TO_SUM: Final = Reshaper(Level.METRIC, convert_gauge_to_sum)
CONVERT_SUM_TO_GAUGE: Final = Reshaper(Level.METRIC, convert_sum_to_gauge)
