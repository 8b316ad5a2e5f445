"""The processes of one supervised collector, found by the files they were started with."""

import contextlib
import time
from typing import Final

import psutil

from phoenix.collector.supervised.model import SupervisorFiles

_POLL_SECONDS: Final = 0.02


def collectors(files: SupervisorFiles) -> list[psutil.Process]:
    """Return the collectors that run on the supervisor's config, orphans included."""
    found = _started_with(str(files.effective), without=str(files.launcher))
    # What a collector starts looks like the collector for an instant, between fork and exec.
    pids = {process.pid for process in found}
    return [process for process in found if _parent(process) not in pids]


def supervisors(files: SupervisorFiles) -> list[psutil.Process]:
    """Return the supervisors that run on these files, whoever started them."""
    return _started_with(str(files.config))


def end_collectors(files: SupervisorFiles, *, patience_seconds: float = 10.0) -> int:
    """End every collector of these files and return how many there were: as Ctrl-C does, then by force.

    Two collectors on one config would export everything twice.
    """
    # The script, too, while it is about to become one.
    found = _started_with(str(files.effective))
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(2)
    deadline = time.monotonic() + patience_seconds
    while any(_lives(process) for process in found):
        if time.monotonic() > deadline:
            for process in found:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            deadline = float("inf")
        time.sleep(_POLL_SECONDS)
    return len(found)


def _started_with(argument: str, *, without: str = "") -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            line = process.cmdline()
            if argument in line and without not in line and _lives(process):
                found.append(process)
    return found


def _parent(process: psutil.Process) -> int | None:
    try:
        return int(process.ppid())
    except psutil.NoSuchProcess:
        return None


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
