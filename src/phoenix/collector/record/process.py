"""The collector process while it records: started so that it cannot outlive us, read, and stopped in order.

Telemetry comes through a pipe, never through a file: nothing is left on the disk, a full disk does not matter, and
requests are seen as they are made.
"""

import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from phoenix.collector.binary import child
from phoenix.collector.binary.running import last_words
from phoenix.collector.record.errors import RecordingFailedError
from phoenix.collector.record.frames import Frames

_STOP_TIMEOUT_SECONDS = 15.0
_READ_BYTES = 2**20
_KEPT_MESSAGE_BYTES = 20_000
_SHOWN_MESSAGE = 1000
_CONFIG_VARIABLE = "PHOENIX_RECORDING_CONFIG"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the collector would have exported it: one whole scrape.

    Attributes:
        received: nanoseconds since 1970.
        body: an OTLP `ExportMetricsServiceRequest` in protobuf.
    """

    received: int
    body: bytes


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
            child.tethered(binary, f"--config=env:{_CONFIG_VARIABLE}"),
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
        child.kill(process)
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
            RecordingFailedError: the collector has ended.
            RecordingGarbledError: it does not write what it should.
        """
        requests = self._read(seconds)
        if self._telemetry not in self._open:
            self._drain_messages()
            raise RecordingFailedError(f"the collector ended while recording: {self.message or self._silent_end()}")
        return requests

    def stop(self) -> list[Request]:
        """Ask the collector to stop and return the requests that it still completes.

        Its receiver finishes a scrape that it has begun, so none is cut. A collector that does not stop in time is
        killed, and what it was in the middle of is left out.
        """
        deadline = time.monotonic() + _STOP_TIMEOUT_SECONDS
        # Not `child.stop`, which waits for the end and meanwhile leaves the last scrape in a pipe that may be full.
        child.interrupt(self._process, deadline=deadline)
        requests = []
        while self._telemetry in self._open and (rest := deadline - time.monotonic()) > 0:
            requests += self._read(rest)
        return requests

    @property
    def message(self) -> str:
        """What the collector said last: its reason to end, if it gave one, else its last line. One line."""
        return " ".join(last_words(self._message.decode(errors="replace")).split())[:_SHOWN_MESSAGE]

    def _silent_end(self) -> str:
        try:
            return f"it said nothing, and {child.ending(self._process.wait(_STOP_TIMEOUT_SECONDS))}"
        except subprocess.TimeoutExpired:
            return "it said nothing"

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
