"""Programs that end when this process does, also when it is killed."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

# Runs in the child before the program. It asks the kernel for SIGKILL at the death of the thread that started it, then
# looks whether that has happened already. An exec keeps the wish (except for programs with file capabilities), which
# is why this stands in a program of its own: code between fork and exec is unsafe where there are threads.
_TETHER: Final = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
os.execv(sys.argv[2], sys.argv[2:])
"""


def tethered(program: Path, *arguments: str) -> list[str]:
    """Return the command that runs `program` tied to the thread that will start it."""
    return [sys.executable, "-I", "-S", "-c", _TETHER, str(os.getpid()), str(program), *arguments]


def stop(process: subprocess.Popen[bytes], *, patience_seconds: float = 10.0) -> None:
    """Ask `process` to end as Ctrl-C does, wait, then kill it; a second call does nothing."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience_seconds)
    kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill `process` and everything in its process group, and wait for it. It must lead a group of its own."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
