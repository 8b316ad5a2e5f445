"""What comes to a port that is no agent, or a broken one: no harm, and it is counted."""

import asyncio
import contextlib
import gzip
import uuid

import httpx
import pytest
from tests.support.opamp.fake_agent import connected, full_report, heartbeat, new_agent
from tests.support.opamp.handler import until
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from phoenix.core.errors import UnavailableError
from phoenix.edge.opamp.sweep import sweep
from phoenix.edge.principal import Principal, PrincipalKind
from phoenix.protocol import opamp_pb2 as pb

pytestmark = pytest.mark.anyio

UID = uuid.uuid4().bytes


def opened(port, host="host-bad"):
    headers = {"authorization": f"Bearer {host}"} if host else {}
    return connect(f"ws://127.0.0.1:{port}/v1/opamp", additional_headers=headers, compression=None, max_size=None)


async def closing(socket):
    """Return code and reason of the close frame, after whatever else comes."""
    with contextlib.suppress(ConnectionClosed):
        async for _ in socket:
            pass
    return socket.close_code, socket.close_reason


@pytest.mark.parametrize(("token", "status"), [("", 401), ("nobody", 401), ("alice", 403), ("enrol", 403)])
async def test_refuses_who_is_no_host(port, token, status, counted):
    with pytest.raises(InvalidStatus) as refused:
        await opened(port, token).__aenter__()
    assert refused.value.response.status_code == status
    assert 60 <= int(refused.value.response.headers["retry-after"]) <= 120
    assert counted("phoenix_opamp_refused", reason="unauthorized" if status == 401 else "forbidden") == 1


async def test_refuses_a_host_without_the_scope(port, tokens, monkeypatch):
    async def authenticate(token):
        return Principal(token, PrincipalKind.HOST, token, frozenset())

    monkeypatch.setattr(tokens, "authenticate", authenticate)
    with pytest.raises(InvalidStatus) as refused:
        await opened(port).__aenter__()
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("failing", [UnavailableError("the database is away"), ZeroDivisionError()])
async def test_asks_to_come_back_when_nobody_can_tell_who_it_is(port, tokens, failing):
    tokens.failing = failing
    with pytest.raises(InvalidStatus) as refused:
        await opened(port).__aenter__()
    assert refused.value.response.status_code == 503
    assert int(refused.value.response.headers["retry-after"]) <= 10


