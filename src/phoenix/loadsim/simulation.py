"""Start, watch and stop a load simulation. Called by the CLI, by `phoenix run`, by tests and by benchmarks.

    with start(find("realistic"), folder=cache) as simulation:
        ...

A simulation is a supervisor process and its children; it never outlives its starter unless it is asked to (detached),
and its children never outlive the supervisor, even when either is killed (see `worker`).
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from phoenix.loadsim import errors
from phoenix.loadsim.errors import (
    PlatformUnsupportedError,
    SimulationFailedError,
    SimulationNotOursError,
    SimulationNotRunningError,
    folder_error,
)
from phoenix.loadsim.linux import boot_id, start_time
from phoenix.loadsim.order import GO_ON, STATE_FILE, Order, SimulationState
from phoenix.loadsim.profile import Profile

if TYPE_CHECKING:
    from phoenix.core.errors import PhoenixError

# In the environment of every process of a simulation: whose it is, for people and for tests that count survivors.
MARKER = "PHOENIX_LOADSIM"

_ANSWER_TIMEOUT_SECONDS = 150.0
_STOP_TIMEOUT_SECONDS = 15.0
_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from phoenix.loadsim.supervisor import main; main()"
_SOURCES = Path(__file__).parents[2]


class Simulation:
    """A running simulation; leaving its `with` block stops it.

    Attributes:
        profile: what runs.
        folder: where its state file is.
        pid: of the supervisor.
    """

    def __init__(self, profile: Profile, folder: Path, supervisor: "_Supervisor") -> None:
        self.profile = profile
        self.folder = folder
        self.pid = supervisor.pid
        self._supervisor = supervisor
        self._last: SimulationState | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def running(self) -> bool:
        """Whether the supervisor lives."""
        return self._supervisor.alive

    def state(self) -> SimulationState | None:
        """Return what the supervisor said last (at most about a second old); None when it never said anything."""
        found = _read_state(self.folder)
        if found is not None and found.pid == self.pid:
            self._last = found
        return self._last

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Wait until the simulation has ended by itself; return False when the time is over first."""
        return self._supervisor.wait(timeout_seconds)

    def stop(self) -> SimulationState | None:
        """End every process of the simulation and return its last state. Again does nothing.

        Raises:
            SimulationFailedError: the supervisor does not end, even when killed.
        """
        last = self.state()
        self._supervisor.end()
        return last


def start(
    profile: Profile,
    *,
    folder: Path,
    duration_seconds: float | None = None,
    detached: bool = False,
    seed: int = 0,
) -> Simulation:
    """Start a simulation and return it once every lasting process has all it needs.

    Args:
        profile: what to run.
        folder: where the state file goes; made when missing. One simulation runs from one folder at a time.
        duration_seconds: it ends by itself after this; None means that it does not.
        detached: it outlives this process, and `stop` in another one ends it.
        seed: of everything drawn by chance.

    Raises:
        PlatformUnsupportedError: not Linux.
        SimulationFolderError, SimulationSpaceError: the folder cannot be made or written to.
        SimulationRunningError: one runs already from this folder.
        MemoryShortError: the profile would take more memory than is free.
        ProcessLimitError: the system refused to start a process; none is left.
        SimulationFailedError: anything else; none is left.
    """
    if sys.platform != "linux":
        raise PlatformUnsupportedError(f"load simulation needs Linux, this is {sys.platform}")
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise folder_error(folder, error) from error
    order = Order(profile, str(folder), duration_seconds, None if detached else os.getpid(), seed)
    process = _run_supervisor(order)
    try:
        answer = _agree(process, order)
    except BaseException:
        _abandon(process)
        raise
    if detached:
        # What we started has forked the supervisor off and is gone.
        _abandon(process)
    return Simulation(
        profile, folder, _Supervisor(int(answer["pid"]), int(answer["start_time"]), None if detached else process)
    )


def running(folder: Path) -> SimulationState | None:
    """Return the state of the simulation that runs from this folder, or None; a stale state file does not count."""
    state = _read_state(folder)
    if state is None or state.boot != boot_id() or start_time(state.pid) != state.start_time:
        return None
    return state


