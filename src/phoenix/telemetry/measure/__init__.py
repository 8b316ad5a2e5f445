"""What a capture measures: series, points, bytes and totals. Prices are put on it in `decide`."""

from phoenix.telemetry.measure.additive import Total, totals
from phoenix.telemetry.measure.flat_json import flat_json_bytes
from phoenix.telemetry.measure.measurement import (
    Measurement,
    MetricCount,
    count_by_metric,
    count_processes,
    measure,
    time_range,
)

__all__ = [
    "Measurement",
    "MetricCount",
    "Total",
    "count_by_metric",
    "count_processes",
    "flat_json_bytes",
    "measure",
    "time_range",
    "totals",
]
