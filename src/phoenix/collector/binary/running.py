"""A collector that runs for a while on a config of ours, fed over OTLP, and leaves nothing behind.

Called by the replay through the stock binary and by the measurement of CPU.
"""

import contextlib
import os
import re
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsPartialSuccess

from phoenix.collector.binary import child
from phoenix.collector.binary.errors import ProgramUnusableError

LOOPBACK: Final = "127.0.0.1"

_ATTEMPTS: Final = 5
_READY_SECONDS: Final = 60
_IN_USE: Final = "address already in use"
_LAST_LINE: Final = re.compile(r"\n\d{4}[-/]\d\d[-/]\d\d[T ].*", re.DOTALL)


class CollectorEndedError(Exception):
    """The collector ended by itself. `reason` is what it said, without its log lines."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RequestRefusedError(Exception):
    """The collector answered an error for a request. `reason` is its message."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"HTTP {status}: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class RunningCollector:
    """A collector that listens. `send` may be called from one thread only."""

    process: subprocess.Popen[bytes]
    folder: Path
    _connection: HTTPConnection

    def send(self, request: bytes) -> None:
        """Hand an ExportMetricsServiceRequest to the receiver; return when the pipeline has taken it.

        Raises:
            RequestRefusedError: the pipeline answered an error.
            CollectorEndedError: it is not there any more.
            TimeoutError: no answer in the time given at the start.
        """
        try:
            self._connection.request("POST", "/v1/metrics", request, {"Content-Type": "application/x-protobuf"})
            with self._connection.getresponse() as response:
                body = response.read()
        except TimeoutError:
            raise
        except (OSError, HTTPException) as error:
            raise CollectorEndedError(self.reason() or str(error)) from error
        if response.status != 200:
            raise RequestRefusedError(response.status, _status_message(body))

    def stop(self) -> None:
        """Stop it as Ctrl-C does, so that it hands on what it still holds.

        Raises:
            CollectorEndedError: it ended with an error, now or before.
        """
        child.stop(self.process, patience_seconds=30)
        if self.process.returncode != 0:
            raise CollectorEndedError(self.reason())

    def reason(self) -> str:
        """Return why it ended, in its own words if it left any; empty while it runs and says nothing."""
        said = last_words((self.folder / "log").read_text(errors="replace"))
        status = self.process.poll()
        if said or status is None:
            return said
        return f"the collector {child.ending(status)} without a word"


@contextlib.contextmanager
def running_collector(
    program: Path,
    compose: Callable[[int, Path], str],
    *,
    environment: Mapping[str, str],
    answer_seconds: float = 120.0,
) -> Iterator[RunningCollector]:
    """Run `program` until the block ends, however it ends.

    Args:
        program: the collector.
        compose: given a port for OTLP/HTTP on 127.0.0.1 and an empty folder, the config as text.
        environment: all that the collector sees of an environment.
        answer_seconds: how long `send` waits for an answer.

    Raises:
        CollectorEndedError: it did not come up; its message is in the error.
        TimeoutError: it was not ready in a minute.
        ProgramUnusableError: it cannot be started at all.
    """
    for attempt in range(_ATTEMPTS):
        with tempfile.TemporaryDirectory(prefix="phoenix-") as name:
            folder, port = Path(name), _free_port()
            (folder / "config.yaml").write_text(compose(port, folder))
            process = _start(program, folder, environment)
            connection = HTTPConnection(LOOPBACK, port, timeout=answer_seconds)
            try:
                running = RunningCollector(process, folder, connection)
                if _came_up(running, port):
                    yield running
                    return
                if process.poll() is None:
                    raise TimeoutError(f"the collector was not ready within {_READY_SECONDS} s")
                reason = running.reason()
            finally:
                connection.close()
                child.kill(process)
        # Between choosing a free port and listening on it another program may have taken it.
        if _IN_USE not in reason or attempt == _ATTEMPTS - 1:
            raise CollectorEndedError(reason)


def last_words(log: str) -> str:
    r"""Return the error message in what a collector wrote, which may have several lines; else its last line.

    >>> last_words("2026-01-01T00:00:00Z info Starting\nError: invalid configuration: processors::filter: bad\n")
    'invalid configuration: processors::filter: bad'
    """
    for mark in ("\nError: ", "\npanic: ", "\nfatal error: "):
        _, found, message = ("\n" + log).partition(mark)
        if found:
            return _LAST_LINE.sub("", message).strip()
    return "".join(log.strip().splitlines()[-1:])


def _start(program: Path, folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    if not os.access(program, os.X_OK):
        raise ProgramUnusableError(f"{program} cannot be started: it is missing or not executable")
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            child.tethered(program, "--config", str(folder / "config.yaml")),
            cwd=folder,
            env={"PATH": os.defpath, "HOME": str(folder), **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _came_up(running: RunningCollector, port: int) -> bool:
    deadline = time.monotonic() + _READY_SECONDS
    while running.process.poll() is None and time.monotonic() < deadline:
        # Whoever listens might be another program, which took the port just before ours, which is about to end.
        if _listens(port) and "Everything is ready" in (running.folder / "log").read_text(errors="replace"):
            return True
        time.sleep(0.005)
    return False


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _status_message(body: bytes) -> str:
    # The body is a google.rpc.Status. This message has the same fields under the same numbers: a number, then a text.
    try:
        return ExportMetricsPartialSuccess.FromString(body).error_message
    except ValueError:
        return body[:2000].decode(errors="replace")
