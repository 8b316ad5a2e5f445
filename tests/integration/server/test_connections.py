"""What one connection may do to the server: heads that drip, heads without end, garbage, idling."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from phoenix.server.ports.connections import web_server
from phoenix.server.ports.listening import listen

pytestmark = pytest.mark.anyio

HEAD_SECONDS = 0.3
REQUEST = b"GET / HTTP/1.1\r\nhost: phoenix\r\n"


async def answer(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
async def port(anyio_backend) -> AsyncIterator[int]:
    listener = listen("127.0.0.1", 0, "server.port")
    server = web_server(answer, tls=None, head_seconds=HEAD_SECONDS, shutdown_seconds=1)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.serving.wait()
    yield listener.getsockname()[1]
    server.stop()
    await serving


@contextlib.asynccontextmanager
async def connection(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def everything(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""


async def test_answers_two_requests_on_one_connection(port) -> None:
    async with connection(port) as (reader, writer):
        for _ in range(2):
            writer.write(REQUEST + b"\r\n")
            await reader.readuntil(b"ok")


async def test_closes_a_connection_that_sends_nothing(port) -> None:
    async with connection(port) as (reader, _):
        assert await everything(reader) == b""


async def test_closes_a_connection_whose_head_drips(port) -> None:
    async with connection(port) as (reader, writer):
        writer.write(REQUEST)

        async def drip() -> None:
            with contextlib.suppress(OSError):
                while True:
                    writer.write(b"x-a: b\r\n")
                    await writer.drain()
                    await asyncio.sleep(0.02)

        dripping = asyncio.create_task(drip())
        assert await everything(reader) == b""
        dripping.cancel()


async def test_closes_a_connection_whose_second_head_drips(port) -> None:
    async with connection(port) as (reader, writer):
        writer.write(REQUEST + b"\r\n")
        await reader.readuntil(b"ok")
        writer.write(b"\r\n")
        assert await everything(reader) == b""


async def test_refuses_a_head_without_end(port) -> None:
    async with connection(port) as (reader, writer):
        writer.write(REQUEST + b"x-large: " + b"a" * 100_000)
        assert (await everything(reader)).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"EHLO phoenix\r\n\r\n", b"\x00" * 300]
)
async def test_survives_garbage(port, garbage) -> None:
    async with connection(port) as (reader, writer):
        writer.write(garbage)
        said = await everything(reader)
    assert said == b"" or said.startswith(b"HTTP/1.1 400 ")
    async with connection(port) as (reader, writer):
        writer.write(REQUEST + b"\r\n")
        await reader.readuntil(b"ok")


async def test_stops_while_a_connection_idles(port) -> None:
    async with connection(port) as (reader, writer):
        writer.write(REQUEST + b"\r\n")
        await reader.readuntil(b"ok")


async def test_an_upgrade_that_is_refused_is_no_error_in_the_log(anyio_backend, caplog) -> None:
    async def refuse(_scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.http.response.start", "status": 503, "headers": [(b"retry-after", b"4")]})
        await send({"type": "websocket.http.response.body", "body": b"later"})

    listener = listen("127.0.0.1", 0, "server.port")
    server = web_server(refuse, tls=None, head_seconds=HEAD_SECONDS, shutdown_seconds=1)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    await server.serving.wait()
    async with connection(listener.getsockname()[1]) as (reader, writer):
        key = b"upgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: "
        writer.write(REQUEST + key + b"AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
        answered = await everything(reader)
    server.stop()
    await serving
    assert answered.startswith(b"HTTP/1.1 503")
    assert b"retry-after: 4" in answered
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []
