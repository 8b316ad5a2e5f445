"""A server of a test's own behind the command line: it answers by a table, and keeps what it was asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.support.cli import Finished, written

from phoenix.cli.context import Cli
from phoenix.cli.main import run
from phoenix.cli.terminal.streams import Streams
from phoenix.client.connection import Connection
from phoenix.settings.model import Settings

URL = "http://127.0.0.1:8080"


@dataclass
class FakeServer:
    """Answers `METHOD /path` below /api/v1 with a document; what it lacks is a problem of kind `not found`.

    Attributes:
        answers: a document, or an exception for a server that is not there.
        asked: method, path and body of every request.
    """

    answers: Mapping[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode().removeprefix("/api/v1")
        body = json.loads(request.content) if request.content else None
        self.asked.append((request.method, path, body))
        answer = self.answers.get(f"{request.method} {path}", self.answers.get(""))
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        if answer is None:
            return httpx.Response(404, json=problem("ROUTE_NOT_FOUND", "not found", f"{path}: there is nothing"))
        return httpx.Response(200, json=answer)

    def cli(self, settings: Settings | None = None, *, stdin: str = "") -> Cli:
        """Return a command line that speaks with this server."""
        connection = Connection(URL, "phx-1", transport=httpx.MockTransport(self), sleep=lambda _seconds: None)
        chosen = settings or Settings()
        return Cli(Streams.captured(stdin), lambda: chosen, lambda _settings: connection)

    def run(self, *line: str, settings: Settings | None = None, stdin: str = "") -> Finished:
        """Run a command line in this process."""
        cli = self.cli(settings, stdin=stdin)
        status = run(cli, line)
        cli.close()
        return Finished(status, *written(cli))


def problem(code: str, title: str, message: str, **details: Any) -> dict[str, Any]:
    """Return a problem document as the server writes it."""
    return {
        "type": f"urn:phoenix:error:{code}",
        "title": title,
        "code": code,
        "message": message,
        "details": details,
        "user_action": "Do what is to be done.",
        "request_id": "req-12345678",
    }
