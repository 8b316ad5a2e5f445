"""A supervisor on this machine, started and stopped so that never two collectors run, and none outlives us.

Called by `./dev run` and by tests; on other hosts an init system runs the supervisor from the same files.
"""

import contextlib
import fcntl
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from phoenix.collector.binary import child
from phoenix.collector.binary.errors import ProgramUnusableError
from phoenix.collector.supervised.errors import SupervisorEndedError, SupervisorFilesError, SupervisorRunningError
from phoenix.collector.supervised.files import read_environment
from phoenix.collector.supervised.log import supervisor_log
from phoenix.collector.supervised.model import SupervisorFiles
from phoenix.collector.supervised.processes import collectors, end_collectors, supervisors

# The supervisor gives its collector ten seconds.
_PATIENCE_SECONDS: Final = 15.0


@dataclass(slots=True)
class RunningSupervisor:
    """A supervisor that was started here. `stop` may be called from any thread, any number of times."""

    files: SupervisorFiles
    process: subprocess.Popen[bytes]
    _lock: IO[str]

    @property
    def collector_pid(self) -> int | None:
        """The collector's process, or None while there is none."""
        return next((process.pid for process in collectors(self.files)), None)

    def check(self) -> None:
        """Raise SupervisorEndedError when the supervisor has ended by itself."""
        status = self.process.poll()
        if status is not None:
            output = "\n".join(supervisor_log(self.files, 20))
            ending = output.rpartition("\n")[2] or "it said nothing"
            raise SupervisorEndedError(f"the supervisor {child.ending(status)}: {ending}", output=output)

    def stop(self) -> None:
        """End supervisor and collector in order, by force after a while; both are gone afterwards.

        SIGINT, since at any other signal the supervisor dies without a word and leaves its collector.
        """
        try:
            child.stop(self.process, patience_seconds=_PATIENCE_SECONDS)
            # One that had not yet begun to listen for signals has left the collector it was about to ask.
            end_collectors(self.files)
        finally:
            self._lock.close()


@contextlib.contextmanager
def running_supervisor(
    files: SupervisorFiles, *, environment: Mapping[str, str] | None = None
) -> Iterator[RunningSupervisor]:
    """Run a supervisor until the block ends, however it ends; see `start_supervisor`."""
    running = start_supervisor(files, environment=environment)
    try:
        yield running
    finally:
        running.stop()


def start_supervisor(files: SupervisorFiles, *, environment: Mapping[str, str] | None = None) -> RunningSupervisor:
    """Start the supervisor in a session of its own and return at once.

    A collector that an earlier supervisor left (it was killed) is ended first. The supervisor is killed with the thread
    that calls this: call from one that lives as long; the collector then ends by itself within `orphan_poll_seconds`.

    Args:
        files: as `write_files` made them.
        environment: what supervisor and collector see beside the environment file; this process's own when left out.

    Raises:
        SupervisorRunningError: one runs on these files.
        SupervisorFilesError: the files cannot be used.
        ProgramUnusableError: the program cannot be started.
    """
    if not os.access(files.supervisor, os.X_OK):
        raise ProgramUnusableError(f"{files.supervisor} cannot be started: it is missing or not executable")
    inside = {**(os.environ if environment is None else environment), **read_environment(files)}
    lock = _locked(files)
    try:
        _refuse_second(files)
        end_collectors(files)
        process = _start(files, inside)
    except OSError as error:
        lock.close()
        raise SupervisorFilesError(f"{error.filename or files.folder}: {error.strerror}") from error
    except BaseException:
        lock.close()
        raise
    return RunningSupervisor(files, process, lock)


def _refuse_second(files: SupervisorFiles) -> None:
    # One that an init system runs does not hold our lock.
    if others := supervisors(files):
        raise SupervisorRunningError(f"{files.folder}: a supervisor runs on it already, process {others[0].pid}")


def _start(files: SupervisorFiles, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    if files.supervisor_log.exists():
        files.supervisor_log.replace(files.supervisor_log.with_suffix(".log.1"))
    with os.fdopen(_private(files.supervisor_log), "wb") as log:
        return subprocess.Popen(
            child.tethered(files.supervisor, "--config", str(files.config), deaf=False),
            cwd=files.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _locked(files: SupervisorFiles) -> IO[str]:
    try:
        lock = os.fdopen(_private(files.lock), "w")
    except OSError as error:
        raise SupervisorFilesError(f"{error.filename}: {error.strerror}") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise SupervisorRunningError(f"{files.folder}: a supervisor runs on it already") from error
    return lock


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
