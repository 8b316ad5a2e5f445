"""The collector process while it records: started so that it cannot outlive us, read, and stopped in order.

Telemetry comes through a pipe, never through a file: nothing is left on the disk, a full disk does not matter, and
requests are seen as they are made.
"""

import os
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from phoenix.collector.record.errors import CollectorEndedError, CollectorUnusableError
from phoenix.collector.record.frames import Frames

_VERSION_TIMEOUT_SECONDS = 20.0
_STOP_TIMEOUT_SECONDS = 15.0
_READ_BYTES = 2**20
_KEPT_MESSAGE_BYTES = 20_000
_SHOWN_MESSAGE = 1000
_CONFIG_VARIABLE = "PHOENIX_RECORDING_CONFIG"
# PR_SET_PDEATHSIG (1): the kernel kills (9) the collector should we die, even by kill -9. The process that becomes the
# collector sets it, since nothing of Python may run between fork and exec in a process with threads. The kernel
# forgets it for a binary with file capabilities; such a collector would outlive a recorder that was killed.
_LAUNCHER = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9, 0, 0, 0);"
    "os.getppid() == int(sys.argv[1]) and os.execv(sys.argv[2], sys.argv[2:])"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the collector would have exported it: one whole scrape.

    Attributes:
        received: nanoseconds since 1970.
        body: an OTLP `ExportMetricsServiceRequest` in protobuf.
    """

    received: int
    body: bytes


def collector_version(binary: Path) -> str:
    """Return the version that a collector says it has, such as "0.160.0".

    Raises:
        CollectorUnusableError: it cannot be run, says nothing in time, or says something else.
    """
    command = [str(binary), "--version"]
    try:
        said = subprocess.run(command, capture_output=True, timeout=_VERSION_TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise CollectorUnusableError(f"{binary} --version does not answer") from error
    except OSError as error:
        raise CollectorUnusableError(f"{binary}: {error.strerror}") from error
    text = (said.stdout + said.stderr).decode(errors="replace").strip()
    match = re.search(r"\bversion v?(\d+\.\d+\.\d+\S*)", text)
    if said.returncode or match is None:
        raise CollectorUnusableError(f"{binary} --version does not answer as a collector does: {text[:200]!r}")
    return match[1]


@contextmanager
def recording_collector(binary: Path, config: Callable[[str], str]) -> Iterator["RecordingCollector"]:
    """Run a collector; however the block is left, it is gone afterwards.

    Args:
        binary: the collector.
        config: makes its config from the path that its file exporter writes to.
    """
    telemetry, writable = os.pipe()
    try:
        # A path rather than /dev/stdout, which anything in the collector may print to.
        text = config(f"/proc/self/fd/{writable}")
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _LAUNCHER, str(os.getpid()), binary, f"--config=env:{_CONFIG_VARIABLE}"],
            env={**os.environ, _CONFIG_VARIABLE: text},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=(writable,),
            # Ctrl-C in the terminal is for us: we stop the collector in order.
            start_new_session=True,
        )
    except BaseException:
        os.close(telemetry)
        raise
    finally:
        os.close(writable)
    try:
        yield RecordingCollector(process, telemetry)
    finally:
        process.kill()
        process.wait()
        os.close(telemetry)
        if process.stderr is not None:
            process.stderr.close()


class RecordingCollector:
    """A running collector whose requests come to us through a pipe."""

    def __init__(self, process: subprocess.Popen[bytes], telemetry: int) -> None:
        self._process = process
        self._frames = Frames()
        self._message = bytearray()
        self._telemetry = telemetry
        self._messages = process.stderr.fileno() if process.stderr is not None else -1
        self._open = {self._telemetry, self._messages}

    def read(self, seconds: float) -> list[Request]:
        """Return the requests that come within `seconds`, waiting no longer than for the first.

        Raises:
            CollectorEndedError: the collector has ended.
            RecordingGarbledError: it does not write what it should.
        """
        requests = self._read(seconds)
        if self._telemetry not in self._open:
            self._drain_messages()
            raise CollectorEndedError(f"the collector ended while recording: {self.message or 'it said nothing'}")
        return requests

    def stop(self) -> list[Request]:
        """Ask the collector to stop and return the requests that it still completes.

        Its receiver finishes a scrape that it has begun, so none is cut. A collector that does not stop in time is
        killed, and what it was in the middle of is left out.
        """
        self._process.send_signal(signal.SIGINT)
        deadline = time.monotonic() + _STOP_TIMEOUT_SECONDS
        requests = []
        while self._telemetry in self._open and (rest := deadline - time.monotonic()) > 0:
            requests += self._read(rest)
        return requests

    @property
    def message(self) -> str:
        """What the collector said last: its reason to end, if it gave one, else its last lines. One line."""
        lines = [line.strip() for line in self._message.decode(errors="replace").splitlines() if line.strip()]
        reasons = [index for index, line in enumerate(lines) if line.startswith("Error: ")]
        return " ".join(lines[reasons[-1] :] if reasons else lines[-3:]).removeprefix("Error: ")[:_SHOWN_MESSAGE]

    def _read(self, seconds: float) -> list[Request]:
        found = []
        for descriptor in select.select(list(self._open), [], [], max(0.0, seconds))[0]:
            data = os.read(descriptor, _READ_BYTES)
            if not data:
                self._open.discard(descriptor)
            elif descriptor == self._telemetry:
                now = time.time_ns()
                found += [Request(now, body) for body in self._frames.feed(data)]
            else:
                self._message = (self._message + data)[-_KEPT_MESSAGE_BYTES:]
        return found

    def _drain_messages(self) -> None:
        deadline = time.monotonic() + _STOP_TIMEOUT_SECONDS
        while self._messages in self._open and (rest := deadline - time.monotonic()) > 0:
            self._read(rest)
