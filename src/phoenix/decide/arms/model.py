"""What the judgement of two arms speaks of: a host's streams, windows that pair, windows that are no evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from phoenix.collector.compose.model import Arm
from phoenix.collector.own_metrics.model import OwnReading
from phoenix.core.ids import HostId
from phoenix.telemetry.window.model import SeriesSet, WindowMeasure


class NoDataKind(StrEnum):
    """Why a window says nothing. None of them is ever read as zero."""

    WARM_UP = "warm_up"  # processors begin with no memory after a start
    MISSING = "missing"  # nothing arrived, and nothing proves that there was nothing
    GAP = "gap"  # the meter says so itself
    LOST = "lost"  # the collector failed to hand something to the meter
    RESTARTED = "restarted"  # the collector started anew inside the window
    BEHIND = "behind"  # the candidate arm never came as far as this window
    UNWATCHED = "unwatched"  # the collector's own metrics did not arrive, so loss cannot be excluded


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where the candidate's arm takes over from production: what waits there shows in the own metrics.

    Attributes:
        receivers: those whose points go into the arm, by the ids of the own metrics.
        processor: the first behind the boundary; empty when the arm has none, or not one that sees all of it.
    """

    receivers: tuple[str, ...] = ()
    processor: str = ""

    def accepted(self, reading: OwnReading) -> int:
        """Return the points that came to the boundary since the collector's start."""
        return sum(reading.receivers[name].accepted for name in self.receivers if name in reading.receivers)

    def waiting(self, reading: OwnReading) -> int:
        """Return the points that wait at the boundary; 0 when nobody can tell."""
        if not self.processor:
            return 0
        taken = reading.processors.get(self.processor)
        return max(self.accepted(reading) - (taken.incoming if taken else 0), 0)


@dataclass(frozen=True, slots=True)
class PairingPlan:
    """What pairing needs to know of an experiment.

    Attributes:
        seconds: width of a window.
        warm_up: windows left out after each start of the collector, the one it started in counted.
        exporters: the meter's exporter of each arm, by the id that the own metrics use.
        processors: the candidate's own processors, in the order data flows, by the ids that the own metrics use.
        boundary: what opens the candidate's arm.
        grace_seconds: how long after the end of a window (by the host's clock) its evidence is waited for.
    """

    seconds: float
    warm_up: int
    exporters: Mapping[Arm, str]
    processors: tuple[str, ...] = ()
    boundary: Boundary = Boundary()
    grace_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class HostStreams:
    """What is known of one host in one experiment.

    Attributes:
        host: which.
        windows: of each arm, by start.
        watermarks: of each arm, nanoseconds: windows that end there or before are complete. None when nothing came.
        readings: of the collector's own metrics while it runs the experiment's config, in any order.
    """

    host: HostId
    windows: Mapping[Arm, Mapping[int, WindowMeasure]]
    watermarks: Mapping[Arm, int | None]
    readings: Sequence[OwnReading] = ()


@dataclass(frozen=True, slots=True)
class PairedWindow:
    """One window of one host, complete in both arms.

    Attributes:
        host, start: which.
        baseline, candidate: what each arm held.
        evidence: why both sides are complete, in words.
    """

    host: HostId
    start: int
    baseline: WindowMeasure
    candidate: WindowMeasure
    evidence: str


@dataclass(frozen=True, slots=True)
class NoData:
    """One window of one host that is no evidence, and why, in words."""

    host: HostId
    start: int
    kind: NoDataKind
    reason: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """The windows of some hosts.

    Attributes:
        pairs: those that can be compared, by start and host.
        no_data: those that cannot, by start and host.
        waiting: how many may still turn out to be either.
    """

    pairs: tuple[PairedWindow, ...] = ()
    no_data: tuple[NoData, ...] = ()
    waiting: int = 0


def empty_window(start: int, seconds: float) -> WindowMeasure:
    """Return the window of an arm that is proved to have let nothing out."""
    nothing = SeriesSet(np.empty(0, np.uint64), np.empty(0, np.int64), np.empty(0, np.float64))
    return WindowMeasure(
        start=start,
        seconds=seconds,
        requests=0,
        scrapes=0,
        first_time=0,
        last_time=0,
        points=0,
        otlp_bytes=0,
        json_bytes=0,
        series=nothing,
    )
