"""One report of a collector about itself.

Counters are cumulative since the service inside the collector (re)started: `uptime_seconds` falling, or another
revision, means they began again. Source of the names: facts measured on the pinned version, checked by tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


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
