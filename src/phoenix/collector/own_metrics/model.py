"""One report of a collector about itself.

Counters are cumulative since the service inside the collector (re)started: `uptime_seconds` falling, or another
revision, means they began again. Source of the names: facts measured on the pinned version, checked by tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

# A report is sent for three seconds at most; one of an hour before is of a clock that was set back.
_LATEST: Final = 60_000_000_000


@dataclass(frozen=True, slots=True)
class ReceiverCounts:
    """Points a receiver took, refused (the pipeline answered an error) and failed to make."""

    accepted: int = 0
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ExporterCounts:
    """Points an exporter sent, gave up, and could not even queue; and its queue, in requests."""

    sent: int = 0
    send_failed: int = 0
    enqueue_failed: int = 0
    queue_size: int = 0
    queue_capacity: int = 0


@dataclass(frozen=True, slots=True)
class ProcessorCounts:
    """Points that went into and came out of a processor, and the seconds it took for them (detailed level only)."""

    incoming: int = 0
    outgoing: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class OwnReading:
    """A report.

    Attributes:
        time: nanoseconds since the epoch, of the report, by the collector's clock.
        revision: the marker of the config it runs; empty when it carries none.
        instance: the instance id that its supervisor gave it.
        uptime_seconds: since the service inside the collector started.
        cpu_seconds: of the process, since the process started.
        memory_bytes: resident.
        receivers, exporters, processors: by component id; metrics only.
        began: nanoseconds since the epoch, when its counters began, as the report says it: the same in every report of
            one start, whatever the clock does meanwhile; 0 when it does not say.
    """

    time: int
    revision: str
    instance: str
    uptime_seconds: float
    cpu_seconds: float
    memory_bytes: int
    receivers: Mapping[str, ReceiverCounts] = field(default_factory=dict)
    exporters: Mapping[str, ExporterCounts] = field(default_factory=dict)
    processors: Mapping[str, ProcessorCounts] = field(default_factory=dict)
    began: int = 0

    @property
    def start(self) -> tuple[str, str, int]:
        """Of which start of the service it is, as far as it says."""
        return self.revision, self.instance, self.began

    def follows(self, earlier: "OwnReading") -> bool:
        """Return whether this was made after another report of the same collector, also when its clock was set back.

        One that came late, or twice, was not: it is of a time shortly before.
        """
        if self.began and self.start == earlier.start:
            return self.uptime_seconds > earlier.uptime_seconds
        return self.time > earlier.time or earlier.time - self.time > _LATEST
