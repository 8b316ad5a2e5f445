"""Storms, slow handlers, silence and the end of the server."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.support.opamp.fake_agent import connected, new_agent
from tests.support.opamp.handler import until
from websockets.exceptions import InvalidStatus

from phoenix.edge.opamp.sweep import sweep
from phoenix.protocol import opamp_pb2 as pb

pytestmark = pytest.mark.anyio


async def test_a_slow_handler_of_one_host_keeps_back_no_other(port, handler):
    handler.slow["host-slow"] = asyncio.Event()
    async with connected(port, new_agent(), host="host-slow") as slow, connected(port, new_agent()) as fast:
        await slow.say_all()
        await fast.say_all()
        await until(lambda: handler.last("components", fast.uid_text))
        assert handler.of("connected", slow.uid_text) == []
        handler.slow.pop("host-slow").set()
        await until(lambda: handler.last("components", slow.uid_text))
        events = [event[0] for event in handler.events if event[1] == slow.uid_text]
        assert events == ["connected", "reported", "reported"]


@pytest.mark.parametrize("limits", [{"queue": 4, "queue_seconds": 0.2}], indirect=True)
async def test_an_agent_that_says_more_than_the_handler_takes_is_sent_away_for_later(port, handler, counted):
    gate = handler.slow["host-a"] = asyncio.Event()
    async with connected(port, new_agent(obliging=False)) as agent:
        await agent.say_all()
        for number in range(10):
            await agent.say_status(f"{number:02x}", pb.REMOTE_CONFIG_STATUSES_APPLYING)
        await agent.socket.wait_closed()
        assert agent.socket.close_code == 1013
        gate.set()
    await until(lambda: handler.of("disconnected") == ["busy"])
    assert counted("phoenix_opamp_closed", reason="busy") == 1


async def test_a_report_that_the_handler_fails_on_is_asked_for_again_and_ends_nothing(port, handler, counted):
    async with connected(port, new_agent(obliging=False)) as agent:
        await agent.say_all()
        await until(handler.reports)
        handler.broken = True
        await agent.say_status("ab", pb.REMOTE_CONFIG_STATUSES_APPLYING)
        await until(lambda: counted("phoenix_opamp_handler_errors") == 1)
        handler.broken = False
        assert agent.full_asked == 0
        await agent.beat()
        await until(lambda: agent.full_asked == 1)
        await agent.say_all()
        await until(lambda: handler.reports()[-1].attributes)
        assert handler.of("disconnected") == []


@pytest.mark.parametrize("limits", [{"joining": 2}], indirect=True)
async def test_more_agents_than_can_join_at_once_are_told_when_to_come_back(app, port, handler, counted):
    gate = handler.slow["host-a"] = asyncio.Event()
    async with connected(port, new_agent()) as one, connected(port, new_agent()) as two:
        with pytest.raises(InvalidStatus) as refused:
            await connected(port, new_agent(), host="host-b").__aenter__()
        assert refused.value.response.status_code == 503
        assert 1 <= int(refused.value.response.headers["retry-after"]) <= 4
        await one.say_all()
        await two.say_all()
        gate.set()
        await until(lambda: app._hub.admission.joining == 0)
        async with connected(port, new_agent(), host="host-b") as third:
            await third.say_all()
            await until(lambda: third.uid_text in handler.agents)
    await until(lambda: not app.agents)
    assert app._hub.admission._connections == {}
    assert counted("phoenix_opamp_refused", reason="storm") == 1


@pytest.mark.parametrize("limits", [{"connections_per_host": 2}], indirect=True)
async def test_one_credential_opens_only_so_many_connections(port):
    async with connected(port, new_agent()), connected(port, new_agent()):
        with pytest.raises(InvalidStatus) as refused:
            await connected(port, new_agent()).__aenter__()
    assert refused.value.response.status_code == 429


@pytest.mark.parametrize("limits", [{"heartbeat_seconds": 1, "silent_seconds": 1.1}], indirect=True)
async def test_an_agent_without_its_heartbeats_is_closed(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.last("components"))
        await sweep(app._hub)
        assert app.agents
        await asyncio.sleep(1.2)
        await sweep(app._hub)
        await until(lambda: handler.of("disconnected") == ["silent"])
        await agent.socket.wait_closed()
        assert agent.socket.close_reason == "nothing was heard for 1.1 s"


async def test_the_end_of_the_server_closes_all_and_tells_all_and_may_come_twice(app, port, handler):
    async with connected(port, new_agent()) as one, connected(port, new_agent(), host="host-b") as two:
        await one.say_all()
        await two.say_all()
        await until(lambda: len(handler.agents) == 2)
        await asyncio.gather(app.close(), app.close())
        await app.close()
        assert handler.of("disconnected") == ["stopping", "stopping"]
        for agent in (one, two):
            await agent.socket.wait_closed()
            assert (agent.socket.close_code, agent.socket.close_reason) == (1001, "the server is stopping")
        with pytest.raises(InvalidStatus) as refused:
            await connected(port, new_agent()).__aenter__()
        assert refused.value.response.status_code == 503
    assert app.agents == {}


@pytest.mark.parametrize("limits", [{"drain_seconds": 0.2}], indirect=True)
async def test_the_end_of_the_server_does_not_wait_for_ever_for_the_handler(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        handler.slow["host-a"] = asyncio.Event()
        async with asyncio.timeout(5):
            await app.close()
    assert handler.of("disconnected") == []


async def test_an_agent_that_the_handler_closes_is_not_back_at_once(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        await handler.agents[agent.uid_text].close("try again later")
        await agent.socket.wait_closed()
        assert (agent.socket.close_code, agent.socket.close_reason) == (1000, "try again later")
    with pytest.raises(InvalidStatus) as refused:
        await connected(port, new_agent()).__aenter__()
    assert refused.value.response.status_code == 429
    await until(lambda: handler.of("disconnected") == ["closed"])
    assert app.agents == {}


async def test_a_host_can_be_closed(app, port, handler):
    async with connected(port, new_agent()) as one, connected(port, new_agent(), host="host-b") as two:
        await one.say_all()
        await two.say_all()
        await until(lambda: len(handler.agents) == 2)
        await app.close_host("host-a", "enrolled again")
        await one.socket.wait_closed()
        assert one.socket.close_reason == "enrolled again"
        assert list(app.agents) == [two.uid_text]
        assert set(app.last_heard(datetime.min.replace(tzinfo=UTC))) == {"host-b"}
