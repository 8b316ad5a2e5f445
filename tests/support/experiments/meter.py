"""Hosts that do what a test says, and a meter that measures them. State is what hosts ran; the rest follows from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.support.experiments.arms import NOON, SECOND, WIDTH, reading, window

from phoenix.collector.compose.model import Arm
from phoenix.collector.compose.names import METERS
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts, ReceiverCounts
from phoenix.control.metering.model import MeterPlan
from phoenix.core.ids import ExperimentId, HostId
from phoenix.telemetry.window.model import WindowMeasure

FILTER = "filter/phoenix_candidate_idle"
OWN_SECONDS = 10
LATENESS = 5 * SECOND


class BenchClock:
    """Stands still until a test steps it; the wall clock can also be set, which the other one does not see."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.set_by = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(NOON / SECOND, UTC) + timedelta(seconds=self.seconds + self.set_by)

    def monotonic(self) -> float:
        return self.seconds

    @property
    def nanoseconds(self) -> int:
        return NOON + round(self.seconds * SECOND)


@dataclass
class Behaviour:
    """What a host does.

    Attributes:
        fails: it refuses every experiment's config.
        proves: its telemetry proves what it runs.
        away: it does nothing any more.
        critical: critical processes that the candidate keeps, of two.
        drops_all: the candidate lets nothing out.
        muted: seconds between which nothing of it reaches the ingest.
        production_fails: its production exporter fails while it runs an experiment's config.
        stuck: the candidate never finishes its first scrape; the third one after it waits in the receiver.
    """

    fails: bool = False
    proves: bool = True
    away: bool = False
    critical: int = 2
    drops_all: bool = False
    muted: tuple[float, float] = (0.0, 0.0)
    production_fails: bool = False
    stuck: bool = False

    def is_muted(self, nanoseconds: int) -> bool:
        first, last = (NOON + round(edge * SECOND) for edge in self.muted)
        return first <= nanoseconds < last


@dataclass
class Run:
    """A config that a host ran, from when on."""

    revision: str
    experiment: str | None
    started: int
    ended: int | None = None


class FakeMeter:
    """Measures what hosts ran: windows that are over, and a report every ten seconds."""

    def __init__(self, clock: BenchClock) -> None:
        self.clock = clock
        self.opened: dict[ExperimentId, MeterPlan] = {}
        self.closed: dict[ExperimentId, datetime] = {}
        self.runs: dict[HostId, list[Run]] = {}
        self.behaviours: dict[HostId, Behaviour] = {}
        # When something came from a host that is in no experiment.
        self.others_at: float | None = None

    def taken_at(self) -> float | None:
        return self.others_at

    async def open_meter(self, _session: object, experiment: ExperimentId, plan: MeterPlan) -> None:
        self.opened[experiment] = plan
        self.closed.pop(experiment, None)

    async def close_meter(self, _session: object, experiment: ExperimentId, now: datetime) -> None:
        self.closed.setdefault(experiment, now)

    async def windows(
        self, _session: object, experiment: ExperimentId, since: int = 0
    ) -> Mapping[tuple[HostId, str, int], WindowMeasure]:
        found: dict[tuple[HostId, str, int], WindowMeasure] = {}
        for host, ran in self.runs.items():
            for run in ran:
                if run.experiment == experiment:
                    found |= {(host, arm.value, it.start): it for arm in Arm for it in self._windows(host, run, arm)}
        return {key: it for key, it in found.items() if key[2] >= since}

    async def reached(self, session: object, experiment: ExperimentId) -> Mapping[HostId, int]:
        ends: dict[HostId, int] = {}
        for host, _, start in await self.windows(session, experiment):
            ends[host] = max(ends.get(host, 0), start + WIDTH)
        return ends

    def watermark(self, experiment: ExperimentId, host: HostId, arm: str) -> int | None:
        behaviour = self.behaviours[host]
        running = [run for run in self.runs.get(host, ()) if run.experiment == experiment]
        if not running or (arm == Arm.CANDIDATE and behaviour.drops_all):
            return None
        points = range(
            running[-1].started, min(running[-1].ended or self.clock.nanoseconds, self.clock.nanoseconds), 5 * SECOND
        )
        heard = [point for point in points if not behaviour.is_muted(point)]
        return heard[-1] - LATENESS if heard and not behaviour.away else None

    async def own_readings(self, _session: object, host: HostId, since: int) -> list[OwnReading]:
        found = []
        for run in self.runs.get(host, ()):
            end = min(run.ended or self.clock.nanoseconds, self.clock.nanoseconds)
            times = range(run.started, end, OWN_SECONDS * SECOND)
            found += [self._reading(host, run, time) for time in times if not self.behaviours[host].is_muted(time)]
        return [it for it in found if it.time >= since]

    async def latest_readings(self, session: object, hosts: Collection[HostId], since: int) -> dict[HostId, OwnReading]:
        found = {host: await self.own_readings(session, host, since) for host in hosts}
        return {host: max(readings, key=lambda it: it.time) for host, readings in found.items() if readings}

    def _windows(self, host: HostId, run: Run, arm: Arm) -> list[WindowMeasure]:
        behaviour, found = self.behaviours[host], []
        end = min(run.ended or self.clock.nanoseconds, self.clock.nanoseconds - LATENESS)
        if behaviour.stuck or (arm is Arm.CANDIDATE and behaviour.drops_all):
            return []
        for start in range(run.started // WIDTH * WIDTH, end - WIDTH + 1, WIDTH):
            if behaviour.is_muted(start) or behaviour.is_muted(start + WIDTH - 1):
                continue
            number = (start - NOON) // WIDTH
            made = (
                window(number, *range(10), total=9.0, critical={"nginx": 2})
                if arm is Arm.BASELINE
                else window(number, *range(4), total=3.0, critical={"nginx": behaviour.critical})
            )
            began = "the stream began inside this window" if start <= run.started else ""
            found.append(replace(made, gap=began))
        return found

    def _reading(self, host: HostId, run: Run, time: int) -> OwnReading:
        behaviour = self.behaviours[host]
        seconds = (time - run.started) / SECOND
        stuck = behaviour.stuck and run.experiment is not None
        points = 20 * (min(int(seconds), 15) if stuck else int(seconds))
        out = 0 if behaviour.drops_all else points // 2
        lost = (
            50
            if behaviour.is_muted(time - 2 * OWN_SECONDS * SECOND) or 0 < behaviour.muted[1] * SECOND + NOON <= time
            else 0
        )
        made = reading((time - NOON) / SECOND, started=(run.started - NOON) / SECOND, points=points, out=out)
        failed = 100 if behaviour.production_fails and run.experiment else 0
        exporters = {"otlp_http/vendor": ExporterCounts(sent=points, send_failed=failed, queue_capacity=1000)}
        if run.experiment is not None:
            exporters[METERS[Arm.BASELINE]] = ExporterCounts(sent=points, send_failed=lost, queue_capacity=64)
            exporters[METERS[Arm.CANDIDATE]] = ExporterCounts(
                sent=out, send_failed=lost if out else 0, queue_capacity=64
            )
        return replace(
            made,
            revision=run.revision,
            receivers={"host_metrics": ReceiverCounts(accepted=points)},
            exporters=exporters,
            processors={
                FILTER: ProcessorCounts() if stuck else ProcessorCounts(points, out, 0.001 * points),
            },
        )
