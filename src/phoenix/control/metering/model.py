"""What a meter is asked, what bounds it, and what it counts."""

from dataclasses import dataclass, field
from typing import NamedTuple

from phoenix.core.ids import ExperimentId, HostId

OWN = "own"


@dataclass(frozen=True, slots=True)
class MeterPlan:
    """What an experiment's meter looks for.

    Attributes:
        window_seconds: width of a window; at least every flush period in either arm.
        critical: patterns of processes that must not be lost.
        scrape_seconds: the shortest time between two scrapes, 0 when unknown. Two points of one series closer than half
            of it are a duplicate; when unknown, only points of exactly the same time are.
    """

    window_seconds: float
    critical: tuple[str, ...] = ()
    scrape_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class MeteringLimits:
    """What bounds the meter. Where a limit is reached the sender is told to come again; nothing is dropped in silence.

    Attributes:
        workers: processes that decode.
        body_seconds: time a worker has for one body before it is replaced.
        body_points: points, or nodes of a level, of one body.
        waiting_bodies, waiting_bytes: bodies that wait for a worker or are with one.
        open_points: points of all windows that are not closed yet, at about 50 bytes each.
        streams: (experiment, host, arm) known at a time.
        series: of one window; more are sampled and the window is marked truncated.
        lateness_seconds: how far behind the newest point of its stream a point may be.
        idle_seconds: a stream that is silent for so long has its windows closed; they are marked, for nobody knows
            whether more was to come.
        jump_seconds: how much faster than our clock a stream's time may go forward before it is taken for a jump.
        jump_bodies: so many bodies in a row beyond that, or behind what is closed, and the stream's clock is taken to
            have been set: its windows are closed, marked, and it begins anew.
        remembered_bodies: hashes kept a stream, by which a body that is sent again is recognised.
        pending_rows: closed windows that wait for the database.
        own_seconds: least time between two stored readings of a host without an open meter.
        own_points: points of one report of a collector.
    """

    workers: int = 1
    body_seconds: float = 60.0
    body_points: int = 1_000_000
    waiting_bodies: int = 256
    waiting_bytes: int = 256 * 2**20
    open_points: int = 8_000_000
    streams: int = 10_000
    series: int = 200_000
    lateness_seconds: float = 5.0
    idle_seconds: float = 120.0
    jump_seconds: float = 300.0
    jump_bodies: int = 3
    remembered_bodies: int = 512
    pending_rows: int = 2_000
    own_seconds: float = 60.0
    own_points: int = 20_000


class StreamKey(NamedTuple):
    """One stream: an arm of an experiment on a host."""

    experiment: ExperimentId
    host: HostId
    arm: str


@dataclass(slots=True)
class MeterCounters:
    """What the meter did since it started.

    Attributes:
        bodies, points: taken into windows.
        repeated_bodies: sent again, and counted once.
        late_points: of windows closed already; rejected, and the windows marked.
        jumped_points: of a time that does not follow from the stream's; rejected.
        untimed_points: without a time, or of more windows than one body may touch; rejected.
        invalid_bodies: not OTLP metrics, or too many points.
        refused_bodies: told to come again.
        lost_workers: worker processes that ended or hung over a body.
        closed_windows: finished, and how many of these are gaps.
        gap_windows: see above.
        own_reports: reports of collectors.
    """

    bodies: int = 0
    points: int = 0
    repeated_bodies: int = 0
    late_points: int = 0
    jumped_points: int = 0
    untimed_points: int = 0
    invalid_bodies: int = 0
    refused_bodies: int = 0
    lost_workers: int = 0
    closed_windows: int = 0
    gap_windows: int = 0
    own_reports: int = 0


@dataclass(frozen=True, slots=True)
class MeterLoad:
    """What the meter holds now; see `MeteringLimits`."""

    streams: int
    open_windows: int
    open_points: int
    waiting_bodies: int
    waiting_bytes: int
    pending_rows: int
    limits: MeteringLimits = field(default_factory=MeteringLimits)
