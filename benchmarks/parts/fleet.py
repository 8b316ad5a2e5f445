"""The real fleet behind the OpAMP endpoint, for the benchmark `opamp`: identity, hosts, reconcile loop, database.

Everything is the product's, but for what collectors say of themselves: here they all say that production gets its data.
"""

import asyncio
import contextlib
import itertools
import time
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.parts.enrolled import enrol_many
from sqlalchemy import ColumnElement, delete, event, func, select
from starlette.types import ASGIApp

from phoenix.collector.binary.find import find_collector
from phoenix.collector.catalogue import registry as catalogue
from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ReceiverCounts
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.fleet.checking import BinaryChecker
from phoenix.control.fleet.model import ConfigRevision, Phase, Purpose
from phoenix.control.fleet.opamp import FleetAgents
from phoenix.control.fleet.reconcile import FleetReconciler
from phoenix.control.fleet.service import BASELINE, Fleet
from phoenix.control.fleet.tables import HostEventRow, HostRow
from phoenix.control.identity.service import Identity
from phoenix.control.identity.tables import TokenRow
from phoenix.core.clock import SystemClock
from phoenix.core.ids import ExperimentId, HostId, RevisionId, new_id
from phoenix.edge.opamp.app import OpampApp
from phoenix.server.loops import Loop, Loops
from phoenix.settings.load import load_settings
from phoenix.store.database import Database
from phoenix.store.leases import Leases
from phoenix.store.migrations.runner import upgrade

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

_TAKEN_IN: Final = 100
_LOOK_SECONDS: Final = 0.05
_ROWS_SECONDS: Final = 0.2
_ENDPOINT: Final = PhoenixEndpoint("http://127.0.0.1:8080")


class Telling:
    """A meter that hears of every collector that its production exporters send, whatever it runs."""

    ready = True

    def __init__(self) -> None:
        self.agents: FleetAgents | None = None
        self._sent = itertools.count(1)

    def latest_own(self, host: HostId) -> OwnReading | None:
        """Return a report of this very moment."""
        session = self.agents.sessions.get(host) if self.agents else None
        if session is None or self.agents is None or session.track.current is None:
            return None
        sent = next(self._sent)
        revision = self.agents.library.get(session.track.current.id)
        return OwnReading(
            time=time.time_ns(),
            revision=revision.id,
            instance=session.agent.uid,
            uptime_seconds=time.monotonic(),
            cpu_seconds=1.0,
            memory_bytes=1,
            receivers={name: ReceiverCounts(accepted=sent) for name in revision.receivers},
            exporters={name: ExporterCounts(sent=sent) for name in revision.exporters},
        )

    def arm_seen(self, _experiment: ExperimentId, _host: HostId, _arm: str, _revision: RevisionId) -> datetime | None:
        """Return None: there are no experiments."""
        return None

    async def own_readings(self, _session: "AsyncSession", _host: HostId, _since: int) -> list[OwnReading]:
        """Return nothing: nothing is kept."""
        return []


