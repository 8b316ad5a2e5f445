"""What a fleet needs of the server, on one port of this process: OpAMP, OTLP, meter, store, reconcile loop."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from tests.support.opamp.server import serving

from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.validate.binary_check.sandbox import Sandbox
from phoenix.control.fleet.checking import BinaryChecker
from phoenix.control.fleet.model import Enrolled, Host
from phoenix.control.fleet.opamp import FleetAgents
from phoenix.control.fleet.reconcile import FleetReconciler
from phoenix.control.fleet.service import Fleet
from phoenix.control.identity.service import Identity
from phoenix.control.metering.model import MeteringLimits
from phoenix.control.metering.service import Metering
from phoenix.core.clock import SystemClock
from phoenix.core.ids import HostId, RevisionId, new_id
from phoenix.edge.opamp.app import OpampApp
from phoenix.edge.otlp.over_http import OtlpHttp
from phoenix.edge.otlp.receiving import Receiver
from phoenix.store.database import Database

OWN_SECONDS = 0.5


class FleetServer:
    """A server that manages hosts."""

    def __init__(self, database: Database, metering: Metering, collector: Path, url: str) -> None:
        clock = SystemClock()
        self.clock, self.database, self.metering, self.url = clock, database, metering, url
        self.endpoint = PhoenixEndpoint(url, own_interval_seconds=OWN_SECONDS)
        self.identity = Identity(database, clock)
        self.fleet = Fleet(
            clock=clock,
            checker=BinaryChecker(Sandbox(collector)),
            compose=compose_steady,
            credentials=self.identity,
            endpoint=self.endpoint,
        )
        self.agents = FleetAgents(self.fleet, database, metering, replica=new_id("replica", clock.now()))
        self.opamp = OpampApp(self.identity, self.agents, clock)
        self.reconciler = FleetReconciler(self.agents, self.opamp.last_heard)
        self._otlp = OtlpHttp(Receiver(metering, self.identity))

    async def __call__(self, scope, receive, send) -> None:
        app = self._otlp if scope["path"].startswith("/otlp/") else self.opamp
        await app(scope, receive, send)

    async def close(self) -> None:
        await self.opamp.close()

    async def loop(self) -> None:
        while True:
            await self.reconciler.step()
            await asyncio.sleep(0.2)

    def revision(self) -> RevisionId:
        return RevisionId(new_id("rev", self.clock.now()))

    async def enrol(self, name: str, config: str) -> Enrolled:
        async with self.database.transaction() as session:
            return await self.fleet.enrol(session, name=name, labels={}, config_text=config, now=self.clock.now())

    async def want(self, host: HostId, revision: RevisionId) -> None:
        async with self.database.transaction() as session:
            await self.fleet.set_desired(session, [host], revision, reason="a test", now=self.clock.now())

    async def get(self, host: HostId) -> Host:
        async with self.database.read() as session:
            return await self.fleet.get(session, host)

    async def until(self, host: HostId, seconds: float, condition) -> Host:
        """Return the host once a condition holds for it."""
        deadline = self.clock.monotonic() + seconds
        while not condition(found := await self.get(host)):
            if self.clock.monotonic() > deadline:
                async with self.database.read() as session:
                    events = await self.fleet.history(session, host)
                told = "\n".join(f"{event.at:%T.%f} {event.kind} {event.revision} {event.text}" for event in events)
                raise AssertionError(f"not within {seconds:g} s: {found}\n{told}")
            await asyncio.sleep(0.05)
        return found


@contextlib.asynccontextmanager
async def fleet_server(database: Database, collector: Path, port: int) -> AsyncIterator[FleetServer]:
    """Serve on a port until the block ends."""
    metering = Metering(database, SystemClock(), MeteringLimits(own_seconds=0.0))
    async with metering.running():
        server = FleetServer(database, metering, collector, f"http://127.0.0.1:{port}")
        async with serving(server, port):  # type: ignore[arg-type] # served and closed alike
            loop = asyncio.create_task(server.loop())
            try:
                yield server
            finally:
                loop.cancel()
                await asyncio.wait([loop])
                await server.agents.writing.flush()
