"""A server as a process of a command: started, heard, and ended with the command, however that ends.

The command line may not import the server (design, section 3), so it starts one as anybody would.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from phoenix.cli.up.errors import ServerEndedError
from phoenix.client.errors import ApiError

# Longer than the server gives requests under way, so that it is the server that decides.
_STOP_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server that serves.

    Attributes:
        url: where commands and hosts find it.
        admin_token: on the very first start, else None.
        facts: everything it said of itself: `url`, `pid`, `data_dir`, `admin_token` and more.
    """

    url: str
    admin_token: str | None
    facts: Mapping[str, Any]
    process: subprocess.Popen[bytes]

    def wait(self) -> None:
        """Return when the server ends by itself.

        Raises:
            ServerEndedError: it did not end well.
        """
        if status := self.process.wait():
            raise ServerEndedError(f"the server ended with status {status}", status=status)


@contextlib.contextmanager
def running_server(environment: Mapping[str, str] | None = None, *, log: IO[bytes] | None = None) -> Iterator[Server]:
    """Give a server that serves, ended after the block. If this process is killed, the server ends by itself.

    Args:
        environment: settings of the server, beside those of this process: `PHOENIX_SERVER__PORT`.
        log: where its log goes; None for this process's standard error.

    Raises:
        ApiError: the server does not start; kind, code, message and remedy are the server's.
        ServerEndedError: it ended without a word.
    """
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "phoenix.server", "--parent", str(theirs.fileno())],
                env={**os.environ, **(environment or {})},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=log or sys.stderr.fileno(),
                stderr=log or sys.stderr.fileno(),
                # Ctrl-C reaches the whole group of a terminal; the server is told by us, once.
                start_new_session=True,
            )
        try:
            yield _started(process, ours)
        finally:
            _end(process)


def _started(process: subprocess.Popen[bytes], ours: socket.socket) -> Server:
    with ours.makefile("rb") as lines:
        said = lines.readline()
    if not said:
        status = process.wait()
        raise ServerEndedError(f"the server ended with status {status} before it served", status=status)
    message = json.loads(said)
    if "problem" in message:
        raise ApiError.from_problem(message["problem"])
    facts = message["ready"]
    return Server(facts["url"], facts["admin_token"], facts, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait, and in the end kill. Ctrl-C while waiting asks again, which cuts short what is under way."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGTERM)
    while True:
        try:
            process.wait(_STOP_SECONDS)
        except KeyboardInterrupt:
            process.send_signal(signal.SIGTERM)
        except subprocess.TimeoutExpired:
            process.kill()
        else:
            return
