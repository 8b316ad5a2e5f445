"""A real server for tests: its own process, its own folder, free ports."""

import contextlib
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from phoenix.cli.up.process import Server, running_server
from phoenix.client.connection import Connection, Document
from phoenix.settings.server import ADMIN_TOKEN_FILE


@dataclass(frozen=True)
class TestServer:
    """A server that runs.

    Attributes:
        environment: what a command needs to find it: address, data folder.
    """

    __test__ = False

    server: Server
    folder: Path
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def token(self) -> str:
        return (self.folder / ADMIN_TOKEN_FILE).read_text(encoding="utf-8").strip()

    def get(self, path: str, *, token: str | None = None) -> Document:
        with Connection(self.url, token or self.token) as connection:
            return connection.get(path)

    def post(self, path: str, body: Mapping[str, Any]) -> Document:
        with Connection(self.url, self.token) as connection:
            return connection.send("POST", path, body)

    def readiness(self) -> Document:
        with Connection(self.url, None) as connection:
            return connection.readiness()


def settings_of(folder: Path, **more: str) -> dict[str, str]:
    """Return the settings of a server on free ports in `folder`."""
    chosen = {"DATA_DIR": str(folder), "PORT": "0", "GRPC_PORT": "0", **more}
    return {f"PHOENIX_SERVER__{name}": value for name, value in chosen.items()}


@contextlib.contextmanager
def a_server(folder: Path, **more: str) -> Iterator[TestServer]:
    """Run a server until the block ends; its log is in `folder`, and shown when the block fails."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = settings_of(folder, **more)
    with (folder / "server.log").open("ab") as log:
        try:
            with running_server(environment, log=log) as server:
                yield TestServer(server, folder, {**environment, "PHOENIX_API_URL": server.url})
        except BaseException:
            sys.stderr.write((folder / "server.log").read_text(encoding="utf-8", errors="replace"))
            raise
