"""The processes of one supervised collector, found by the files they were started with."""

import contextlib
import time
from typing import Final

import psutil

from phoenix.collector.supervised.model import SupervisorFiles

_POLL_SECONDS: Final = 0.02


def collectors(files: SupervisorFiles) -> list[psutil.Process]:
    """Return the collectors that run on the supervisor's config, orphans included."""
    return _started_with(str(files.effective))


def supervisors(files: SupervisorFiles) -> list[psutil.Process]:
    """Return the supervisors that run on these files, whoever started them."""
    return _started_with(str(files.config))


def end_collectors(files: SupervisorFiles, *, patience_seconds: float = 10.0) -> int:
    """End every collector of these files and return how many there were: as Ctrl-C does, then by force.

    Two collectors on one config would export everything twice.
    """
    found = collectors(files)
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


def _started_with(argument: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if argument in process.cmdline() and _lives(process):
                found.append(process)
    return found


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
