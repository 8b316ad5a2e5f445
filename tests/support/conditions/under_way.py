"""A phoenix command that is under way: wait for what it says or starts, send it a signal, see what it left."""

import ctypes
import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from tests.support.cli import PHOENIX, Finished, clean_environment
from tests.support.machine.simulated import eventually

_PR_SET_CHILD_SUBREAPER = 36


class UnderWay:
    """A command whose output goes to files in `folder`; it leads a process group, as in a terminal."""

    def __init__(
        self, *line: str | Path, folder: Path, environment: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        self._out, self._err = folder / "stdout", folder / "stderr"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(
                [PHOENIX, *line],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=clean_environment(environment),
                cwd=cwd,
                start_new_session=True,
            )

    def until(self, said: str, started: Callable[[psutil.Process], bool] | None = None, *, seconds: float = 60) -> None:
        """Wait until stderr holds the expression, and a process that it started is as wanted."""

        def ready() -> bool:
            assert self.process.poll() is None, f"it ended before it said {said!r}: {self._err.read_text()}"
            return bool(re.search(said, self._err.read_text())) and (
                started is None or any(map(_so(started), self.family()))
            )

        assert eventually(ready, seconds), (
            f"not within {seconds} s: {said!r} in {self._err.read_text()!r}, {self.family()}"
        )

    def family(self) -> list[psutil.Process]:
        """Return what it has started."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self.process.pid).children(recursive=True)
        return []

    def end(self, number: signal.Signals) -> Finished:
        """Send a signal, SIGINT to the whole group as a terminal does, and return how it ended."""
        (os.killpg if number is signal.SIGINT else os.kill)(self.process.pid, number)
        self.process.wait(30)
        return self.finished()

    def finished(self) -> Finished:
        """Return how it ended; it must have."""
        return Finished(self.process.returncode, self._out.read_text(), self._err.read_text())


def _so(wanted: Callable[[psutil.Process], bool]) -> Callable[[psutil.Process], bool]:
    def asked(process: psutil.Process) -> bool:
        try:
            return wanted(process)
        except psutil.Error:
            return False

    return asked


@contextmanager
def adopted_orphans() -> Iterator[Callable[[], list[str]]]:
    """Become the parent of every process that loses its own, and give a function that tells those that live on."""
    libc, me = ctypes.CDLL(None), psutil.Process()
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1)
    before = set(me.children(recursive=True))

    def living() -> list[str]:
        found = []
        for process in set(me.children(recursive=True)) - before:
            with suppress(psutil.NoSuchProcess):
                if process.status() == psutil.STATUS_ZOMBIE:
                    # Ended; only nobody has asked how.
                    with suppress(ChildProcessError):
                        os.waitpid(process.pid, os.WNOHANG)
                else:
                    found.append(f"{process.pid} {process.cmdline()}")
        return found

    try:
        yield living
    finally:
        libc.prctl(_PR_SET_CHILD_SUBREAPER, 0)
