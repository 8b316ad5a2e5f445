"""The real supervisor and collector: from enrolling to proof, and back after what only the host could refuse."""

import asyncio
import itertools
import os
import signal
import socket
from contextlib import AsyncExitStack

import pytest
from tests.support.hosts.server import fleet_server
from tests.support.live.collector import free_port
from tests.support.live.otlp_sink import otlp_sink

from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.supervised.files import write_files
from phoenix.collector.supervised.model import SupervisedHost
from phoenix.collector.supervised.running import start_supervisor
from phoenix.control.fleet.diagnosis import diagnosis_of
from phoenix.control.fleet.model import FailureCode, HostState, Phase, Purpose
from phoenix.control.fleet.rules.diagnosis import Ailment
from phoenix.control.metering.model import MeterPlan
from phoenix.core.ids import ExperimentId

pytestmark = pytest.mark.anyio

SCRAPE_SECONDS = 1.0
SECONDS = 60


@pytest.fixture
def database_kind():
    """The store has its own tests on both databases; here the host is what is real."""
    return "sqlite"


@pytest.fixture
def sink():
    with otlp_sink() as server:
        yield server


@pytest.fixture
async def server(database, collector_binary):
    async with fleet_server(database, collector_binary, free_port()) as running:
        yield running


@pytest.fixture
async def start(server, built_programs, tmp_path):
    """Start a supervisor of an enrolled host; it is stopped with the test, off the loop that answers it."""
    async with AsyncExitStack() as stack:

        async def run(enrolled, folder="host"):
            host = SupervisedHost(
                server.url,
                enrolled.credential,
                built_programs.collector,
                built_programs.supervisor,
                config_apply_seconds=1.0,
            )
            running = start_supervisor(write_files(tmp_path / folder, host))
            stack.push_async_callback(asyncio.to_thread, running.stop)
            return running

        yield run


def config(sink, more_receivers="", receivers="host_metrics"):
    scraping = f"host_metrics: {{collection_interval: {SCRAPE_SECONDS}s, scrapers: {{memory: }}}}"
    return (
        f"receivers: {{{scraping}{more_receivers}}}\n"
        f"exporters: {{otlp_http/vendor: {{endpoint: '{sink.url}/vendor'}}}}\n"
        f"service: {{pipelines: {{metrics: {{receivers: [{receivers}], exporters: [otlp_http/vendor]}}}}}}\n"
    )


async def proved_host(server, start, sink):
    enrolled = await server.enrol("web-1", config(sink))
    supervisor = await start(enrolled)
    host = await server.until(enrolled.host.id, SECONDS, lambda it: it.proved == it.desired)
    return host, supervisor


async def register(server, composed, *, purpose=Purpose.STEADY, experiment=None, document=""):
    async with server.database.transaction() as session:
        return await server.fleet.register(
            session, composed, purpose=purpose, experiment=experiment, now=server.clock.now(), document=document
        )


def busy(server, sink, port):
    """Compose a config that every check passes and only this host refuses: the port is taken."""
    receivers = f", otlp: {{protocols: {{http: {{endpoint: '127.0.0.1:{port}'}}}}}}"
    document = ConfigDocument.parse(config(sink, receivers, "host_metrics, otlp"))
    return compose_steady(document, endpoint=server.endpoint, revision=server.revision())


def arrivals(sink):
    return [received.at for received in sink.received("/vendor")]


def longest_gap(times):
    return max(after - before for before, after in itertools.pairwise(times))


async def diagnosed(server, host):
    async with server.database.read() as session:
        return (await diagnosis_of(session, server.fleet, server.metering, host.id))[1]


async def explained(server, host, ailment):
    """Return the diagnosis once it is this one."""
    for _ in range(100):
        found = await diagnosed(server, host)
        if found.ailment is ailment:
            return found
        await asyncio.sleep(0.2)
    raise AssertionError(f"not {ailment}: {found}")


async def test_an_enrolled_host_runs_its_config_and_telemetry_proves_it(server, start, sink):
    host, _ = await proved_host(server, start, sink)
    assert (host.state, host.phase) == (HostState.CONNECTED, Phase.PROVED)
    assert host.verified == host.effective == host.desired
    assert host.collector_version == "0.160.0"
    healthy = await server.until(host.id, 10, lambda it: it.healthy)
    assert healthy.failure is None
    assert (await diagnosed(server, host)).ailment is Ailment.NONE


