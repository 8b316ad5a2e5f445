"""Fixtures: a sink for telemetry, the OpAMP endpoint with a handler that remembers, supervised hosts of the test."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from tests.support.live.otlp_sink import otlp_sink
from tests.support.opamp.handler import RecordingHandler, Tokens
from tests.support.opamp.server import serving

from phoenix.collector.supervised.files import write_files
from phoenix.collector.supervised.log import collector_log, supervisor_log
from phoenix.collector.supervised.model import SupervisedHost
from phoenix.collector.supervised.running import start_supervisor
from phoenix.core.clock import SystemClock
from phoenix.edge.opamp.app import OpampApp


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def sink():
    with otlp_sink() as server:
        yield server


@pytest.fixture
def handler():
    return RecordingHandler()


@pytest.fixture
async def server_url(handler):
    async with serving(OpampApp(Tokens(), handler, SystemClock())) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def files(built_programs, tmp_path, server_url):
    """Return the files of a host of this name; the token is its name. What it said is shown when a test fails."""
    written = {}

    def write(name):
        host = SupervisedHost(
            server_url, name, built_programs.collector, built_programs.supervisor, config_apply_seconds=1.0
        )
        written[name] = write_files(tmp_path / name, host)
        return written[name]

    yield write
    for name, of in written.items():
        print(f"--- {name}", *supervisor_log(of, 30), "--- its collector", *collector_log(of, 60), sep="\n")


@pytest.fixture
async def start():
    """Start a supervisor that is stopped with the test, off the loop that answers it."""
    async with AsyncExitStack() as stack:

        async def run(of):
            running = start_supervisor(of)
            stack.push_async_callback(asyncio.to_thread, running.stop)
            return running

        yield run
