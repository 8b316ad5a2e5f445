"""The result of the main job, as scripts read it. Field names are public."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from phoenix.cli.run.recording import Recorded
from phoenix.decide.report import PipelineReport, best
from phoenix.telemetry.measure import measure


@dataclass(frozen=True, slots=True)
class RunResult:
    """What the main job found.

    Attributes:
        recorded: the capture and where it is.
        collector_version: of the collector that evaluated it.
        reports: one a pipeline.
    """

    recorded: Recorded
    collector_version: str
    reports: Sequence[PipelineReport]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form, measuring the capture for it; docs/reference/run-result.md explains the fields."""
        capture = self.recorded.capture
        measurement = measure(capture)
        chosen = best(self.reports)
        return {
            "host": capture.origin.host,
            "collector_version": self.collector_version,
            "recorded_at": capture.origin.recorded_at,
            "capture": {
                "path": str(self.recorded.path),
                "processes": measurement.processes,
                "scrapes": measurement.scrapes,
                "series": measurement.series,
                "points": measurement.points,
                "bytes": measurement.bytes,
                "load_profile": self.recorded.load_profile,
                "notes": self.recorded.notes,
            },
            "pipelines": [report.as_dict() for report in self.reports],
            "best": chosen.name if chosen else None,
        }
