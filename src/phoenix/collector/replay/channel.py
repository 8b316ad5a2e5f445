"""The harness as a child process that answers messages; the protocol stands in sources/harness/frames.go.

Knows bytes and limits, nothing of configs and captures: `harness.HarnessReplay` gives them their meaning.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import psutil

from phoenix.core.errors import UnavailableError

PROTOCOL: Final = 1

_SIZE: Final = struct.Struct("<I")
_PIPE_BYTES: Final = 1 << 20
_LOOK_EVERY_SECONDS: Final = 0.1
_STDERR_TAIL: Final = 4_000


class HarnessUnusableError(UnavailableError):
    """The program does not start, or is not the harness this Phoenix speaks with."""

    code = "HARNESS_UNUSABLE"
    user_action = "Build the harness again, or name one that was built for this version of Phoenix."


class ChannelEndedError(Exception):
    """The child ended instead of answering. `last_words` is the end of what it wrote to stderr."""

    def __init__(self, status: str, last_words: str) -> None:
        super().__init__(f"the harness ended ({status})")
        self.status = status
        self.last_words = last_words


class ChannelLimitError(Exception):
    """The child took longer or more memory than it may, and was killed."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may cost.

    Attributes:
        seconds: from asking to the whole answer.
        memory_bytes: resident memory of the child.
    """

    seconds: float = 120.0
    memory_bytes: int = 4 << 30


class Channel:
    """One running harness. Not for several threads at once; after any error but an answer it is closed."""

    def __init__(self, program: Path, limits: Limits) -> None:
        self._limits = limits
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 closed with the child
        try:
            # A binary pipe of its own for frames; it ends by itself when this process is gone and stdin with it.
            self._process = subprocess.Popen(
                [program],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                bufsize=0,
                cwd="/",
                env={"GOMEMLIMIT": str(limits.memory_bytes * 3 // 4), "PATH": os.defpath},
                start_new_session=True,
            )
        except OSError as error:
            self._errors.close()
            raise HarnessUnusableError(f"{program} does not start: {error.strerror}") from error
        assert self._process.stdin is not None  # noqa: S101 for the type checker: pipes were asked for
        assert self._process.stdout is not None  # noqa: S101 for the type checker: pipes were asked for
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        for pipe in (self._to, self._from):
            with contextlib.suppress(OSError):
                # Fewer switches between the two processes; a system that allows no more keeps its 64 KiB.
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._watched = psutil.Process(self._process.pid)
        self.version = self._greet(program)

    @property
    def pid(self) -> int:
        """The process id of the child."""
        return self._process.pid

    def ask(self, message: Mapping[str, Any], requests: Sequence[bytes] = ()) -> tuple[dict[str, Any], list[bytes]]:
        """Send a message with its OTLP frames; return the answer with its own.

        Raises:
            ChannelEndedError: the child ended.
            ChannelLimitError: a limit was passed; the child is killed.
        """
        deadline = time.monotonic() + self._limits.seconds
        try:
            self._errors.seek(0)
            self._errors.truncate()
            self._send(json.dumps(message).encode(), *requests, deadline=deadline)
            answer = json.loads(self._receive(deadline))
            return answer, [self._receive(deadline) for _ in answer.get("times", ())]
        except BaseException:
            # Also Ctrl-C: half a message in the pipe would be read as the next one's answer.
            self.close()
            raise

    def close(self) -> None:
        """End the child and wait for it; a second call does nothing."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._errors.close()

    def _greet(self, program: Path) -> str:
        try:
            hello = json.loads(self._receive(time.monotonic() + 30))
            if hello["protocol"] == PROTOCOL:
                return str(hello["version"])
            problem = f"it speaks protocol {hello['protocol']}, not {PROTOCOL}"
        except (ChannelEndedError, ChannelLimitError, ValueError, KeyError, TypeError) as error:
            problem = str(error)
        except BaseException:
            self.close()
            raise
        self.close()
        raise HarnessUnusableError(f"{program} is not a harness: {problem}")

    def _send(self, *frames: bytes, deadline: float) -> None:
        for frame in frames:
            for part in (_SIZE.pack(len(frame)), frame):
                rest = memoryview(part)
                while rest:
                    self._await(deadline, writing=True)
                    try:
                        rest = rest[os.write(self._to, rest) :]
                    except BlockingIOError:
                        continue
                    except BrokenPipeError:
                        raise self._ended() from None

    def _receive(self, deadline: float) -> bytes:
        (size,) = _SIZE.unpack(self._read(_SIZE.size, deadline))
        return bytes(self._read(size, deadline))

    def _read(self, size: int, deadline: float) -> bytearray:
        data = bytearray(size)
        rest = memoryview(data)
        while rest:
            self._await(deadline, writing=False)
            count = os.readv(self._from, [rest])
            if count == 0:
                raise self._ended()
            rest = rest[count:]
        return data

    def _await(self, deadline: float, *, writing: bool) -> None:
        reading_from, writing_to = ([], [self._to]) if writing else ([self._from], [])
        while True:
            readable, writable, _ = select.select(reading_from, writing_to, [], _LOOK_EVERY_SECONDS)
            if readable or writable:
                return
            if time.monotonic() > deadline:
                raise ChannelLimitError(f"no answer within {self._limits.seconds:g} s")
            with contextlib.suppress(psutil.Error):
                if (resident := self._watched.memory_info().rss) > self._limits.memory_bytes:
                    allowed = self._limits.memory_bytes >> 20
                    raise ChannelLimitError(f"{resident >> 20} MiB of memory; {allowed} are allowed")

    def _ended(self) -> ChannelEndedError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        code = self._process.poll()
        status = f"status {code}" if code is None or code >= 0 else signal.Signals(-code).name
        size = self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, size - _STDERR_TAIL))
        return ChannelEndedError(status, self._errors.read().decode(errors="replace").strip())
