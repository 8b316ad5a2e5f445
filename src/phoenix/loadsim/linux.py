"""What a simulated process asks of the Linux kernel: its name, its command line, and to die with its parent.

Standard library only (see `fields`). Called in freshly forked processes, so nothing here allocates much.
"""

import ctypes
import os
import signal
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_CHILD_SUBREAPER = 36
# Fields of /proc/PID/stat after the name, which may itself hold spaces: proc(5) counts from 1 and these from field 3.
_STATE, _START_TIME, _ARG_START, _ARG_END = 0, 19, 45, 46

_libc = ctypes.CDLL(None)
_HANDLED = tuple(map(int, (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)))


def stat(pid: int | str) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the third (state) on, or None when there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()


def start_time(pid: int | str) -> int | None:
    """Return when a process started, in clock ticks since boot; None when it is gone or a zombie.

    With the boot's id this names a process for good, which a pid does not: pids come again.
    """
    found = stat(pid)
    return None if found is None or found[_STATE] in "ZX" else int(found[_START_TIME])


def boot_id() -> str:
    """Return what names this boot of the kernel."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent dies, and end at once if that has happened already."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)


def forget_signal_handlers() -> None:
    """Give the signals that the supervisor handles their default action back.

    Asked of the C library: `signal.signal` goes through enumerations, whose pages each process would copy.
    """
    for number in _HANDLED:
        _libc.signal(number, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent dies, so that they can be waited for."""
    _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class CommandLine:
    """The memory that /proc/PID/cmdline shows of this process; forked children have it at the same address."""

    def __init__(self) -> None:
        own = stat("self") or []
        self._address = int(own[_ARG_START])
        self._size = int(own[_ARG_END]) - self._address

    def show(self, name: str, arguments: tuple[str, ...] = ()) -> None:
        """Set the name of this process (15 bytes are kept) and its command line, cut to the room there is."""
        _libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)
        text = b"".join(part.encode() + b"\0" for part in (name, *arguments))[: self._size - 1]
        ctypes.memmove(self._address, text.ljust(self._size, b"\0"), self._size)
