"""Conformance: the stock supervisor with a real collector, over both transports."""

import pytest
from prometheus_client import CollectorRegistry
from tests.support.opamp.handler import until
from tests.support.opamp.server import serving
from tests.support.opamp.supervisor import config_text, offer_of, supervised

from phoenix.core.clock import SystemClock
from phoenix.edge.opamp.agents import ConfigStatus
from phoenix.edge.opamp.app import OpampApp
from phoenix.edge.opamp.session import wire

pytestmark = pytest.mark.anyio

START_SECONDS = 40


async def settled(handler, seconds=START_SECONDS):
    """Return the one agent once it has said what its collector is made of, and that it is up.

    An offer that meets a collector on its way up waits for it; one that crashes it then fails only after a while.
    """
    await until(lambda: handler.agents and handler.last("components"), seconds)
    await until(lambda: (health := handler.last("health")) and health.healthy, seconds)
    return next(iter(handler.agents.values()))


@pytest.mark.parametrize(
    ("scheme", "transport", "ending"), [("ws", "websocket", "goodbye"), ("http", "http", "silent")]
)
@pytest.mark.parametrize("limits", [{"heartbeat_seconds": 1, "silent_seconds": 5}], indirect=True)
async def test_reports_takes_a_config_and_restarts(
    *, port, handler, built_programs, tmp_path, counted, scheme, transport, ending
):
    async with supervised(tmp_path / "host-a", built_programs, f"{scheme}://127.0.0.1:{port}/v1/opamp") as supervisor:
        agent = await settled(handler)
        assert agent.transport == transport
        assert handler.last("attributes")["lab.name"] == "host-a"
        assert handler.last("capabilities") & 0x6803 == 0x6803
        assert "host_metrics" in handler.last("components")["receivers"]
        first = offer_of(config_text("rev-one"), 1)
        await agent.offer(first)
        await until(lambda: handler.last("status") is ConfigStatus.APPLIED, 60)
        assert [report.status_digest for report in handler.reports() if report.status][-1] == first.digest
        await until(lambda: "rev-one" in str(handler.last("effective")))
        await until(lambda: (health := handler.last("health")) and health.healthy and health.status == "StatusOK")
        healthy = len([report for report in handler.reports() if report.health])
        await agent.restart()
        await until(lambda: len([report for report in handler.reports() if report.health]) > healthy, 60)
        # The supervisor's own interval is 30 s, so it took the one that was offered.
        await until(lambda: counted("phoenix_opamp_messages", transport=transport, kind="heartbeat") > 1, 20)
        await supervisor.stop()
        # Over HTTP the supervisor says no goodbye.
        await until(lambda: handler.of("disconnected"), 20)
        assert handler.of("disconnected") == [ending]
        assert counted("phoenix_opamp_messages", transport=transport, kind="bad") == 0


async def test_a_config_that_crashes_the_collector_is_reported_as_failed(port, handler, built_programs, tmp_path):
    async with supervised(tmp_path / "host-a", built_programs, f"ws://127.0.0.1:{port}/v1/opamp"):
        agent = await settled(handler)
        bad = offer_of(config_text("rev-bad", exporters="no_such_exporter"), 1)
        await agent.offer(bad)
        await until(lambda: handler.last("status") is ConfigStatus.FAILED, 20)
        assert handler.last("status_error")
        # What follows a failure is offered at once: it is no longer in flight.
        good = offer_of(config_text("rev-good"), 2)
        await agent.offer(good)
        await until(lambda: handler.last("status") is ConfigStatus.APPLIED, 20)
        await until(lambda: "rev-good" in str(handler.last("effective")))


async def test_a_text_that_is_no_yaml_is_reported_as_failed(app, port, handler, built_programs, tmp_path):
    async with supervised(tmp_path / "host-a", built_programs, f"ws://127.0.0.1:{port}/v1/opamp"):
        agent = await settled(handler)
        # The app refuses to offer it, so it is sent past the app.
        await app.agents[agent.uid].line.send(wire.remote_config(agent.uid, offer_of("a:\n\t- [b", 1)))
        await until(lambda: handler.last("status") is ConfigStatus.FAILED, 20)
        assert "yaml" in handler.reports()[-1].status_error


async def test_after_a_restart_of_the_server_everything_is_asked_for_once(
    handler, tokens, built_programs, tmp_path, app
):
    async with serving(app) as port:
        url = f"ws://127.0.0.1:{port}/v1/opamp"
        async with supervised(tmp_path / "host-a", built_programs, url) as supervisor:
            uid = (await settled(handler)).uid
            # The server goes while the agent stays; it comes back on the same port with nothing remembered.
            await app.close()
            before = len(handler.events)
            registry = CollectorRegistry()
            again = OpampApp(tokens, handler, SystemClock(), registry=registry)
            app._hub, app._sweeper = again._hub, None
            await until(lambda: handler.last("components") and handler.agents, START_SECONDS)
            await until(lambda: any(getattr(rest, "attributes", None) for _, _, rest in handler.events[before:]))
            told = [event for event in handler.events[before:] if event[0] == "reported"]
            assert handler.agents.keys() == {uid}
            assert len([report for _, _, report in told if report.attributes]) == 1
            assert not any(report.new_process for _, _, report in told)
            await supervisor.stop()


async def test_two_supervisors_that_share_a_storage_folder_get_uids_of_their_own(
    *, app, port, handler, built_programs, tmp_path, counted
):
    url = f"ws://127.0.0.1:{port}/v1/opamp"
    shared = tmp_path / "shared"
    async with supervised(tmp_path / "one", built_programs, url, storage=shared):
        first = await settled(handler)
        async with supervised(tmp_path / "two", built_programs, url, storage=shared):
            await until(lambda: len(handler.agents) == 2, START_SECONDS)
            (other,) = handler.of("clashed")
            assert other == first.uid
            second = next(agent for uid, agent in handler.agents.items() if uid != first.uid)
            assert ("clashed", second.uid, first.uid) in handler.events
            await until(lambda: (said := handler.last("attributes", second.uid)) and said["lab.name"] == "two")
            assert set(app.agents) == {first.uid, second.uid}
            assert counted("phoenix_opamp_clashes") == 1
            # The first was only asked for a sign of life.
            assert handler.of("disconnected", first.uid) == []
