"""A plane whose server is started in another way than the command's: with another clock, on another disk."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.plane.plane import OWN_METRICS, Plane, eventually
from tests.support.server import TestServer, settings_of

from phoenix.cli.up.process import Server
from phoenix.client.connection import Connection
from phoenix.client.errors import ApiUnavailableError

SERVER = (sys.executable, "-m", "phoenix.server")


@dataclass
class LaunchedPlane(Plane):
    """A plane whose server a command of the test's starts.

    Attributes:
        command: it becomes the server.
        environment_of_server: variables beside the settings.
    """

    command: tuple[str, ...] = SERVER

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        ports = {"PORT": str(self.port), "GRPC_PORT": str(self.grpc_port)}
        environment = settings_of(self.folder, OWN_METRICS_INTERVAL=OWN_METRICS, **self.settings | ports)
        with (self.folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                self.command, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
            )
        self._running.callback(_end, process)
        self._server = TestServer(Server(self.url, None, {}, process), self.folder, environment)
        eventually(self._serves(process), "the server serves", otherwise=self._log)

    def _serves(self, process: "subprocess.Popen[bytes]") -> Callable[[], bool | None]:
        def look() -> bool | None:
            assert process.poll() is None, self._log()
            try:
                with Connection(self.url, None) as connection:
                    connection.readiness()
            except ApiUnavailableError:
                return None
            return True

        return look

    def _log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")[-5000:]


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.wait(30)