async def test_a_config_that_only_the_host_can_refuse_is_dark_for_two_scrapes_at_most(server, start, sink):
    host, supervisor = await proved_host(server, start, sink)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bad = await register(server, busy(server, sink, taken.getsockname()[1]))
        await server.want(host.id, bad.id)
        failed = await server.until(host.id, SECONDS, lambda it: it.failure is not None)
        assert failed.failure is not None
        assert (failed.failure.revision, failed.failure.code) == (bad.id, FailureCode.REFUSED_BY_HOST)
        back = await server.until(host.id, SECONDS, lambda it: it.proved == host.verified)
        assert back.verified == host.verified
        await asyncio.sleep(3 * SCRAPE_SECONDS)
        assert longest_gap(arrivals(sink)) < 3 * SCRAPE_SECONDS, "more than two scrapes were missed"
        diagnosis = await diagnosed(server, host)
        assert diagnosis.ailment is Ailment.CONFIG_FAILED
        # The poison holds, whoever asks, and a restart of the supervisor loads the good one.
        await server.want(host.id, bad.id)
        await asyncio.to_thread(supervisor.stop)
        await server.until(host.id, 10, lambda it: it.proved == host.verified)
        before = len(arrivals(sink))
        restarted = start_supervisor(supervisor.files)
        try:
            await asyncio.to_thread(sink.wait_for, "/vendor", before + 3)
            await server.until(host.id, 10, lambda it: it.effective == host.verified)
        finally:
            await asyncio.to_thread(restarted.stop)


async def test_a_failed_config_runs_when_it_comes_again_as_another_revision(server, start, sink):
    host, _ = await proved_host(server, start, sink)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        bad = await register(server, busy(server, sink, taken.getsockname()[1]))
        await server.want(host.id, bad.id)
        await server.until(host.id, SECONDS, lambda it: it.failure is not None and it.proved == host.verified)
    async with server.database.transaction() as session:
        again = await server.fleet.repeat(session, bad, now=server.clock.now())
    await server.want(host.id, again.id)
    found = await server.until(host.id, SECONDS, lambda it: it.proved == again.id)
    assert (found.verified, found.failure) == (again.id, None)


async def test_an_experiment_is_proved_when_its_baseline_reaches_the_meter(server, start, sink):
    host, _ = await proved_host(server, start, sink)
    experiment = ExperimentId("exp-1")
    async with server.database.transaction() as session:
        await server.metering.open_meter(session, experiment, MeterPlan(10.0))
    document = ConfigDocument.parse(config(sink))
    composed = compose_pair(
        document, document, endpoint=server.endpoint, experiment=experiment, revision=server.revision()
    )
    pair = await register(server, composed, purpose=Purpose.EXPERIMENT, experiment=experiment)
    await server.want(host.id, pair.id)
    running = await server.until(host.id, SECONDS, lambda it: it.proved == pair.id)
    assert running.verified == host.verified
    async with server.database.transaction() as session:
        await server.fleet.restore(session, [host.id], reason="ended", now=server.clock.now())
    back = await server.until(host.id, SECONDS, lambda it: it.proved == host.verified)
    assert back.desired == host.verified


async def test_a_wrong_key_at_the_vendor_is_seen_although_the_collector_is_healthy(server, start, sink):
    sink.refuse("/wrong", 401)
    enrolled = await server.enrol("web-1", config(sink).replace("/vendor'", "/wrong'"))
    await start(enrolled)
    await server.until(enrolled.host.id, SECONDS, lambda it: it.phase is Phase.APPLIED and it.healthy)
    diagnosis = await explained(server, enrolled.host, Ailment.EXPORTER_FAILING)
    assert "otlp_http/vendor" in diagnosis.why[0]
    assert (await server.get(enrolled.host.id)).proved is None, "applied and healthy is no proof"


async def test_a_crashed_collector_changes_only_the_health(server, start, sink):
    host, supervisor = await proved_host(server, start, sink)
    os.kill(supervisor.collector_pid, signal.SIGKILL)
    await server.until(host.id, 20, lambda it: it.healthy is False)
    found = await server.until(host.id, 30, lambda it: it.healthy)
    assert (found.proved, found.failure) == (host.proved, None)


async def test_a_clone_with_the_same_credential_gets_nothing_while_the_first_is_live(server, start, sink):
    enrolled = await server.enrol("web-1", config(sink))
    first = await start(enrolled)
    host = await server.until(enrolled.host.id, SECONDS, lambda it: it.proved == it.desired)
    second = await start(enrolled, "clone")
    clash = await server.until(host.id, SECONDS, lambda it: it.state is HostState.CLASH)
    assert (clash.uid, clash.proved) == (host.uid, host.proved)
    assert not (second.files.storage / "last_recv_remote_config.dat").exists(), "the clone was offered something"
    assert (await diagnosed(server, host)).ailment is Ailment.CLASH
    await asyncio.to_thread(first.stop)
    moved = await server.until(host.id, SECONDS, lambda it: it.uid != host.uid and it.proved == it.desired)
    assert moved.state is HostState.CONNECTED
