"""Processes for fault tests to look at, under names that no other program and no other test run has."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_RUN = os.getpid()
KEPT = f"phx-kept-{_RUN}"
# Processes that nobody called critical; candidates that work hard need some.
OTHERS = tuple(f"phx-other{number}-{_RUN}" for number in range(8))
# All of them and nothing else, for the receiver.
NAMES = f"phx-.*-{_RUN}"


@contextlib.contextmanager
def running(folder: Path) -> Iterator[None]:
    """Run one of each until the block ends."""
    with contextlib.ExitStack() as started:
        for name in (KEPT, *OTHERS):
            program = folder / name
            shutil.copy("/bin/sleep", program)
            process = started.enter_context(subprocess.Popen([program, "3600"]))
            started.callback(process.kill)
        yield
