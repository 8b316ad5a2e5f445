"""A meter on each database, and its ports on a real server.

`meter` runs on `database` with an open meter for the test's experiment; `ports` serves it over HTTP and gRPC.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import uvicorn
from grpc import aio
from tests.support.metering.ingest import EXPERIMENT, Tokens
from tests.support.store.clocks import SteppedClock

from phoenix.control.metering.model import MeteringLimits, MeterPlan
from phoenix.control.metering.service import Metering
from phoenix.edge.otlp.limits import OtlpLimits
from phoenix.edge.otlp.over_grpc import handler, server_options
from phoenix.edge.otlp.over_http import OtlpHttp
from phoenix.edge.otlp.receiving import Receiver
from phoenix.store.database import Database

PLAN = MeterPlan(60.0, ("db", "web"))


@dataclass(frozen=True)
class Ports:
    http: int
    grpc: int
    receiver: Receiver


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def limits():
    return MeteringLimits(body_seconds=20)


@pytest.fixture
async def meter(database: Database, clock, limits) -> AsyncIterator[Metering]:
    async with Metering(database, clock, limits).running() as metering:
        async with database.transaction() as session:
            await metering.open_meter(session, EXPERIMENT, PLAN)
        yield metering


@pytest.fixture
def port_limits():
    return OtlpLimits(body_bytes=2**20, decoded_bytes=4 * 2**20, read_seconds=1.0)


@pytest.fixture
async def ports(meter, port_limits) -> AsyncIterator[Ports]:
    receiver = Receiver(meter, Tokens(), port_limits)
    async with serving(receiver) as found:
        yield found


@contextlib.asynccontextmanager
async def serving(receiver: Receiver) -> AsyncIterator[Ports]:
    config = uvicorn.Config(OtlpHttp(receiver), port=0, interface="asgi3", lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    http = asyncio.create_task(server._serve())
    grpc = aio.server(options=server_options(receiver))
    grpc.add_generic_rpc_handlers((handler(receiver),))
    grpc_port = grpc.add_insecure_port("127.0.0.1:0")
    await grpc.start()
    while not server.started:  # noqa: ASYNC110 - uvicorn tells in no other way
        await asyncio.sleep(0.01)
    try:
        yield Ports(server.servers[0].sockets[0].getsockname()[1], grpc_port, receiver)
    finally:
        server.should_exit = True
        await http
        await grpc.stop(1)
