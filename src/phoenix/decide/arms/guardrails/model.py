"""What a guardrail looks at and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.core.ids import HostId
from phoenix.decide.arms.loss import LiveLoss
from phoenix.decide.arms.model import Boundary, Pairing


class GuardrailState(StrEnum):
    """What a guardrail says."""

    OK = "ok"
    TRIPPED = "tripped"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Guardrail:
    """One guardrail at one time.

    Attributes:
        name: of the condition.
        state: tripped stops the experiment.
        reason: why, in words.
        host: where it tripped; None when it did not, or speaks of all hosts.
        window: start of the window in which it tripped, nanoseconds; None when no window is concerned.
    """

    name: str
    state: GuardrailState
    reason: str
    host: HostId | None = None
    window: int | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "state": self.state.value,
            "reason": self.reason,
            "host": self.host,
            "window": self.window,
        }


@dataclass(frozen=True, slots=True)
class Bounds:
    """From where on a guardrail trips.

    Attributes:
        rate_factor: how many times its rate before the experiment a counter of failures may rise.
        queue_share: how full, of its capacity, a production exporter's queue may get.
        scrapes_behind: how many scrapes the candidate arm may stay behind.
        busy_share: which share of all time the candidate's processors may work.
        memory_factor, memory_bytes: memory may be that many times what it was before the experiment, and so much more.
        starts: how often the collector may start anew by itself.
        windows_without_data: how many windows of a host in a row may be no data.
    """

    rate_factor: float = 1.5
    queue_share: float = 0.5
    scrapes_behind: float = 0.9
    busy_share: float = 0.9
    memory_factor: float = 1.5
    memory_bytes: int = 64_000_000
    starts: int = 1
    windows_without_data: int = 5


@dataclass(frozen=True, slots=True)
class HostWatch:
    """What guardrails know of one host's collector.

    Attributes:
        host: which.
        before: its reports before the experiment, in any order.
        during: its reports while it runs the experiment's config, in any order.
        receivers: those of the metrics pipelines, by the ids of the own metrics.
        exporters: the production exporters.
        boundary: what opens the candidate's arm.
        candidate: the candidate's own processors.
        quiet_windows: for how many windows' time nothing at all has come from it, while it should have.
        failure: what its supervisor or collector says is wrong with the experiment's config; empty when nothing.
    """

    host: HostId
    before: Sequence[OwnReading]
    during: Sequence[OwnReading]
    receivers: tuple[str, ...] = ()
    exporters: tuple[str, ...] = ()
    boundary: Boundary = Boundary()  # noqa: RUF009 - frozen
    candidate: tuple[str, ...] = ()
    quiet_windows: float = 0.0
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that guardrails look at.

    Attributes:
        pairing: the windows so far.
        loss: over them.
        hosts: the collectors.
        points_per_scrape: that come to the boundary, by host, where it is known.
        settling: telemetry has just come back after it stayed away; what is missing may still come.
        bounds: from where on they trip.
    """

    pairing: Pairing
    loss: LiveLoss
    hosts: Sequence[HostWatch]
    points_per_scrape: Mapping[HostId, float] = field(default_factory=dict)
    settling: bool = False
    bounds: Bounds = field(default_factory=Bounds)
