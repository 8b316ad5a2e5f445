"""The process that runs a simulation until a signal, the end of its time, or the end of whoever started it.

`simulation.start` runs it as a program of its own, without site-packages: whoever asked for the simulation may be
killed and nothing stays, and each forked process starts from little memory. Standard library only (see `fields`).
"""

import contextlib
import fcntl
import gc
import json
import os
import select
import signal
import sys
import time
import traceback
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from phoenix.core.errors import PhoenixError
from phoenix.loadsim.errors import MemoryShortError, SimulationRunningError, folder_error
from phoenix.loadsim.linux import CommandLine, adopt_orphans, boot_id, start_time
from phoenix.loadsim.order import GO_ON, LOCK_FILE, STATE_FILE, Order, SimulationState
from phoenix.loadsim.pace import Pace
from phoenix.loadsim.population import Population
from phoenix.loadsim.profile import Profile

_STATE_EVERY_SECONDS = 1.0
_REPLACE_EVERY_SECONDS = 0.1
_SHARE_OF_FREE_MEMORY = 0.8


def main() -> None:
    """Read the order from standard input, start everything, answer with one JSON line, and run until the end."""
    order = Order.from_line(sys.stdin.buffer.readline())
    if order.starter is None and os.fork():
        os._exit(0)
    supervisor = None
    answer: dict[str, object]
    try:
        supervisor = Supervisor(order)
        supervisor.start()
        answer = {"pid": os.getpid(), "start_time": start_time("self")}
    except PhoenixError as error:
        answer = {"error": type(error).__name__, "message": error.message}
    except BaseException:  # noqa: BLE001  # Whatever it is, the process that waits for an answer must hear of it.
        answer = {"error": "SimulationFailedError", "message": traceback.format_exc().strip()}
    with contextlib.suppress(BrokenPipeError):
        os.write(1, json.dumps(answer).encode() + b"\n")
    if supervisor is not None and "error" not in answer:
        supervisor.go_on(sys.stdin.buffer.readline() == GO_ON)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 1)
        os.dup2(null, 2)
        supervisor.run()
    # The interpreter's own ending would take time over what forked processes share.
    os._exit("error" in answer)


class Supervisor:
    """One simulation, from its first process to its last."""

    def __init__(self, order: Order) -> None:
        """Take the folder's lock and write the first state file.

        Raises:
            SimulationFolderError, SimulationSpaceError: the folder cannot be written to.
            SimulationRunningError: another supervisor has the lock.
            MemoryShortError: the profile would take more than the machine can spare.
        """
        self._order = order
        self._folder = Path(order.folder)
        self._ending = False
        self._wake = self._listen()
        self._lock = _take_lock(self._folder)
        _check_memory(order.profile)
        command_line = CommandLine()
        command_line.show("loadsim", (order.profile.name,))
        self._state = _first_state(order)
        self._begun = 0.0
        self._population = Population(order.profile, self._folder, command_line, order.seed)
        try:
            self._state.write(self._folder)
        except OSError as error:
            raise folder_error(self._folder, error) from error

    def start(self) -> None:
        """Start the lasting processes.

        Raises:
            ProcessLimitError: the system refused; nothing is left.
        """
        adopt_orphans()
        # Should memory run out, the load must go before anything that people care for.
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
        # The garbage collector would write to every page that a forked process shares with us.
        gc.collect()
        gc.disable()
        gc.freeze()
        try:
            self._population.start_all(self._unwanted)
        except PhoenixError:
            self._forget()
            raise
        self._say()

    def go_on(self, wanted: bool) -> None:
        """Hear whether the starter got the answer; if not, `run` ends at once."""
        self._ending = self._ending or not wanted

    def run(self) -> None:
        """Keep the load going, then take every process along."""
        begin = self._begun = time.monotonic()
        deadline = begin + (self._order.duration_seconds or float("inf"))
        churn = self._order.profile.churn
        pace = Pace(churn.starts_per_second, begin) if churn else None
        said = replaced = begin
        poller = self._poller()
        while (now := time.monotonic()) < deadline and not self._ending and not self._forsaken():
            self._population.reap()
            if self._population.incomplete and now >= replaced + _REPLACE_EVERY_SECONDS:
                self._population.replace_one()
                replaced = now
            for _ in range(pace.take(now) if pace else 0):
                self._population.start_passing()
            if now >= said + _STATE_EVERY_SECONDS:
                self._say()
                said = now
            waits = [deadline, said + _STATE_EVERY_SECONDS]
            waits += [replaced + _REPLACE_EVERY_SECONDS] if self._population.incomplete else []
            now = time.monotonic()
            pause = min(min(waits) - now, pace.seconds_to_next(now) if pace else _STATE_EVERY_SECONDS)
            self._pause(poller, max(0.0, pause))
        self._population.take_along()
        self._forget()

    def _listen(self) -> int:
        """Install the signal handlers; return a descriptor that becomes readable with every signal."""
        readable, writable = os.pipe()
        for descriptor in (readable, writable):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(writable, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        # A closed terminal ends whoever started us, not a simulation that is to outlive it.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        return readable

    def _poller(self) -> select.poll:
        poller = select.poll()
        poller.register(self._wake, select.POLLIN)
        if self._order.starter is not None:
            poller.register(0, select.POLLIN)
        return poller

    def _pause(self, poller: select.poll, seconds: float) -> None:
        # poll counts in whole milliseconds; rounding up keeps it from spinning for the last one.
        for descriptor, _ in poller.poll(int(seconds * 1000) + 1):
            if descriptor == self._wake:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake, 4096)
            else:
                self._ending = True

    def _unwanted(self) -> bool:
        """Whether, before our answer, a signal came or the starter gave up: only then is standard input readable."""
        return self._ending or bool(select.select([0], [], [], 0)[0])

    def _forsaken(self) -> bool:
        """Whether our starter is gone. The pipe says it first, unless a fork of the starter holds the pipe too."""
        return self._order.starter is not None and os.getppid() != self._order.starter

    def _say(self) -> None:
        self._state = replace(
            self._state,
            seconds=round(time.monotonic() - self._begun, 3) if self._begun else 0.0,
            processes=self._population.processes,
            **asdict(self._population.tally),
        )
        # A full disk makes the state stale; the load goes on.
        with contextlib.suppress(OSError):
            self._state.write(self._folder)

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            (self._folder / STATE_FILE).unlink()

    def _end(self, *_: object) -> None:
        self._ending = True


def _take_lock(folder: Path) -> int:
    """Return a descriptor that holds the folder's lock as long as this process lives."""
    try:
        lock = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise folder_error(folder, error) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise SimulationRunningError(f"{folder}: a load simulation already runs") from error
    return lock


def _check_memory(profile: Profile) -> None:
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        free = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    if free is not None and profile.memory_bytes > _SHARE_OF_FREE_MEMORY * free:
        raise MemoryShortError(
            f"{profile.name} needs about {profile.memory_bytes / 1e6:.0f} MB and {free / 1e6:.0f} MB are free, "
            f"of which it may take {_SHARE_OF_FREE_MEMORY:.0%}"
        )


def _first_state(order: Order) -> SimulationState:
    now = datetime.now(UTC)
    ends = now + timedelta(seconds=order.duration_seconds) if order.duration_seconds else None
    return SimulationState(
        profile=order.profile.name,
        pid=os.getpid(),
        start_time=start_time("self") or 0,
        boot=boot_id(),
        started_at=now.isoformat(timespec="seconds"),
        ends_at=ends.isoformat(timespec="seconds") if ends else "",
    )
