"""What is measured of a stream while it runs, window by window (design, section 6)."""

from phoenix.telemetry.window.carry import Carry
from phoenix.telemetry.window.finishing import COUNTER_FELL, DUPLICATE_IDENTITY, HOST_IDENTITY_LOST, finish
from phoenix.telemetry.window.labels import Labels
from phoenix.telemetry.window.measuring import Measured, measure_windows
from phoenix.telemetry.window.model import MetricPart, ProcessPart, SeriesSet, WindowMeasure
from phoenix.telemetry.window.part import Part, merge
from phoenix.telemetry.window.plan import WindowPlan
from phoenix.telemetry.window.series_set import union

__all__ = [
    "COUNTER_FELL",
    "DUPLICATE_IDENTITY",
    "HOST_IDENTITY_LOST",
    "Carry",
    "Labels",
    "Measured",
    "MetricPart",
    "Part",
    "ProcessPart",
    "SeriesSet",
    "WindowMeasure",
    "WindowPlan",
    "finish",
    "measure_windows",
    "merge",
    "union",
]
