"""Two agents with one uid, and one agent that comes back while its old socket still looks alive."""

import pytest
from tests.support.opamp.fake_agent import FakeAgent, connected, full_report, new_agent
from tests.support.opamp.handler import until

from phoenix.protocol import opamp_pb2 as pb

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("token", ["host-a", "host-clone"], ids=["same credential", "another host"])
async def test_the_newcomer_gets_a_uid_of_its_own_when_the_other_is_alive(app, port, handler, counted, token):
    async with connected(port, new_agent()) as first:
        await first.say_all()
        await until(lambda: handler.last("components"))
        async with connected(port, FakeAgent(first.uid), host=token) as second:
            await second.say_all()
            await until(lambda: len(handler.agents) == 2)
            assert second.uid != first.uid
            assert handler.of("clashed") == [first.uid_text]
            assert ("clashed", second.uid_text, first.uid_text) in handler.events
            assert app.agents[second.uid_text].principal.id == token
            assert handler.of("disconnected") == []
            await until(lambda: handler.last("attributes", second.uid_text))
    assert counted("phoenix_opamp_clashes") == 1


@pytest.mark.parametrize("limits", [{"probe_seconds": 0.2}], indirect=True)
async def test_an_agent_that_comes_back_takes_over_from_its_dead_socket(app, port, handler, counted):
    # One that does not answer is what a host looks like whose network went away.
    async with connected(port, new_agent(obliging=False)) as dead:
        await dead.say_all()
        await until(lambda: handler.agents)
        async with connected(port, FakeAgent(dead.uid)) as back:
            await back.beat()
            await until(lambda: handler.last("components"))
            assert back.uid == dead.uid
            assert handler.of("clashed") == []
            assert handler.of("disconnected") == ["replaced"]
            assert list(app.agents) == [back.uid_text]
            await dead.socket.wait_closed()
            assert dead.socket.close_reason == "another connection came with this instance uid"
    assert [event[0] for event in handler.events if event[0] != "reported"] == [
        "connected",
        "disconnected",
        "connected",
        "disconnected",
    ]
    assert counted("phoenix_opamp_clashes") == 0


async def test_an_agent_whose_socket_was_closed_comes_back_at_once(app, port, handler):
    async with connected(port, new_agent()) as first:
        await first.say_all()
        await until(lambda: handler.agents)
    async with connected(port, FakeAgent(first.uid)) as again:
        await again.say_all()
        await until(lambda: len(handler.of("connected")) == 2)
        assert list(app.agents) == [again.uid_text]
    assert handler.of("clashed") == []


async def test_one_that_keeps_the_uid_of_another_is_closed(port, handler):
    async with connected(port, new_agent()) as first:
        await first.say_all()
        await until(lambda: handler.agents)
        async with connected(port, FakeAgent(first.uid, obliging=False)) as stubborn:
            for _ in range(5):
                await stubborn.beat()
            await stubborn.socket.wait_closed()
            assert stubborn.socket.close_code == 1008
            assert "belongs to another agent that is connected" in str(stubborn.socket.close_reason)
        assert handler.of("disconnected") == []


async def test_one_that_has_not_taken_up_its_new_uid_is_given_the_same_again(port, handler):
    async with connected(port, new_agent()) as first:
        await first.say_all()
        await until(lambda: handler.agents)
        given = []
        for _ in range(2):
            async with connected(port, FakeAgent(first.uid, obliging=False)) as forgetful:
                await forgetful.beat()
                await until(forgetful.heard)
                given.append(forgetful.got[0].agent_identification.new_instance_uid)
        assert given[0] == given[1]
        assert len(handler.of("clashed")) == 1


async def test_an_agent_may_ask_for_a_uid(port, handler):
    async with connected(port, new_agent()) as agent:
        temporary = agent.uid_text
        report = full_report(agent.uid, 0)
        report.flags = pb.AGENT_TO_SERVER_FLAGS_REQUEST_INSTANCE_UID
        await agent.say(report)
        await until(lambda: agent.uid_text != temporary)
        next(agent.numbers)
        await agent.say_all()
        await until(lambda: agent.uid_text in handler.agents)
        assert handler.of("disconnected", temporary) == ["renamed"]
