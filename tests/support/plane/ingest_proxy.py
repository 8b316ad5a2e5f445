"""What stands between hosts and the server's ingest: hands requests on, or refuses those of a path."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.support.live.otlp_sink import read_body

_KEPT = ("Authorization", "Content-Type", "Content-Encoding", "User-Agent")


@dataclass
class Proxy:
    """Requests go to `port` of this machine, but those whose path has a part that is refused.

    Attributes:
        refused: status by part of the path.
        attempts: paths of the requests that were refused.
    """

    port: int
    refused: dict[str, int] = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)
    url: str = ""

    @contextmanager
    def refusing(self, part: str, status: int) -> Iterator[None]:
        """Refuse requests to these paths until the block ends."""
        self.refused[part] = status
        try:
            yield
        finally:
            del self.refused[part]

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Return status, body and its type."""
        status = next((status for part, status in self.refused.items() if part in path), None)
        if status is not None:
            self.attempts.append(path)
            return status, b"", "text/plain"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("POST", path, body, headers)
            answered = connection.getresponse()
            return answered.status, answered.read(), answered.getheader("Content-Type", "text/plain")
        finally:
            connection.close()


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """Run one until the block ends."""
    proxy = Proxy(port)
    server = _Server(("127.0.0.1", 0), _handler(proxy))
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = read_body(self)
            headers = {name: self.headers[name] for name in _KEPT if name in self.headers}
            try:
                status, answer, kind = proxy.answer(self.path, headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
            except OSError:
                # The server is away: so is this, for the one who asked.
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: hosts are stopped and killed on purpose."""