def stop(folder: Path) -> SimulationState:
    """End the simulation that runs from this folder, whoever started it, and return its last state.

    A stale state file is removed. A pid is only ever signalled when boot and start time say that it is the supervisor.

    Raises:
        SimulationNotRunningError: none runs from this folder.
        SimulationNotOursError: it is another user's.
        SimulationFailedError: the supervisor does not end, even when killed.
    """
    state = running(folder)
    if state is None:
        (folder / STATE_FILE).unlink(missing_ok=True)
        raise SimulationNotRunningError(f"{folder}: no load simulation runs from here")
    try:
        _Supervisor(state.pid, state.start_time, None).end()
    except PermissionError as error:
        raise SimulationNotOursError(f"the load simulation of process {state.pid} is another user's") from error
    return state


@dataclass(slots=True)
class _Supervisor:
    """The supervisor process as seen from outside, known by pid and start time.

    Attributes:
        process: set when it is a child of ours.
    """

    pid: int
    started: int
    process: subprocess.Popen[bytes] | None

    @property
    def alive(self) -> bool:
        if self.process is not None:
            return self.process.poll() is None
        return start_time(self.pid) == self.started

    def wait(self, timeout_seconds: float | None) -> bool:
        deadline = time.monotonic() + (float("inf") if timeout_seconds is None else timeout_seconds)
        while self.alive:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.02)
        return True

    def end(self) -> None:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.alive:
                os.kill(self.pid, number)
            if self.wait(_STOP_TIMEOUT_SECONDS):
                break
        else:
            raise SimulationFailedError(f"the supervisor of the simulation, process {self.pid}, does not end")
        if self.process is not None:
            _abandon(self.process)


def _run_supervisor(order: Order) -> subprocess.Popen[bytes]:
    # Simulated processes show their command line in the memory of this one, so this one must be as long as any.
    room = max([_length(group.name, group.arguments) for group in order.profile.processes] + [0])
    churn = order.profile.churn
    padding = "." * max(room, _length(churn.name, churn.arguments) if churn else 0)
    # Not the whole environment: it would show in every simulated process.
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _PROGRAM, str(_SOURCES), padding],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={**environment, MARKER: order.folder},
        start_new_session=True,
    )


def _length(name: str, arguments: tuple[str, ...]) -> int:
    # {index} becomes a number: of ten digits in a churn that runs for years.
    return sum(len(part.replace("{index}", "0" * 10).encode()) + 1 for part in (name, *arguments))


def _agree(process: subprocess.Popen[bytes], order: Order) -> dict[str, Any]:
    """Give the order, and return the pid and start time of a supervisor that has everything running.

    The supervisor goes on only when it hears that its answer has arrived: an interrupted start leaves nothing.
    """
    if process.stdin is None or process.stdout is None:
        raise SimulationFailedError("the supervisor has no standard input or output")
    process.stdin.write(order.to_line())
    process.stdin.flush()
    answer = _await_answer(process.stdout.fileno(), order)
    if "error" in answer:
        kind: type[PhoenixError] = getattr(errors, str(answer["error"]))
        raise kind(str(answer["message"]))
    process.stdin.write(GO_ON)
    process.stdin.flush()
    return answer


def _await_answer(descriptor: int, order: Order) -> dict[str, Any]:
    output = b""
    deadline = time.monotonic() + _ANSWER_TIMEOUT_SECONDS
    while not output.endswith(b"\n") or not output.rpartition(b"\n")[0].rpartition(b"\n")[2].startswith(b"{"):
        if not select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise SimulationFailedError(f"{order.profile.name} was not ready after {_ANSWER_TIMEOUT_SECONDS:.0f} s")
        chunk = os.read(descriptor, 65536)
        if not chunk:
            raise SimulationFailedError(f"the supervisor ended: {output.decode(errors='replace').strip()}")
        output += chunk
    answer: dict[str, Any] = json.loads(output.splitlines()[-1])
    return answer


def _abandon(process: subprocess.Popen[bytes]) -> None:
    """Let go of a supervisor that is to end: the end of its standard input tells it to."""
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        process.wait(_STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _read_state(folder: Path) -> SimulationState | None:
    try:
        data = json.loads((folder / STATE_FILE).read_text(encoding="utf-8"))
        return SimulationState.from_mapping(data)
    except (OSError, ValueError, TypeError):
        # Absent, cut short, or of another version: no simulation of ours.
        return None