class FleetSubject:
    """The fleet of one replica; every host is enrolled with the same config, so there is one text and one check.

    Attributes:
        tokens: the credential of each host.
        enrol_seconds: what it takes to enrol one.
    """

    def __init__(self, database: Database) -> None:
        clock = SystemClock()
        self._database, self._clock = database, clock
        collector = find_collector(named=load_settings().collector.binary, cache=load_settings().cache_dir)
        identity = Identity(database, clock)
        self._fleet = Fleet(
            clock=clock,
            checker=BinaryChecker(Sandbox(collector.path)),
            compose=compose_steady,
            credentials=identity,
            endpoint=_ENDPOINT,
            pinned_version=collector.version,
        )
        telling = Telling()
        self._agents = FleetAgents(self._fleet, database, telling, replica=Leases(database, clock).holder)
        telling.agents = self._agents
        self._opamp = OpampApp(identity, self._agents, clock)
        self.reconciler = FleetReconciler(self._agents, self._opamp.last_heard)
        self.tokens: list[str] = []
        self.enrol_seconds = 0.0
        self._statements = self._transactions = 0
        self._wanted = RevisionId("")
        self._count(database)

    def _count(self, database: Database) -> None:
        def executed(*_: object) -> None:
            self._statements += 1

        def committed(_: object) -> None:
            self._transactions += 1

        engine = database.engine.sync_engine
        for one in {engine, *((database._reader.sync_engine,) if database.is_sqlite else ())}:  # noqa: SLF001 # counted
            event.listen(one, "after_cursor_execute", executed)
        event.listen(engine, "commit", committed)

    @property
    def app(self) -> ASGIApp:
        """The endpoint."""
        return self._opamp

    async def enrol(self, count: int) -> None:
        """Take so many hosts into the fleet; the first ones as users do, to see what that takes."""
        begun = time.perf_counter()
        async with self._database.transaction() as session:
            for number in range(_TAKEN_IN):
                await self._fleet.enrol(
                    session, name=f"first-{number}", labels={}, config_text="", now=self._clock.now()
                )
        self.enrol_seconds = (time.perf_counter() - begun) / _TAKEN_IN
        async with self._database.transaction() as session:
            for table in (HostRow, HostEventRow, TokenRow):
                await session.execute(delete(table))
        enrolled = await enrol_many(self._database, self._fleet, count, self._clock.now())
        self.tokens = [host.token for host in enrolled]

    async def settled(self) -> None:
        """Wait until telemetry proves that every host runs what it should, and the rows say so."""
        await self._until_rows(HostRow.phase == Phase.PROVED.value, HostRow.proved == HostRow.desired)

    async def config(self) -> float:
        """Let every host want another config, and wait until it is sent to all."""
        revision = await self._register()
        begun = time.perf_counter()
        async with self._database.transaction() as session:
            hosts = [session.host for session in self._agents.sessions.values()]
            await self._fleet.set_desired(session, hosts, revision.id, reason="a benchmark", now=self._clock.now())
        self._wanted = revision.id
        await self._until(frozenset(Phase) - {Phase.NONE})
        return time.perf_counter() - begun

    async def answers(self) -> None:
        """Wait until every agent has said that it applied the config."""
        await self._until(frozenset({Phase.APPLIED, Phase.PROVED}))

    async def recorded(self) -> None:
        """Wait until every row says so."""
        phases = (Phase.APPLIED.value, Phase.PROVED.value)
        await self._until_rows(HostRow.offered == self._wanted, HostRow.phase.in_(phases))

    def counts(self) -> dict[str, float]:
        """Return how many statements and transactions there were so far."""
        return {"statements": self._statements, "transactions": self._transactions, "enrol": self.enrol_seconds}

    async def close(self) -> None:
        """Close all agents."""
        await self._opamp.close()

    async def _register(self) -> ConfigRevision:
        text = f"# another one\n{catalogue.render(BASELINE).text}"
        document = ConfigDocument.parse(text, "config.yaml")
        now = self._clock.now()
        composed = compose_steady(document, endpoint=_ENDPOINT, revision=RevisionId(new_id("rev", now)))
        await self._fleet.checker.check(composed.text)
        async with self._database.transaction() as session:
            return await self._fleet.register(
                session, composed, purpose=Purpose.STEADY, experiment=None, now=now, document=text
            )

    async def _until(self, phases: frozenset[Phase]) -> None:
        """Wait until every host was offered the config that is wanted, and is in one of these phases."""
        waiting = list(self._agents.sessions.values())
        while waiting:
            tracks = [(session, session.track) for session in waiting]
            waiting = [
                session
                for session, track in tracks
                if track.current is None or track.current.id != self._wanted or track.phase not in phases
            ]
            await asyncio.sleep(_LOOK_SECONDS)

    async def _until_rows(self, *conditions: ColumnElement[bool]) -> None:
        """Wait until the rows of all hosts are so."""
        counted, found = select(func.count()).select_from(HostRow).where(*conditions), 0
        while found < len(self.tokens):
            await asyncio.sleep(_ROWS_SECONDS)
            async with self._database.read() as session:
                found = await session.scalar(counted) or 0


@contextlib.asynccontextmanager
async def fleet_subject(url: str, count: int, tokens: Path) -> AsyncIterator[FleetSubject]:
    """Give the fleet with so many hosts enrolled and its loop running; their credentials are in the file `tokens`."""
    database = Database.open(url)
    await upgrade(database)
    subject = FleetSubject(database)
    await subject.enrol(count)
    tokens.write_text("\n".join(subject.tokens), encoding="ascii")  # noqa: ASYNC240 - nobody is served yet
    async with Loops([Loop("fleet", subject.reconciler.step, 0.5)]):
        try:
            yield subject
        finally:
            await subject.close()
    await database.close()
