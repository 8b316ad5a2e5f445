"""What a capture holds, counted by metric and by process."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from phoenix.core.units import NANOSECONDS
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.identity import distinct_resources
from phoenix.telemetry.measure import Measurement, measure
from phoenix.telemetry.processes import EXECUTABLE_NAME, PID
from phoenix.telemetry.values import MetricValue, distinct, read_metric, read_resource


@dataclass(frozen=True, slots=True)
class Contents:
    """What a capture holds.

    Attributes:
        capture: the capture.
        measurement: its counts and sizes.
        kinds: one value of each metric, by name: type and unit.
        processes: distinct processes by executable name.
    """

    capture: Capture
    measurement: Measurement
    kinds: dict[str, MetricValue]
    processes: Counter[str]

    @classmethod
    def of(cls, capture: Capture) -> Self:
        """Return what a capture holds."""
        kinds = {metric.name: metric for metric in distinct(capture.metrics.values, read_metric)}
        return cls(capture, measure(capture), kinds, _processes(capture))

    @property
    def span_seconds(self) -> float:
        """From the first point to the last."""
        return (self.measurement.last_time - self.measurement.first_time) / NANOSECONDS

    def as_dict(self, path: Path) -> dict[str, object]:
        """Return the JSON form."""
        measured = self.measurement
        return {
            "path": path,
            "origin": self.capture.origin,
            "requests": len(self.capture.batches),
            "scrapes": measured.scrapes,
            "span_seconds": self.span_seconds,
            "series": measured.series,
            "points": measured.points,
            "bytes": measured.bytes,
            "processes": measured.processes,
            "processes_by_name": dict(self.processes.most_common()),
            "metrics": [
                {
                    "name": name,
                    "type": self.kinds[name].type,
                    "unit": self.kinds[name].unit,
                    "series": count.series,
                    "points": count.points,
                }
                for name, count in measured.metrics.items()
            ],
        }


def _processes(capture: Capture) -> Counter[str]:
    resources = distinct(capture.resources.values, read_resource)
    names = {
        int(identity): str(resource.attributes.get(EXECUTABLE_NAME, ""))
        for identity, resource in zip(distinct_resources(capture), resources, strict=True)
        if PID in resource.attributes
    }
    return Counter(names.values())
