"""Programs that end when this process does, also when it is killed."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

# Runs in the child before the program. It asks the kernel for SIGKILL at the death of the thread that started it, then
# looks whether that has happened already. An exec keeps the wish (except for programs with file capabilities), which
# is why this stands in a program of its own: code between fork and exec is unsafe where there are threads.
#
# SIGINT may begin ignored, which a Go program leaves so until it asks for the signal. Without that, one that comes
# after a collector said that it is ready and before it listens for signals would kill it with all it still holds. Not
# so for a supervisor: its collectors inherit what is ignored, and the one it starts first, to ask it for its
# components, would miss the SIGINT that comes as soon as it has answered, and be waited for ten seconds.
_TETHER: Final = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGKILL)
signal.signal(signal.SIGINT, signal.SIG_IGN if sys.argv[2] == "deaf" else signal.SIG_DFL)
if os.getppid() != int(sys.argv[1]):
    os._exit(1)
os.execv(sys.argv[3], sys.argv[3:])
"""


def tethered(program: Path, *arguments: str, deaf: bool = True) -> list[str]:
    """Return the command that runs `program` tied to the thread that will start it.

    Args:
        program: what to run.
        arguments: its own.
        deaf: SIGINT is ignored until the program asks for it, by what it starts as well; else it ends the program.
    """
    begins = "deaf" if deaf else "listening"
    return [sys.executable, "-I", "-S", "-c", _TETHER, str(os.getpid()), begins, str(program), *arguments]


def ending(status: int) -> str:
    """Return how a program ended, in words.

    >>> ending(2), ending(-9)
    ('ended with status 2', 'was ended by SIGKILL')
    """
    return f"ended with status {status}" if status >= 0 else f"was ended by {signal.Signals(-status).name}"


def interrupt(process: subprocess.Popen[bytes], *, deadline: float) -> None:
    """Ask `process` to end as Ctrl-C does, once it listens for that; at `deadline` (of `time.monotonic`) anyway."""
    while process.poll() is None and _ignores_interrupt(process.pid) and time.monotonic() < deadline:
        time.sleep(0.002)
    if process.poll() is None:
        process.send_signal(signal.SIGINT)


def stop(process: subprocess.Popen[bytes], *, patience_seconds: float = 10.0) -> None:
    """Ask `process` to end as Ctrl-C does, wait, then kill it; a second call does nothing."""
    deadline = time.monotonic() + patience_seconds
    interrupt(process, deadline=deadline)
    if process.poll() is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
    kill(process)


def _ignores_interrupt(pid: int) -> bool:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("SigIgn:"):
                return bool(int(line.split()[1], 16) >> (signal.SIGINT - 1) & 1)
    return False


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill `process` and everything in its process group, and wait for it. It must lead a group of its own."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
