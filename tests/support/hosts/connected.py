"""Connected hosts for tests of the fleet: agents with the stock supervisor's manners, and a meter that is told."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tests.support.fleet import ENDPOINT, USER_CONFIG, SteppedClock, compose, make_fleet
from tests.support.hosts.stock_supervisor import Fate, StockSupervisor

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ReceiverCounts
from phoenix.control.fleet.model import ConfigRevision, Host, Purpose
from phoenix.control.fleet.opamp import FleetAgents
from phoenix.control.fleet.reconcile import FleetReconciler
from phoenix.control.fleet.rules.marker import revision_of
from phoenix.core.ids import ExperimentId, HostId, RevisionId, new_id
from phoenix.edge.opamp.agents import AgentReport, ConfigStatus, Health, Offer
from phoenix.edge.opamp.errors import AgentGoneError
from phoenix.edge.principal import Principal, PrincipalKind
from phoenix.store.database import Database

HEALTHY = Health(healthy=True, status="StatusOK", error="", components={})
COMPONENTS = {"receivers": ("host_metrics",), "exporters": ("otlp_http", "debug"), "processors": ("batch",)}


class FakeTelemetry:
    """A meter that says what it is told to."""

    def __init__(self) -> None:
        self.ready = True
        self.readings: dict[HostId, list[OwnReading]] = {}
        self.arms: dict[tuple[str, str, str], datetime] = {}

    def latest_own(self, host: HostId) -> OwnReading | None:
        return self.readings.get(host, [None])[-1]

    def arm_seen(self, experiment: ExperimentId, host: HostId, arm: str, revision: RevisionId) -> datetime | None:
        return self.arms.get((experiment, host, arm)) if revision else None

    async def own_readings(self, _session: object, host: HostId, since: int) -> list[OwnReading]:
        return [reading for reading in self.readings.get(host, []) if reading.time >= since]


@dataclass
class FakeAgent:
    """An agent whose supervisor has the traps of the stock one; `gone`: its socket is closed."""

    principal: Principal
    uid: str
    supervisor: StockSupervisor
    transport: str = "websocket"
    gone: bool = False
    closed: list[str] = field(default_factory=list)

    async def offer(self, offer: Offer) -> None:
        if self.gone:
            raise AgentGoneError("the connection is closed")
        revision = revision_of(offer.text)
        assert revision is not None
        self.supervisor.offered(offer.digest, revision)

    async def restart(self) -> None:
        raise AssertionError("nobody asked for a restart")

    async def close(self, reason: str) -> None:
        self.gone = True
        self.closed.append(reason)


class World:
    """A replica with hosts. `restarted` gives another that holds the same database."""

    def __init__(self, database: Database, clock: SteppedClock, replica: str = "replica-1") -> None:
        self.database, self.clock = database, clock
        self.fleet = make_fleet(clock)
        self.telemetry = FakeTelemetry()
        self.agents = FleetAgents(self.fleet, database, self.telemetry, replica=replica)
        self.reconciler = FleetReconciler(self.agents, self._heard)
        self.live: list[FakeAgent] = []

    def restarted(self, replica: str = "replica-2") -> "World":
        return World(self.database, self.clock, replica)

    def _heard(self, since: datetime) -> dict[str, datetime]:
        now = self.clock.now()
        return {agent.principal.id: now for agent in self.live if not agent.gone and now > since}

    async def enrol(self, name: str, config: str = USER_CONFIG) -> Host:
        async with self.database.transaction() as session:
            enrolled = await self.fleet.enrol(session, name=name, labels={}, config_text=config, now=self.clock.now())
        return enrolled.host

    async def connect(
        self, host: Host, supervisor: StockSupervisor | None = None, *, uid: str = "uid-1", **report: Any
    ) -> FakeAgent:
        """Connect a supervisor of a host, and let it say everything."""
        principal = Principal(host.id, PrincipalKind.HOST, host.name, frozenset({"opamp:connect"}))
        agent = FakeAgent(principal, uid, supervisor or StockSupervisor())
        self.live.append(agent)
        await self.agents.connected(agent)
        await self.agents.reported(agent, self.full(agent, **report))
        return agent

    @staticmethod
    def full(agent: FakeAgent, **more: Any) -> AgentReport:
        supervisor = agent.supervisor
        return replace(
            AgentReport(
                attributes={"service.name": "otelcol", "service.version": "0.160.0"},
                components=COMPONENTS,
                health=HEALTHY if supervisor.running else None,
                effective=effective(supervisor),
                status=supervisor.status,
                status_digest=supervisor.last if supervisor.status else "",
            ),
            **more,
        )

    async def leave(self, agent: FakeAgent, reason: str = "goodbye") -> None:
        agent.gone = True
        self.live.remove(agent)
        await self.agents.disconnected(agent, reason)

    async def talk(self, agent: FakeAgent) -> None:
        """Let an agent say all that it has to say, and what that leads to."""
        supervisor = agent.supervisor
        while supervisor.waiting:
            status, digest, text = supervisor.waiting.pop(0)
            report = AgentReport(status=status, status_digest=digest, status_error=text)
            if status is ConfigStatus.APPLIED:
                report = replace(report, effective=effective(supervisor), health=HEALTHY)
            await self.agents.reported(agent, report)

    async def step(self, seconds: float = 0.5) -> None:
        self.clock.step(seconds)
        await self.reconciler.step()

    async def report(self, host: Host, agent: FakeAgent, *, sent: int = 100, **counts: int) -> None:
        """Let a collector report about itself once, `sent` points further, and step."""
        self.tell(host, agent, sent=sent, **counts)
        await self.step()

    def tell(self, host: Host, agent: FakeAgent, *, sent: int = 100, **counts: int) -> None:
        """Let a collector report about itself once, `sent` points further."""
        running = agent.supervisor.running
        if running is not None:
            earlier = self.telemetry.readings.setdefault(host.id, [])
            revision = agent.supervisor.revisions[running]
            mine = [it for it in earlier if it.revision == revision]
            so_far = mine[-1].exporters["otlp_http/vendor"].sent if mine else 0
            earlier.append(
                OwnReading(
                    time=int(self.clock.now().timestamp() * 1e9) + len(earlier) + 1,
                    revision=revision,
                    instance=agent.uid,
                    uptime_seconds=10.0 * (len(mine) + 1),
                    cpu_seconds=1.0,
                    memory_bytes=1,
                    receivers={"host_metrics": ReceiverCounts(accepted=100 * (len(mine) + 1))},
                    exporters={"otlp_http/vendor": ExporterCounts(sent=so_far + sent, **counts)},
                )
            )

    async def prove(self, host: Host, agent: FakeAgent) -> None:
        """Let an agent apply what it was offered, and telemetry prove it."""
        await self.talk(agent)
        await self.step()
        for _ in range(3):
            await self.report(host, agent)

    async def candidate(self, *, purpose: Purpose = Purpose.EXPERIMENT, text: str = "# candidate\n") -> ConfigRevision:
        """Register another config; each is unlike any other."""
        document = ConfigDocument.parse(USER_CONFIG + text)
        composed = compose(document, endpoint=ENDPOINT, revision=RevisionId(new_id("rev", self.clock.now())))
        experiment = ExperimentId("exp-1") if purpose is Purpose.EXPERIMENT else None
        async with self.database.transaction() as session:
            return await self.fleet.register(
                session, composed, purpose=purpose, experiment=experiment, now=self.clock.now(), document=document.text
            )

    async def want(self, host: Host, revision: ConfigRevision, fate: Fate, agent: FakeAgent) -> None:
        """Let a host want a config that comes to `fate` there, and see the rows."""
        agent.supervisor.fates[revision.digest] = fate
        async with self.database.transaction() as session:
            await self.fleet.set_desired(session, [host.id], revision.id, reason="a test", now=self.clock.now())
        await self.step()

    async def get(self, host: Host) -> Host:
        await self.agents.writing.flush()
        async with self.database.read() as session:
            return await self.fleet.get(session, host.id)

    async def history(self, host: Host) -> list[tuple[str, str | None]]:
        await self.agents.writing.flush()
        async with self.database.read() as session:
            return [(event.kind.value, event.revision) for event in await self.fleet.history(session, host.id)]


def effective(supervisor: StockSupervisor) -> str | None:
    """Return what a collector says it runs: expanded and sorted, nothing like what was offered."""
    if supervisor.running is None:
        return None
    revision = supervisor.revisions[supervisor.running]
    telemetry = f"    telemetry:\n        resource:\n            phoenix.revision: {revision}\n"
    return f"exporters:\n    debug: {{}}\nservice:\n{telemetry}"
