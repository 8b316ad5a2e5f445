"""A host under the stock supervisor: it starts wherever, runs what is composed for it, and ends without a trace."""

import asyncio
import socket
import subprocess
import sys
from contextlib import contextmanager
from functools import partial

import httpx
import pytest
from tests.support.live.collector import free_port
from tests.support.live.otlp_sink import telemetry_resource
from tests.support.opamp.handler import until

from phoenix.collector.binary import child
from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.supervised.errors import SupervisorEndedError, SupervisorRunningError
from phoenix.collector.supervised.log import collector_log
from phoenix.collector.supervised.processes import collectors, supervisors
from phoenix.collector.supervised.running import start_supervisor
from phoenix.core.ids import ExperimentId, RevisionId
from phoenix.edge.opamp.agents import ConfigStatus, Offer

pytestmark = pytest.mark.anyio

SECONDS = 60


@pytest.fixture
def port_8888_taken():
    """Another collector's own metrics, as far as ports go; whoever holds the port already does as well."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("127.0.0.1", 8888))
            other.listen()
        except OSError:
            pass
        yield


def document(sink, telemetry=""):
    return ConfigDocument.parse(
        "receivers: {host_metrics: {collection_interval: 200ms, scrapers: {memory: , cpu: }}}\n"
        f"exporters: {{otlp_http/production: {{endpoint: '{sink.url}/production'}}}}\n"
        f"service:\n  telemetry: {{{telemetry}}}\n"
        "  pipelines: {metrics: {receivers: [host_metrics], exporters: [otlp_http/production]}}\n"
    )


def endpoint(sink):
    return PhoenixEndpoint(sink.url, own_interval_seconds=0.3)


def steady(sink, revision="rev-1", telemetry=""):
    return compose_steady(document(sink, telemetry), endpoint=endpoint(sink), revision=RevisionId(revision))


def offer(composed):
    return Offer(composed.text, composed.digest)


async def ready(handler, count=1):
    """Wait until that many agents may be offered a config: each has said how its collector is since it started.

    A supervisor connects before it has read the config it stored, and then runs that whatever came meanwhile, while it
    reports the offer as applied. Once its collector has said anything, that is over.
    """

    def started(uid):
        health = handler.last("health", uid)
        return health and (health.status or health.error)

    await until(lambda: len(handler.agents) == count and all(started(uid) for uid in handler.agents), SECONDS)


async def arrives(sink, part, count):
    await until(lambda: len(sink.received(part)) >= count, SECONDS)


async def test_runs_what_is_offered_beside_a_collector_that_holds_8888(port_8888_taken, handler, files, start, sink):
    own_port = free_port()
    reader = f"{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {own_port}}}}}}}}}"
    composed = steady(sink, telemetry=f"metrics: {{readers: [{reader}]}}, resource: {{team: a}}")
    running = await start(files("host-a"))
    await ready(handler)
    (agent,) = handler.agents.values()
    await agent.offer(offer(composed))
    await arrives(sink, "/own/", 2)
    await arrives(sink, "/production/", 2)

    last = sink.received("/own/")[-1]
    said = telemetry_resource(last.message)
    assert (said["phoenix.revision"], said["team"], said["service.instance.id"]) == ("rev-1", "a", agent.uid)
    assert last.authorization == "Bearer host-a"
    async with httpx.AsyncClient() as client:
        scraped = await client.get(f"http://127.0.0.1:{own_port}/metrics")
    assert "otelcol_exporter_sent_metric_points" in scraped.text
    await until(lambda: handler.last("status") is ConfigStatus.APPLIED, SECONDS)
    await until(lambda: "phoenix.revision: rev-1" in str(handler.last("effective")), SECONDS)
    running.check()


async def test_runs_an_experiment_and_goes_back(handler, files, start, sink):
    await start(files("host-a"))
    await ready(handler)
    (agent,) = handler.agents.values()
    await agent.offer(offer(steady(sink, "rev-1")))
    await arrives(sink, "/production/", 1)
    pid = collectors(files("host-a"))[0].pid
    experiment, revision = ExperimentId("exp-1"), RevisionId("rev-2")
    paired = compose_pair(
        document(sink), document(sink), endpoint=endpoint(sink), experiment=experiment, revision=revision
    )
    await until(lambda: handler.last("status") is ConfigStatus.APPLIED, SECONDS)
    await agent.offer(offer(paired))
    await arrives(sink, "/otlp/exp-1/candidate/rev-2/", 3)
    await arrives(sink, "/otlp/exp-1/baseline/rev-2/", 3)
    await until(lambda: handler.reports()[-1].status_digest == paired.digest, SECONDS)
    await until(lambda: handler.last("status") is ConfigStatus.APPLIED, SECONDS)
    await agent.offer(offer(steady(sink, "rev-3")))
    await until(lambda: telemetry_resource(sink.received("/own/")[-1].message)["phoenix.revision"] == "rev-3", SECONDS)
    # Each config is a new process: what the arms held in memory is gone with the old one.
    assert pid not in [process.pid for process in collectors(files("host-a"))]


async def test_an_offer_while_the_collector_starts_is_applied(handler, files, start, sink):
    # With reloads by SIGHUP some of these are reported as failed.
    host = files("host-a")
    for number in range(6):
        running = await start(host)
        await ready(handler)
        (agent,) = handler.agents.values()
        await asyncio.sleep(number * 0.005)
        composed = steady(sink, f"rev-{number}")
        await agent.offer(offer(composed))
        await until(partial(ends_of, handler, composed), SECONDS)
        assert ends_of(handler, composed) == [ConfigStatus.APPLIED]
        assert composed.revision in host.effective.read_text()
        await asyncio.to_thread(running.stop)
        await until(lambda: not handler.agents, SECONDS)
        handler.events.clear()


def ends_of(handler, composed):
    """Return how the supervisor says that an offer ended."""
    done = (ConfigStatus.APPLIED, ConfigStatus.FAILED)
    said = [report for report in handler.reports() if report.status_digest == composed.digest]
    return [report.status for report in said if report.status in done]


async def test_two_hosts_start_together_on_one_machine(handler, files, start, sink):
    for name in ("host-a", "host-b"):
        await start(files(name))
    await ready(handler, 2)
    for agent in list(handler.agents.values()):
        await agent.offer(offer(steady(sink)))
    seen = lambda: {telemetry_resource(r.message)["service.instance.id"] for r in sink.received("/own/")}  # noqa: E731
    await until(lambda: seen() == set(handler.agents), SECONDS)
    assert {request.authorization for request in sink.received("/own/")} == {"Bearer host-a", "Bearer host-b"}


async def test_whoever_runs_a_supervisor_is_killed_and_starts_again(handler, files, start, sink):
    host = files("host-a")
    with another_process(host) as other:
        await ready(handler)
        (agent,) = handler.agents.values()
        await agent.offer(offer(steady(sink)))
        await arrives(sink, "/production/", 2)
        other.kill()
        other.wait()
    await until(lambda: not supervisors(host), 10)
    # The collector goes on for a moment: it has not been killed, and no supervisor may start beside it.
    (orphan,) = collectors(host)
    again = await start(host)
    assert orphan.pid not in {process.pid for process in collectors(host)}
    assert await most_collectors(host, sink) == 1
    again.check()


async def test_an_orphan_ends_in_order_when_nothing_starts_again(handler, files, sink):
    host = files("host-a")
    with another_process(host) as other:
        await ready(handler)
        (agent,) = handler.agents.values()
        await agent.offer(offer(steady(sink)))
        await arrives(sink, "/production/", 2)
        other.kill()
        other.wait()
    await until(lambda: not collectors(host), 10)
    assert any("Shutdown complete" in line for line in collector_log(host, 3))


@contextmanager
def another_process(host):
    """Run the supervisor from a process that can be killed."""
    code = (
        "import time; from pathlib import Path\n"
        "from phoenix.collector.supervised.model import SupervisorFiles\n"
        "from phoenix.collector.supervised.running import start_supervisor\n"
        f"start_supervisor(SupervisorFiles(Path({str(host.folder)!r}), Path({str(host.supervisor)!r})))\n"
        "time.sleep(600)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def most_collectors(host, sink):
    """Return how many collectors there were at most until three more scrapes came."""
    before, most = len(sink.received("/production/")), 0
    async with asyncio.timeout(SECONDS):
        while len(sink.received("/production/")) < before + 3:
            most = max(most, len(collectors(host)))
            await asyncio.sleep(0.02)
    return most


async def test_stopping_leaves_no_process_and_says_goodbye(handler, files, start, sink):
    host = files("host-a")
    running = await start(host)
    await ready(handler)
    (agent,) = handler.agents.values()
    await agent.offer(offer(steady(sink)))
    await arrives(sink, "/production/", 2)
    await asyncio.to_thread(running.stop)
    assert (running.process.returncode, collectors(host), supervisors(host)) == (0, [], [])
    await until(lambda: handler.of("disconnected") == ["goodbye"], SECONDS)
    await asyncio.to_thread(running.stop)


async def test_stopping_at_once_leaves_no_process(files, start):
    host = files("host-a")
    running = await start(host)
    await asyncio.to_thread(running.stop)
    assert (collectors(host), supervisors(host)) == ([], [])


async def test_a_second_supervisor_on_the_same_files_is_refused(handler, files, start):
    host = files("host-a")
    await start(host)
    with pytest.raises(SupervisorRunningError):
        start_supervisor(host)


async def test_the_collectors_last_words_are_kept(handler, files, start, sink):
    host = files("host-a")
    await start(host)
    await ready(handler)
    (agent,) = handler.agents.values()
    await until(lambda: (health := handler.last("health")) and health.healthy, SECONDS)
    text = steady(sink).text.replace("memory: null", "no_such_scraper: {}")
    await agent.offer(Offer(text, "0" * 64))
    await until(lambda: handler.last("status") is ConfigStatus.FAILED, SECONDS)
    assert any("no_such_scraper" in line for line in collector_log(host)), collector_log(host)


async def test_a_supervisor_that_ends_by_itself_says_why(files, start):
    host = files("host-a")
    host.config.write_text("server: {endpoint: nowhere}\n")
    running = await start(host)
    await asyncio.to_thread(running.process.wait)
    with pytest.raises(SupervisorEndedError) as failure:
        running.check()
    assert child.ending(1) in failure.value.message
    assert "nowhere" in str(failure.value.details["output"]) or "endpoint" in str(failure.value.details["output"])
