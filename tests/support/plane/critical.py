"""A process that experiments must keep, under a name that no other program has."""

import contextlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

CRITICAL = "phx-critical"


@contextlib.contextmanager
def critical_process(folder: Path) -> Iterator[str]:
    """Run one and give its executable's name."""
    program = folder / CRITICAL
    shutil.copy("/bin/sleep", program)
    with subprocess.Popen([program, "3600"]) as process:
        try:
            yield program.name
        finally:
            process.kill()
