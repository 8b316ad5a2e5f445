"""A fleet whose hosts do what a test says, a meter that measures them, and the feature under test above both.

Hosts, pipelines, claims, audit and events are the real ones, in a real database. `Bench.restart` is what a kill -9
leaves: a new loop over the same database, while hosts and telemetry go on.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from prometheus_client import CollectorRegistry
from sqlalchemy import select, update
from tests.support.experiments.meter import Behaviour, BenchClock, FakeMeter, Run
from tests.support.fleet import ENDPOINT, FakeChecker, FakeCredentials, compose

from phoenix.control.experiments.counters import ExperimentCounters
from phoenix.control.experiments.journal import Journal
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.making.wanted import Wanted
from phoenix.control.experiments.model import Experiment, Phase
from phoenix.control.experiments.reconcile import ExperimentLoop
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.experiments.service import Experiments
from phoenix.control.fleet.model import FailureCode, Host, Purpose
from phoenix.control.fleet.service import Fleet
from phoenix.control.fleet.tables import HostRow, RevisionRow
from phoenix.control.pipelines.checking import Checker
from phoenix.control.pipelines.service import Pipelines
from phoenix.core.ids import HostId
from phoenix.store.database import Database
from phoenix.store.leases import Leases

_RECEIVER = """\
receivers: {host_metrics: {collection_interval: 5s, scrapers: {process: {}}}}
exporters: {otlp_http/vendor: {endpoint: "https://vendor.example"}}
"""
BASELINE = _RECEIVER + "service: {pipelines: {metrics: {receivers: [host_metrics], exporters: [otlp_http/vendor]}}}\n"
CANDIDATE = (
    _RECEIVER
    + "processors: {filter/idle: {metrics: {metric: ['name == \"process.threads\"']}}}\n"
    + "service: {pipelines: {metrics: {receivers: [host_metrics], processors: [filter/idle], "
    + "exporters: [otlp_http/vendor]}}}\n"
)


@dataclass
class Bench:
    """All of it over one database."""

    database: Database
    clock: BenchClock = field(default_factory=BenchClock)
    limits: ExperimentLimits = field(default_factory=ExperimentLimits)

    def __post_init__(self) -> None:
        self.meter = FakeMeter(self.clock)
        self.checker = FakeChecker()
        self.fleet = Fleet(
            clock=self.clock,
            checker=self.checker,
            compose=compose,
            credentials=FakeCredentials(),
            endpoint=ENDPOINT,
        )
        self.pipelines = Pipelines(Checker(None))
        self.restart()

    def restart(self) -> None:
        """Forget everything that a process has in memory."""
        self.registry = CollectorRegistry()
        counters = ExperimentCounters(self.registry)
        self.rooms = Rooms(
            clock=self.clock,
            fleet=self.fleet,
            metering=self.meter,
            pipelines=self.pipelines,
            journal=Journal(counters),
            endpoint=ENDPOINT,
            limits=self.limits,
        )
        self.experiments = Experiments(self.rooms)
        self.loop = ExperimentLoop(self.database, Leases(self.database, self.clock), self.rooms, counters)

    async def prepare(self, *hosts: str) -> None:
        """Enrol hosts that run their config, proved, and store the two pipelines."""
        async with self.database.transaction() as session:
            for name, text in (("everything", BASELINE), ("less", CANDIDATE)):
                await self.pipelines.create(session, name=name, text=text, actor="usr-1", now=self.clock.now())
            for name in hosts or ("web-1",):
                enrolled = await self.fleet.enrol(
                    session, name=name, labels={"app": "web"}, config_text=BASELINE, now=self.clock.now()
                )
                self.meter.behaviours[enrolled.host.id] = Behaviour()
        await self.advance(40)

    def behave(self, **changes: Any) -> None:
        """Change what every host does."""
        for host, behaviour in self.meter.behaviours.items():
            self.meter.behaviours[host] = replace(behaviour, **changes)

    async def settle(self) -> None:
        """Let the hosts do what they should: what the fleet's own loop and real agents do otherwise."""
        now, at = self.clock.now(), self.clock.nanoseconds
        async with self.database.transaction() as session:
            purposes = {row.id: row for row in await session.scalars(select(RevisionRow))}
            for row in list(await session.scalars(select(HostRow))):
                behaviour = self.meter.behaviours[HostId(row.id)]
                if behaviour.away or row.desired is None:
                    continue
                changes: dict[str, Any] = {"last_seen": now}
                revision = purposes[row.desired]
                if revision.purpose == Purpose.EXPERIMENT and behaviour.fails:
                    changes |= {
                        "failure_revision": revision.id,
                        "failure_code": FailureCode.REFUSED_BY_HOST.value,
                        "failure_text": "exit code 1: address already in use",
                        "failure_at": now,
                    }
                else:
                    changes |= self._run(HostId(row.id), revision, at, proves=behaviour.proves)
                await session.execute(update(HostRow).where(HostRow.id == row.id).values(**changes))

    def _run(self, host: HostId, revision: RevisionRow, at: int, *, proves: bool) -> dict[str, Any]:
        ran = self.meter.runs.setdefault(host, [])
        if not ran or ran[-1].revision != revision.id:
            if ran:
                ran[-1].ended = at
            ran.append(Run(revision.id, revision.experiment, at))
        steady = revision.purpose == Purpose.STEADY
        if not (proves or steady):
            return {"proved": None}
        return {"proved": revision.id, **({"verified": revision.id} if steady else {})}

    async def advance(self, seconds: float, *, step: float = 10.0, serving: bool = True) -> None:
        """Let time pass; with `serving`, the loop steps meanwhile."""
        end = self.clock.seconds + seconds
        while self.clock.seconds < end:
            self.clock.seconds = min(end, self.clock.seconds + step)
            await self.settle()
            if serving:
                await self.loop.step()

    async def create(self, *, start: bool = True, **changes: Any) -> Experiment:
        """Make an experiment of two windows of 15 s on every host, and start it."""
        asked: dict[str, Any] = {
            "windows": 2,
            "window_seconds": 15.0,
            "critical": ("nginx",),
            "target_nodes": "app=web",
        } | changes
        wanted = Wanted(baseline_pipeline="everything", candidate_pipeline="less", **asked)
        async with self.database.transaction() as session:
            made, _ = await self.experiments.create(session, wanted, actor="usr-1", now=self.clock.now())
            if start:
                made = await self.experiments.start(session, made.id, actor="usr-1", now=self.clock.now())
        return made

    async def get(self, experiment: Experiment) -> Experiment:
        """Return an experiment as it is now."""
        async with self.database.read() as session:
            return await self.experiments.get(session, experiment.id)

    async def until(self, experiment: Experiment, *phases: Phase, seconds: float = 600) -> Experiment:
        """Let time pass until an experiment is in one of these phases."""
        end = self.clock.seconds + seconds
        while (found := await self.get(experiment)).phase not in phases:
            assert self.clock.seconds < end, f"it is still {found.phase}: {found.waiting} {found.reason}"
            await self.advance(10)
        return found

    async def hosts(self) -> list[Host]:
        """Return the hosts as the fleet has them."""
        async with self.database.read() as session:
            return await self.fleet.many(session, sorted(self.meter.behaviours))

    def counted(self, name: str, **labels: str) -> float:
        """Return a counter's value."""
        return self.registry.get_sample_value(name, labels) or 0.0