@pytest.mark.parametrize("limits", [{"reauthenticate_seconds": 0}], indirect=True)
async def test_closes_an_agent_whose_credential_was_withdrawn(app, port, tokens, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await until(lambda: handler.agents)
        await sweep(app._hub)
        assert app.agents
        tokens.withdrawn.add("host-a")
        await sweep(app._hub)
        await until(lambda: handler.of("disconnected") == ["credential"])
        await agent.socket.wait_closed()
        assert (agent.socket.close_code, agent.socket.close_reason) == (1008, "the credential is no longer valid")


@pytest.mark.parametrize(
    "frame",
    [b"", b"\x01\x00", b"\x00", b"\x00\xff\xff\xff", b"\x00\x0a\x10short", b"\x00" + b"\x0a\x10" + bytes(16)],
    ids=["empty", "header", "nothing", "garbage", "truncated", "zero uid"],
)
async def test_says_what_is_wrong_with_a_frame_and_closes_in_the_end(port, frame, counted, handler):
    async with opened(port) as socket:
        for _ in range(2):
            await socket.send(frame)
            reply = pb.ServerToAgent.FromString((await socket.recv())[1:])
            assert reply.error_response.type == pb.SERVER_ERROR_RESPONSE_TYPE_BAD_REQUEST
            assert reply.error_response.error_message
        await socket.send(frame)
        code, reason = await closing(socket)
    assert (code, bool(reason)) == (1007, True)
    assert counted("phoenix_opamp_messages", transport="websocket", kind="bad") == 3
    assert handler.events == []


async def test_one_bad_frame_does_not_end_an_agent(port, handler):
    async with connected(port, new_agent()) as agent:
        await agent.say_all()
        await agent.socket.send(b"\x00\xff")
        await until(lambda: any(message.HasField("error_response") for message in agent.got))
        await until(lambda: handler.last("components"))
        assert handler.of("disconnected") == []


async def test_closes_a_socket_that_sends_text(port):
    async with opened(port) as socket:
        await socket.send("hello")
        assert await closing(socket) == (1003, "OpAMP frames are binary, and this one is text")


@pytest.mark.parametrize("limits", [{"message_bytes": 10_000}], indirect=True)
async def test_closes_a_socket_whose_message_is_too_large_with_its_size(port, handler):
    async with opened(port) as socket:
        await socket.send(b"\x00" + full_report(UID, 0, effective="x" * 9_000).SerializeToString())
        await socket.recv()
        await socket.send(b"\x00" + full_report(UID, 1, effective="x" * 20_000).SerializeToString())
        code, reason = await closing(socket)
    assert code == 1009
    assert reason.startswith("a message may have 10000 bytes; this one has 20")
    await until(lambda: handler.of("disconnected") == ["misbehaved"])


async def test_a_message_beyond_what_the_web_server_takes_is_counted_too(port, counted):
    async with opened(port) as socket:
        with contextlib.suppress(ConnectionClosed):
            await socket.send(bytes(17 * 1024 * 1024))
        await socket.wait_closed()
    await until(lambda: counted("phoenix_opamp_messages", transport="websocket", kind="bad") == 1)


async def test_keeps_a_host_away_that_misbehaves_longer_each_time(app, port, counted):
    async with opened(port) as socket:
        await socket.send("hello")
        await closing(socket)
    with pytest.raises(InvalidStatus) as refused:
        await opened(port).__aenter__()
    assert refused.value.response.status_code == 429
    assert int(refused.value.response.headers["retry-after"]) >= 1
    async with connected(port, new_agent(), host="host-other") as other:
        await other.say_all()
        await until(lambda: app.agents)
    assert counted("phoenix_opamp_refused", reason="penalty") == 1


@pytest.mark.parametrize("limits", [{"first_message_seconds": 0.2}], indirect=True)
async def test_closes_a_socket_that_says_nothing(port):
    async with opened(port) as socket:
        assert await closing(socket) == (1008, "no message within 0.2 s")


@pytest.mark.parametrize("limits", [{"first_message_seconds": 0.2}], indirect=True)
async def test_closes_a_socket_whose_first_frame_never_ends(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"GET /v1/opamp HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
        b"sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
        b"authorization: Bearer host-a\r\n\r\n"
        b"\x82\xfe\xff\xff"
    )
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    assert b" 101 " in answer
    closed = await asyncio.wait_for(reader.read(100), 5)
    assert closed[:1] == b"\x88"
    writer.close()


@pytest.mark.parametrize("limits", [{"body_seconds": 0.2}], indirect=True)
async def test_a_body_that_drips_is_given_up_on(port, counted):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        b"POST /v1/opamp HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000\r\n"
        b"authorization: Bearer host-a\r\n\r\nabc"
    )
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    assert counted("phoenix_opamp_messages", transport="http", kind="bad") == 1
    writer.close()


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"\xff", 400),
        ({}, b"", 400),
        ({"content-type": "text/plain"}, b"", 415),
        ({"content-encoding": "br"}, b"x", 415),
        ({"content-encoding": "gzip"}, b"no gzip", 400),
        ({"content-encoding": "gzip"}, gzip.compress(bytes(1000), mtime=0)[:-9], 400),
        ({"content-encoding": "gzip"}, gzip.compress(bytes(50_000_000), mtime=0), 413),
        ({}, bytes(10_001), 413),
        ({"authorization": "Bearer nobody"}, b"", 401),
        ({"authorization": "Basic aGk="}, b"", 401),
    ],
)
@pytest.mark.parametrize("limits", [{"message_bytes": 10_000}], indirect=True)
async def test_refuses_a_request_that_is_none(port, headers, body, status, handler):
    usual = {"authorization": "Bearer host-a", "content-type": "application/x-protobuf"}
    async with httpx.AsyncClient() as client:
        reply = await client.post(f"http://127.0.0.1:{port}/v1/opamp", headers=usual | headers, content=body)
        assert reply.status_code == status
        if status == 400:
            assert pb.ServerToAgent.FromString(reply.content).error_response.error_message
        if status == 401:
            assert reply.headers["www-authenticate"] == "Bearer"
            assert int(reply.headers["retry-after"]) >= 60
        assert (await client.get(f"http://127.0.0.1:{port}/v1/opamp")).status_code == 405
    assert handler.events == []


async def test_an_agent_that_does_not_read_keeps_back_no_other(port, handler, app):
    """Its replies fill the socket's buffers; meanwhile another agent is served."""
    async with opened(port, "host-deaf") as socket:
        socket.transport.pause_reading()
        for number in range(3):
            await socket.send(b"\x00" + heartbeat(UID, number).SerializeToString())
        async with connected(port, new_agent(), host="host-fine") as agent:
            await agent.say_all()
            await until(lambda: handler.last("components", agent.uid_text))
        socket.transport.resume_reading()
    await until(lambda: not app.agents)
