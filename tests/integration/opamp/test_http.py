"""Agents over plain HTTP: by hand, and the client of the OpenTelemetry project for Python."""

import asyncio
import gzip
import uuid

import httpx
import pytest
from opentelemetry._opamp.agent import OpAMPAgent
from opentelemetry._opamp.callbacks import OpAMPCallbacks
from opentelemetry._opamp.client import OpAMPClient
from opentelemetry._opamp.proto import opamp_pb2 as theirs
from tests.support.opamp.fake_agent import FakeAgent, connected, full_report, heartbeat, new_agent
from tests.support.opamp.handler import until

from phoenix.edge.opamp.agents import ConfigStatus, Offer
from phoenix.edge.opamp.errors import AgentBusyError, AgentGoneError
from phoenix.edge.opamp.sweep import sweep
from phoenix.protocol import opamp_pb2 as pb

pytestmark = pytest.mark.anyio

CONFIG = "receivers: {otlp: {}}\nservice: {pipelines: {metrics: {receivers: [otlp]}}}\n"


@pytest.fixture
async def poll(port):
    """Send a message as an agent does that polls, and return the reply."""
    async with httpx.AsyncClient() as client:

        async def send(message, host="host-a", *, packed=False):
            body = message.SerializeToString()
            headers = {"authorization": f"Bearer {host}", "content-type": "application/x-protobuf"}
            if packed:
                headers["content-encoding"], body = "gzip", gzip.compress(body)
            reply = await client.post(f"http://127.0.0.1:{port}/v1/opamp", headers=headers, content=body)
            reply.raise_for_status()
            assert reply.headers["content-type"] == "application/x-protobuf"
            return pb.ServerToAgent.FromString(reply.content)

        yield send


async def test_an_offer_waits_for_the_next_poll_and_a_command_comes_alone(poll, handler):
    uid = uuid.uuid4().bytes
    reply = await poll(full_report(uid, 0), packed=True)
    assert reply.connection_settings.opamp.heartbeat_interval_seconds == 30
    assert reply.flags == pb.SERVER_TO_AGENT_FLAGS_REPORT_AVAILABLE_COMPONENTS
    await until(lambda: handler.agents)
    (agent,) = handler.agents.values()
    assert agent.transport == "http"
    await agent.offer(Offer(CONFIG, "01" * 32))
    await agent.offer(Offer(CONFIG + "# newer", "02" * 32))
    await agent.restart()
    reply = await poll(heartbeat(uid, 1))
    assert reply.remote_config.config_hash.hex() == "02" * 32
    assert not reply.HasField("command")
    with pytest.raises(AgentBusyError):
        await agent.offer(Offer(CONFIG, "03" * 32))
    reply = await poll(heartbeat(uid, 2))
    assert reply.HasField("command")
    assert not reply.HasField("remote_config")
    applied = heartbeat(uid, 3)
    applied.remote_config_status.status = pb.REMOTE_CONFIG_STATUSES_APPLIED
    applied.remote_config_status.last_remote_config_hash = bytes.fromhex("02" * 32)
    reply = await poll(applied)
    assert not reply.HasField("command")
    await agent.offer(Offer(CONFIG, "03" * 32))
    assert (await poll(heartbeat(uid, 4))).HasField("remote_config")


@pytest.mark.parametrize("limits", [{"heartbeat_seconds": 1, "silent_seconds": 1.1}], indirect=True)
async def test_an_agent_that_no_longer_polls_expires(app, poll, handler):
    await poll(full_report(uuid.uuid4().bytes, 0))
    await until(lambda: handler.agents)
    (agent,) = handler.agents.values()
    await asyncio.sleep(1.2)
    await sweep(app._hub)
    await until(lambda: handler.of("disconnected") == ["silent"])
    with pytest.raises(AgentGoneError):
        await agent.offer(Offer(CONFIG, "01" * 32))
    assert app._hub.admission._connections == {}


async def test_an_agent_that_the_handler_closes_must_come_back_later(app, poll, handler):
    uid = uuid.uuid4().bytes
    await poll(full_report(uid, 0))
    await until(lambda: handler.agents)
    await next(iter(handler.agents.values())).close("try again later")
    with pytest.raises(httpx.HTTPStatusError, match="429"):
        await poll(heartbeat(uid, 1))
    await until(lambda: handler.of("disconnected") == ["closed"])
    assert app._hub.admission._connections == {}


async def test_everything_is_asked_for_once_after_a_gap(poll, handler):
    uid = uuid.uuid4().bytes
    await poll(full_report(uid, 0))
    assert (await poll(heartbeat(uid, 5))).flags == pb.SERVER_TO_AGENT_FLAGS_REPORT_FULL_STATE
    assert (await poll(heartbeat(uid, 6))).flags == 0
    assert (await poll(full_report(uid, 7, name="renamed"))).flags == 0
    await until(lambda: handler.last("attributes")["host.name"] == "renamed")


