"""The contract with the feature above, spoken by a fake agent over a real socket."""

import pytest
from tests.support.opamp.fake_agent import connected, new_agent
from tests.support.opamp.handler import until

from phoenix.edge.opamp.agents import ConfigStatus, Offer
from phoenix.edge.opamp.errors import AgentBusyError, AgentGoneError, OfferEmptyError
from phoenix.protocol import opamp_pb2 as pb

pytestmark = pytest.mark.anyio

CONFIG = "receivers: {otlp: {}}\nservice: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}\n"


def offer(mark: int) -> Offer:
    return Offer(f"{CONFIG}# {mark}\n", f"{mark:064x}")


async def test_tells_the_handler_what_a_new_agent_says(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.last("components"))
    await until(lambda: handler.of("disconnected"))
    assert [event[0] for event in handler.events] == ["connected", "reported", "reported", "disconnected"]
    first = handler.reports()[0]
    assert first.attributes == {"service.name": "otelcol", "host.name": "host-a", "cores": "2"}
    assert first.health.healthy
    assert first.health.components["pipeline:metrics"].healthy
    assert first.effective.startswith("receivers")
    assert (first.new_process, first.status) == (True, ConfigStatus.UNSET)
    assert handler.last("components") == {"receivers": ("host_metrics", "otlp")}
    assert app.agents == {}


async def test_asks_for_everything_once_after_a_reconnect_that_says_nothing(port, handler):
    agent = new_agent()
    for _ in range(7):
        next(agent.numbers)
    async with connected(port, agent):
        await agent.beat()
        await until(lambda: handler.last("components"))
        for _ in range(3):
            await agent.beat()
        await until(lambda: len(agent.got) == 6)
    assert (agent.full_asked, agent.components_asked) == (1, 1)
    assert agent.heartbeats_offered() == [30]
    assert not any(message.connection_settings.opamp.destination_endpoint for message in agent.got)


async def test_heartbeats_reach_the_registry_and_not_the_handler(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.last("components"))
        before, told = app.agents[agent.uid_text].last_heard, len(handler.events)
        await agent.beat()
        await until(lambda: app.agents[agent.uid_text].last_heard > before)
        assert app.last_heard(before) == {"host-a": app.agents[agent.uid_text].last_heard}
        assert len(handler.events) == told


async def test_offers_one_config_at_a_time(port, handler, counted):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.last("components"))
        live = handler.agents[agent.uid_text]
        await live.offer(offer(1))
        await until(agent.offers)
        assert agent.offers()[0].config.config_map[""].body.decode() == offer(1).text
        assert agent.offers()[0].config_hash.hex() == offer(1).digest
        with pytest.raises(AgentBusyError):
            await live.offer(offer(2))
        assert counted("phoenix_opamp_offers") == 1
        await agent.say_status(offer(1).digest, pb.REMOTE_CONFIG_STATUSES_APPLYING)
        await agent.say_status(offer(1).digest, pb.REMOTE_CONFIG_STATUSES_FAILED, "no such thing")
        await until(lambda: handler.last("status") is ConfigStatus.FAILED)
        assert handler.reports()[-1].status_error == "no such thing"
        await live.offer(offer(2))
        await until(lambda: len(agent.offers()) == 2)


@pytest.mark.parametrize(
    "text", ["", "{}", "receivers: {otlp: {}}", "service: {pipelines: {}}", "a: [\tb", "service: 3"]
)
async def test_offers_nothing_that_would_stop_the_collector(port, handler, text):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        with pytest.raises(OfferEmptyError):
            await handler.agents[agent.uid_text].offer(Offer(text, "ab" * 32))
        assert agent.offers() == []


async def test_a_restart_command_comes_alone(port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        await handler.agents[agent.uid_text].restart()
        await until(agent.commands)
        command = agent.commands()[0]
        assert (command.flags, command.HasField("remote_config")) == (0, False)


async def test_says_that_an_agent_is_gone(port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        live = handler.agents[agent.uid_text]
    await until(lambda: handler.of("disconnected"))
    with pytest.raises(AgentGoneError):
        await live.offer(offer(1))
    with pytest.raises(AgentGoneError):
        await live.restart()


async def test_a_goodbye_is_told_and_ends_the_agent(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        goodbye = pb.AgentToServer(instance_uid=agent.uid, sequence_num=next(agent.numbers))
        goodbye.agent_disconnect.SetInParent()
        await agent.say(goodbye)
        await until(lambda: handler.of("disconnected"))
        assert handler.of("disconnected") == ["goodbye"]
        assert handler.reports()[-1].goodbye
        assert app.agents == {}
    assert handler.of("disconnected") == ["goodbye"]


async def test_an_agent_may_change_its_uid_on_the_same_socket(app, port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        old, agent.uid = agent.uid_text, new_agent().uid
        await agent.say_all()
        await until(lambda: agent.uid_text in handler.agents)
        assert handler.of("disconnected", old) == ["renamed"]
        assert list(app.agents) == [agent.uid_text]
