"""The ports on a real server: compression, garbage, bombs and slow senders, over HTTP and gRPC."""

import asyncio
import contextlib
import gzip
import os
from collections.abc import Callable

import grpc
import httpx
import pytest
import zstandard
from grpc import aio
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from tests.support.metering.ingest import EXPERIMENT, HOST, REVISION
from tests.support.metering.telemetry import MINUTE, SECOND, Body

from phoenix.edge.otlp.over_grpc import SERVICE

pytestmark = pytest.mark.anyio

PATH = f"/otlp/{EXPERIMENT}/baseline/{REVISION}/v1/metrics"
HEADERS = {"authorization": f"Bearer {HOST}", "content-type": "application/x-protobuf"}
COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "zstd": zstandard.compress,
}
METADATA = (
    ("authorization", f"Bearer {HOST}"),
    ("x-phoenix-experiment", EXPERIMENT),
    ("x-phoenix-arm", "baseline"),
    ("x-phoenix-revision", REVISION),
)


@pytest.fixture
def database_kind():
    """The ports don't know the database."""
    return "sqlite"


@pytest.fixture
async def http(ports):
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports.http}", headers=HEADERS) as client:
        yield client


@pytest.fixture
async def export(ports):
    async with aio.insecure_channel(f"127.0.0.1:{ports.grpc}") as channel:
        yield channel.unary_unary(f"/{SERVICE}/Export")


def body(at=0):
    return Body().gauge("g", 1, time=MINUTE + at * SECOND).written


async def test_http_takes_bodies_plain_and_compressed(meter, http):
    for number, (encoding, compress) in enumerate(COMPRESS.items()):
        answer = await http.post(PATH, content=compress(body(number)), headers={"content-encoding": encoding})
        assert (answer.status_code, answer.content) == (200, b"")
    assert meter.counters.points == 3


async def test_grpc_takes_bodies_plain_and_gzipped(meter, export):
    assert await export(body(), metadata=METADATA) == b""
    await export(body(1), metadata=METADATA, compression=grpc.Compression.Gzip)
    assert meter.counters.points == 2


async def test_both_say_which_points_were_rejected(meter, http, export):
    for at in (0, 70, 140):
        await http.post(PATH, content=body(at))
    over_http = await http.post(PATH, content=body(1))
    over_grpc = await export(body(2), metadata=METADATA)
    for answer in (over_http.content, over_grpc):
        assert ExportMetricsServiceResponse.FromString(answer).partial_success.rejected_data_points == 1


@pytest.mark.parametrize("garbage", [b"garbage", os.urandom(3000), b"\x0a\xff\xff\xff\xff\x0f"])
async def test_garbage_is_refused_for_good_on_both(http, export, garbage):
    answer = await http.post(PATH, content=garbage)
    assert (answer.status_code, "retry-after" in answer.headers) == (400, False)
    assert await failure(export(garbage, metadata=METADATA)) == grpc.StatusCode.INVALID_ARGUMENT
    assert (await http.post(PATH, content=body())).status_code == 200


async def test_what_is_not_compressed_as_it_says_is_refused(http, export):
    for encoding in ("gzip", "zstd", "deflate"):
        answer = await http.post(PATH, content=os.urandom(2000), headers={"content-encoding": encoding})
        assert answer.status_code == 400
    assert await failure(export(b"\x1f\x8b" + os.urandom(2000), metadata=METADATA)) == grpc.StatusCode.INVALID_ARGUMENT


async def test_large_bodies_and_bombs_are_stopped_at_the_limits(ports, http, export):
    big, bomb = bytes(2 * 2**20), bytes(200 * 2**20)
    assert (await http.post(PATH, content=big)).status_code == 413
    for encoding, compress in list(COMPRESS.items())[1:]:
        answer = await http.post(PATH, content=compress(bomb), headers={"content-encoding": encoding})
        assert answer.status_code == 413
    assert await failure(export(big, metadata=METADATA)) == grpc.StatusCode.RESOURCE_EXHAUSTED
    squeezed = export(gzip.compress(bomb), metadata=METADATA)
    assert await failure(squeezed) == grpc.StatusCode.RESOURCE_EXHAUSTED
    assert ports.receiver.counters.held_bytes == 0
    assert (await http.post(PATH, content=body())).status_code == 200


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ((), grpc.StatusCode.UNIMPLEMENTED),
        (METADATA[1:], grpc.StatusCode.UNAUTHENTICATED),
        ((("authorization", "Bearer stranger"), *METADATA[1:]), grpc.StatusCode.UNAUTHENTICATED),
        ((("authorization", "Bearer user-1"), *METADATA[1:]), grpc.StatusCode.PERMISSION_DENIED),
        ((METADATA[0], ("x-phoenix-experiment", "exp-9"), *METADATA[2:]), grpc.StatusCode.INVALID_ARGUMENT),
    ],
)
async def test_grpc_refuses_strangers(export, metadata, code):
    assert await failure(export(body(), metadata=metadata)) == code


async def test_an_unknown_experiment_is_refused_for_good_in_words(http):
    answer = await http.post(PATH.replace(EXPERIMENT, "exp-9"), content=body())
    assert answer.status_code == 400
    assert b"no meter is open for experiment 'exp-9'" in answer.content


async def test_a_meter_that_stops_tells_both_to_come_again(meter, http, export):
    await meter.stop()
    answer = await http.post(PATH, content=body())
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert await failure(export(body(), metadata=METADATA)) == grpc.StatusCode.UNAVAILABLE


async def test_slow_senders_are_given_up_and_others_served_meanwhile(ports, http):
    streams = [await asyncio.open_connection("127.0.0.1", ports.http) for _ in range(50)]
    head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
    for _, writer in streams:
        writer.write(f"POST {PATH} HTTP/1.1\r\nhost: x\r\n{head}content-length: 1000\r\n\r\nx".encode())
    assert (await http.post(PATH, content=body())).status_code == 200
    for reader, writer in streams:
        async with asyncio.timeout(20):
            assert b" 408 " in await reader.readline()
            # The server closes: what is left of the body is never read.
            await reader.read()
        writer.close()
    assert ports.receiver.counters.held_bytes == 0


async def test_senders_that_go_away_leave_nothing_held(ports, http):
    for _ in range(20):
        _, writer = await asyncio.open_connection("127.0.0.1", ports.http)
        head = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())
        writer.write(f"POST {PATH} HTTP/1.1\r\nhost: x\r\n{head}content-length: 1000\r\n\r\nx".encode())
        await writer.drain()
        writer.close()
    assert (await http.post(PATH, content=body())).status_code == 200
    async with asyncio.timeout(20):
        while ports.receiver.counters.held_bytes:  # noqa: ASYNC110 - nothing tells when a sender is gone
            await asyncio.sleep(0.02)


async def test_garbage_on_the_grpc_port_does_not_end_it(ports, export):
    for said in (b"GET / HTTP/1.1\r\n\r\n", os.urandom(3000), b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + os.urandom(500)):
        _, writer = await asyncio.open_connection("127.0.0.1", ports.grpc)
        writer.write(said)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()
    assert await export(body(), metadata=METADATA) == b""


async def failure(call):
    with pytest.raises(aio.AioRpcError) as raised:
        await call
    return raised.value.code()
