"""The ASGI application, called as a server would."""

import asyncio
import gzip
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceResponse
from tests.support.metering.ingest import HOST, KeepingSink, Tokens, origin

from phoenix.core.errors import InvalidError, UnavailableError
from phoenix.core.ids import ExperimentId, RevisionId
from phoenix.edge.otlp.limits import OtlpLimits
from phoenix.edge.otlp.over_http import OtlpHttp
from phoenix.edge.otlp.receiving import Receiver
from phoenix.edge.otlp.sink import StreamOrigin, Taken
from phoenix.telemetry.values.message import read_fields

pytestmark = pytest.mark.anyio

PATH = "/otlp/exp-1/baseline/rev-1/v1/metrics"
BODY = b"\x0a\x00" * 100


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def sink():
    return KeepingSink()


@pytest.fixture
def receiver(sink):
    limits = OtlpLimits(
        body_bytes=10_000, decoded_bytes=100_000, held_bytes=300_000, read_seconds=0.2, take_seconds=0.2
    )
    return Receiver(sink, Tokens(), limits)


class Answer:
    def __init__(self, messages):
        start, body = messages
        self.status, self.content = start["status"], body["body"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}


async def post(receiver, *pieces, path=PATH, method="POST", root="", **headers):
    """Send the pieces as they are; after the last the sender says nothing more if it is None."""
    given = {"authorization": f"Bearer {HOST}", "content_type": "application/x-protobuf"} | headers
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "root_path": root,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }
    waiting, sent = list(pieces or (BODY,)), []

    async def receive():
        if waiting and waiting[0] is None:
            await asyncio.sleep(60)
        if not waiting:
            return {"type": "http.disconnect"}
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    await OtlpHttp(receiver)(scope, receive, send)
    return Answer(sent)


async def test_hands_a_body_on_with_its_stream_and_host(receiver, sink):
    answer = await post(receiver, BODY[:50], BODY[50:])
    assert (answer.status, answer.content) == (200, b"")
    assert sink.bodies == [(origin(), BODY)]
    assert "connection" not in answer.headers
    assert receiver.counters.outcomes == {("http", "200"): 1}
    assert receiver.counters.held_bytes == 0


@pytest.mark.parametrize(("path", "root"), [("/otlp/own/v1/metrics", ""), ("/api/otlp/own/v1/metrics", "/api")])
async def test_collectors_own_metrics_have_a_path_without_an_experiment(receiver, sink, path, root):
    assert (await post(receiver, path=path, root=root)).status == 200
    assert sink.bodies[0][0] == StreamOrigin(HOST, ExperimentId(""), "own", RevisionId(""))


async def test_undoes_compression(receiver, sink):
    assert (await post(receiver, gzip.compress(BODY), content_encoding="gzip")).status == 200
    assert sink.bodies[0][1] == BODY


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        ({"path": "/otlp/v1/metrics"}, 404, "no ingest"),
        ({"path": "/otlp/a/b/c/d/v1/metrics"}, 404, "no ingest"),
        ({"path": "/otlp/" + "x" * 200 + "/baseline/r/v1/metrics"}, 404, "128 letters"),
        ({"method": "GET"}, 405, "Use POST"),
        ({"authorization": ""}, 401, "no bearer token"),
        ({"authorization": "Basic abc"}, 401, "no bearer token"),
        ({"authorization": "Bearer stranger"}, 401, "not known"),
        ({"authorization": "Bearer user-1"}, 403, "not a host"),
        ({"content_type": "application/json"}, 415, "encoding: proto"),
        ({"content_encoding": "br"}, 400, "'br'"),
        ({"content_length": "10001"}, 413, "10,000 bytes"),
    ],
)
async def test_refuses_in_words_and_reads_no_body(receiver, sink, asked, status, says):
    answer = await post(receiver, **asked)
    assert (answer.status, sink.bodies) == (status, [])
    assert says in answer.content.decode(errors="replace")
    assert answer.headers["connection"] == "close"
    assert "retry-after" not in answer.headers


async def test_stops_reading_at_the_limits(receiver, sink):
    assert (await post(receiver, b"x" * 9000, b"x" * 9000)).status == 413
    assert (await post(receiver, gzip.compress(bytes(10**6)), content_encoding="gzip")).status == 413
    assert receiver.counters.held_bytes == 0
    assert sink.bodies == []


async def test_a_body_that_does_not_arrive_in_time_is_given_up(receiver, sink):
    answer = await post(receiver, BODY, None)
    assert (answer.status, sink.bodies, receiver.counters.held_bytes) == (408, [], 0)


async def test_a_sender_that_goes_away_leaves_nothing(receiver, sink):
    scope_sent = await post(receiver, BODY, b"")
    assert scope_sent.status == 200

    async def gone():
        return {"type": "http.disconnect"}

    sent = []

    async def send(message):
        sent.append(message)

    headers = [(b"authorization", f"Bearer {HOST}".encode()), (b"content-type", b"application/x-protobuf")]
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": PATH, "headers": headers}
    await OtlpHttp(receiver)(scope, gone, send)
    assert sent[0]["status"] == 408
    assert len(sink.bodies) == 1


async def test_what_is_held_by_all_is_bounded_and_tells_senders_to_come_again(receiver):
    receiver.hold(299_900)
    answer = await post(receiver)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    receiver.release(299_900)
    assert (await post(receiver)).status == 200


async def test_says_which_points_were_rejected(receiver, sink):
    sink.answer = Taken(3, "3 points came after their window was closed")
    answer = await post(receiver)
    said = ExportMetricsServiceResponse.FromString(answer.content).partial_success
    assert (answer.status, said.rejected_data_points, said.error_message) == (200, 3, sink.answer.message)


async def test_final_and_passing_refusals_of_the_sink_differ(receiver, sink):
    sink.answer = InvalidError("no meter is open for experiment 'exp-1'")
    answer = await post(receiver)
    assert (answer.status, "retry-after" in answer.headers) == (400, False)
    assert b"no meter is open" in answer.content
    sink.answer = UnavailableError("as many bodies wait as are allowed")
    answer = await post(receiver)
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")


async def test_a_sink_that_hangs_or_breaks_costs_one_request(receiver, sink, monkeypatch):
    async def hang(*_):
        await asyncio.sleep(60)

    sink.answer = ValueError("a bug")
    assert (await post(receiver)).status == 500
    monkeypatch.setattr(sink, "take", hang)
    assert (await post(receiver)).status == 503
    assert receiver.counters.held_bytes == 0


async def test_a_long_message_is_a_well_formed_status(receiver, sink):
    sink.answer = InvalidError("é" * 2000)
    code, message = read_fields((await post(receiver)).content)
    assert (code.number, code.varint) == (1, 3)
    assert (message.number, message.payload.decode()) == (2, "é" * 1000)
