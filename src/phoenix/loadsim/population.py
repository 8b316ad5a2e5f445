"""The simulated processes of one supervisor: started, counted, replaced, and in the end taken along.

Standard library only (see `fields`).
"""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from errno import EAGAIN, ETIMEDOUT
from pathlib import Path
from typing import NamedTuple

from phoenix.loadsim.errors import ProcessLimitError
from phoenix.loadsim.linux import CommandLine
from phoenix.loadsim.profile import ProcessGroup, Profile
from phoenix.loadsim.worker import OUT_OF_RESOURCES, Ground, lasting, passing, spawn

_START_TIMEOUT_SECONDS = 120.0


class Family(NamedTuple):
    """A process of a group and its children, by their numbers in the group."""

    group: ProcessGroup
    number: int
    children: tuple[int, ...]

    @property
    def size(self) -> int:
        """Processes in the family."""
        return 1 + len(self.children)


@dataclass(slots=True)
class Tally:
    """What has happened so far; the fields are those of `SimulationState`."""

    starts: int = 0
    replaced: int = 0
    failed_starts: int = 0


def families(groups: tuple[ProcessGroup, ...]) -> Iterator[Family]:
    """Yield every process of the groups once, as the head of a family or in one."""
    for group in groups:
        size = group.children + 1
        for index in range(0, group.count, size):
            yield Family(group, index, tuple(range(index + 1, min(index + size, group.count))))


class Population:
    """Every process of one simulation. Only the thread that made it may use it: the kernel ties children to threads."""

    def __init__(self, profile: Profile, folder: Path, command_line: CommandLine, seed: int) -> None:
        self._profile = profile
        leash, self._leash = os.pipe()
        self._ready, ready = os.pipe()
        os.set_blocking(self._ready, False)
        self._ground = Ground(leash, ready, command_line, str(folder), seed)
        # Heads of families by pid; None for a short-lived process.
        self._living: dict[int, Family | None] = {}
        self._lost: list[Family] = []
        self._passed = 0
        self.tally = Tally()

    @property
    def processes(self) -> int:
        """Simulated processes that run now, as far as `reap` knows."""
        return sum(family.size if family else 1 for family in self._living.values())

    @property
    def incomplete(self) -> bool:
        """Whether a lasting process has died and is not replaced yet."""
        return bool(self._lost)

    def start_all(self, ending: Callable[[], bool]) -> None:
        """Start the lasting processes and wait until each has all it needs, or until `ending()`.

        Raises:
            ProcessLimitError: the system refused one something; none is left.
        """
        try:
            for family in families(self._profile.processes):
                if ending():
                    return
                self._start(family)
            self._await_ready(ending)
        except OSError as error:
            started, wanted = self.tally.starts, self._profile.process_count
            self.take_along()
            message = f"{started} of {wanted} processes were started, then the system refused: {error.strerror}"
            raise ProcessLimitError(f"{message} ({_limits()})") from error

    def start_passing(self) -> None:
        """Start one short-lived process; a refusal is counted."""
        if self._profile.churn is None:
            return
        try:
            self._living[spawn(passing(self._profile.churn, self._passed), self._ground)] = None
            self.tally.starts += 1
        except OSError:
            self.tally.failed_starts += 1
        self._passed += 1

    def replace_one(self) -> None:
        """Start one family again whose head has died; a refusal is counted and tried again later."""
        try:
            self._start(self._lost[0])
        except OSError:
            self.tally.failed_starts += 1
            return
        self.tally.replaced += self._lost.pop(0).size

    def reap(self) -> bool:
        """Take note of every process that has ended; return whether one ended for want of something it asked for."""
        starved = False
        with contextlib.suppress(BlockingIOError):
            os.read(self._ready, 4096)
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    break
                starved |= os.WIFEXITED(status) and os.WEXITSTATUS(status) == OUT_OF_RESOURCES
                family = self._living.pop(pid, None)
                if family is not None:
                    self._lost.append(family)
        return starved

    def take_along(self) -> None:
        """Kill every process and wait for the last; children of a killed one die with it and are waited for here."""
        os.close(self._leash)
        for pid in self._living:
            os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)

    def _start(self, family: Family) -> None:
        self._living[spawn(lasting(*family), self._ground)] = family
        self.tally.starts += family.size

    def _await_ready(self, ending: Callable[[], bool]) -> None:
        missing = self._profile.process_count
        deadline = time.monotonic() + _START_TIMEOUT_SECONDS
        while missing > 0 and not ending():
            if select.select([self._ready], [], [], 0.2)[0]:
                missing -= len(os.read(self._ready, 65536))
            elif self.reap():
                raise OSError(EAGAIN, "a process got no memory, thread, file or child of its own")
            elif time.monotonic() > deadline:
                raise OSError(ETIMEDOUT, f"{missing} processes were not ready after {_START_TIMEOUT_SECONDS:.0f} s")


def _limits() -> str:
    """Return the limits that most often stop a fork, for a message."""
    import resource  # noqa: PLC0415  # Only the failing path needs it, and every process starts from our memory.

    user = resource.getrlimit(resource.RLIMIT_NPROC)[0]
    limits = [f"ulimit -u is {'unlimited' if user == resource.RLIM_INFINITY else user}"]
    with contextlib.suppress(OSError, IndexError):
        group = Path("/proc/self/cgroup").read_text(encoding="utf-8").rpartition("::")[2].strip()
        limits.append(f"pids.max is {Path(f'/sys/fs/cgroup{group}/pids.max').read_text(encoding='utf-8').strip()}")
    return ", ".join(limits)