@pytest.mark.parametrize("limits", [{"queue": 1, "queue_seconds": 0.05}], indirect=True)
async def test_a_poll_that_the_handler_has_no_room_for_begins_anew_when_it_is_repeated(poll, handler):
    uid = uuid.uuid4().bytes
    gate = handler.slow["host-a"] = asyncio.Event()
    await poll(full_report(uid, 0))
    with pytest.raises(httpx.HTTPStatusError, match="503"):
        await poll(full_report(uid, 1, name="renamed"))
    handler.slow.clear()
    gate.set()
    await until(lambda: handler.of("disconnected") == ["busy"])
    await poll(full_report(uid, 1, name="renamed"))
    await until(lambda: handler.last("attributes")["host.name"] == "renamed")
    assert len(handler.of("connected")) == 2


async def test_two_agents_that_take_turns_with_one_uid_are_told_apart(poll, handler, counted):
    uid = uuid.uuid4().bytes
    given = []
    for one, other in ((10, 500), (11, 501), (12, 502), (13, 503)):
        for number in (one, other):
            reply = await poll(full_report(uid, number))
            if reply.HasField("agent_identification"):
                given.append(reply.agent_identification.new_instance_uid)
    assert given
    assert set(given) == {given[0]}
    await poll(full_report(given[0], 600))
    await until(lambda: len(handler.agents) == 2)
    assert counted("phoenix_opamp_clashes") == 1
    assert len(handler.of("clashed")) == 1


async def test_a_poll_with_the_uid_of_a_live_socket_gets_another(port, poll, handler):
    async with connected(port, new_agent()) as socket:
        await socket.say_all()
        await until(lambda: handler.last("components"))
        reply = await poll(full_report(socket.uid, 0), "host-b")
        new = FakeAgent(reply.agent_identification.new_instance_uid)
        assert new.uid != socket.uid
        await poll(full_report(new.uid, 1), "host-b")
        await until(lambda: new.uid_text in handler.agents)
        assert handler.of("disconnected") == []


async def test_a_clone_that_polls_with_a_credential_of_its_own_gets_another_uid(poll, handler):
    uid = uuid.uuid4().bytes
    await poll(full_report(uid, 0))
    reply = await poll(full_report(uid, 0), "host-clone")
    assert reply.agent_identification.new_instance_uid not in (b"", uid)


async def test_an_agent_may_go_from_polling_to_a_socket(app, port, poll, handler):
    uid = uuid.uuid4().bytes
    await poll(full_report(uid, 0))
    async with connected(port, FakeAgent(uid)) as agent:
        await agent.say_all()
        await until(lambda: handler.of("disconnected") == ["replaced"])
        assert app.agents[agent.uid_text].transport == "websocket"
    assert handler.of("clashed") == []


class Applies(OpAMPCallbacks):
    """Applies every config that it gets."""

    def on_message(self, agent, client, message):
        if message.remote_config is None:
            return
        body = message.remote_config.config.config_map[""].body.decode()
        client.update_effective_config({"": body}, "text/yaml")
        for status in (theirs.RemoteConfigStatuses_APPLYING, theirs.RemoteConfigStatuses_APPLIED):
            update = client.update_remote_config_status(message.remote_config.config_hash, status)
            agent.send(client.build_remote_config_status_response_message(update))
        agent.send(client.build_full_state_message())


async def test_the_python_client_reports_and_applies_a_config(port, handler, counted):
    client = OpAMPClient(
        endpoint=f"http://127.0.0.1:{port}/v1/opamp",
        headers={"Authorization": "Bearer host-python"},
        agent_identifying_attributes={"service.name": "python"},
        agent_non_identifying_attributes={"host.name": "there"},
    )
    polling = OpAMPAgent(interval=0.1, callbacks=Applies(), client=client)
    polling.start()
    try:
        await until(lambda: handler.last("attributes"))
        assert handler.last("attributes") == {"service.name": "python", "host.name": "there"}
        (agent,) = handler.agents.values()
        await agent.offer(Offer(CONFIG, "0a" * 32))
        await until(lambda: handler.last("status") is ConfigStatus.APPLIED)
        await until(lambda: handler.last("effective") == CONFIG)
        assert handler.of("clashed") == []
    finally:
        await asyncio.to_thread(polling.stop, 5)
    await until(lambda: "goodbye" in handler.of("disconnected"))
    assert counted("phoenix_opamp_messages", transport="http", kind="bad") == 0
