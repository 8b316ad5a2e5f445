"""An OTLP/HTTP server for tests that keeps every body as it came and can be told to refuse, to hang and to die."""

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

WAIT_SECONDS = 30


@dataclass(frozen=True)
class Received:
    """One request that was answered 200."""

    path: str
    authorization: str
    body: bytes
    at: float

    @property
    def message(self) -> ExportMetricsServiceRequest:
        return ExportMetricsServiceRequest.FromString(self.body)


class OtlpSink:
    """What was received, and how paths are answered: `refuse` and `hang` take a part of the path."""

    def __init__(self) -> None:
        self._received: list[Received] = []
        self._changed = threading.Condition()
        self._refused: dict[str, int] = {}
        self._hanging: set[str] = set()
        self.attempts: list[str] = []
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def refuse(self, part: str, status: int) -> None:
        self._refused[part] = status

    def hang(self, part: str) -> None:
        """Take requests to this path and never answer, until `release`."""
        self._hanging.add(part)

    def release(self) -> None:
        with self._changed:
            self._hanging.clear()
            self._refused.clear()
            self._changed.notify_all()

    def received(self, part: str) -> list[Received]:
        with self._changed:
            return [request for request in self._received if part in request.path]

    def wait_for(self, part: str, count: int) -> list[Received]:
        """Return what came to paths with `part` once it is `count` requests."""
        deadline = time.monotonic() + WAIT_SECONDS
        while len(found := self.received(part)) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} requests for {part}"
            time.sleep(0.02)
        return found

    def close(self) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, path: str, authorization: str, body: bytes) -> int:
        with self._changed:
            self.attempts.append(path)
            self._changed.wait_for(lambda: not any(part in path for part in self._hanging), timeout=WAIT_SECONDS * 2)
            status = next((status for part, status in self._refused.items() if part in path), 200)
            if status == 200:
                self._received.append(Received(path, authorization, body, time.time()))
            return status

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = read_body(self)
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                try:
                    status = sink._answer(self.path, self.headers.get("Authorization", ""), body)
                    self.send_response(status)
                    self.send_header("Content-Type", "application/x-protobuf")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def read_body(request: BaseHTTPRequestHandler) -> bytes:
    """Return the body of a request, whichever way its end is told."""
    if "Content-Length" in request.headers:
        return request.rfile.read(int(request.headers["Content-Length"]))
    # The collector's own metrics come in chunks when they are compressed.
    chunks = []
    while size := int(request.rfile.readline(), 16):
        chunks.append(request.rfile.read(size))
        request.rfile.readline()
    request.rfile.readline()
    return b"".join(chunks)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: collectors are killed on purpose."""


@contextmanager
def otlp_sink() -> Iterator[OtlpSink]:
    sink = OtlpSink()
    try:
        yield sink
    finally:
        sink.close()


def own_values(message: ExportMetricsServiceRequest, name: str, label: str) -> dict[str, float]:
    """Return one of the collector's own metrics by the values of a label; of a histogram the sum."""
    metrics = (
        metric
        for resource in message.resource_metrics
        for scope in resource.scope_metrics
        for metric in scope.metrics
        if metric.name == name
    )
    found: dict[str, float] = {}
    for metric in metrics:
        kind = str(metric.WhichOneof("data"))
        for point in getattr(metric, kind).data_points:
            value = point.sum if kind == "histogram" else point.as_double or point.as_int
            labels = {item.key: item.value.string_value for item in point.attributes}
            found[labels.get(label, "")] = found.get(labels.get(label, ""), 0) + value
    return found


def telemetry_resource(message: ExportMetricsServiceRequest) -> dict[str, str]:
    """Return the resource of the collector's own metrics."""
    return {item.key: item.value.string_value for item in message.resource_metrics[0].resource.attributes}
