"""How much of this host's processes a collector run by this user would see. Called before recording, and shown.

What the process scraper needs of a process beyond what anybody may read: where its executable is and its disk I/O
(ptrace access in the kernel's sense), and its open files (proc(5)).
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

# PF_KTHREAD of the kernel's include/linux/sched.h, in the flags of /proc/PID/stat.
_KERNEL_THREAD = 0x0020_0000
_STATE, _FLAGS = 0, 6
_NEEDED_CAPABILITIES = {"CAP_SYS_PTRACE": 19, "CAP_DAC_READ_SEARCH": 2}


@dataclass(frozen=True, slots=True)
class ProcessReadability:
    """What of the processes here can be read.

    Attributes:
        user: who looks.
        user_space: processes that are neither kernel threads nor dead.
        readable: those of them that can be read fully.
        no_executable: those whose executable's path cannot be read.
        no_io: those whose disk I/O cannot be read.
        no_open_files: those whose open files cannot be counted.
        kernel_threads: threads of the kernel, which no user owns and which cost series all the same.
        capable: this user has all the capabilities that reading every process takes.
        others_hidden: /proc is mounted so that processes of other users do not show at all.
    """

    user: str
    user_space: int
    readable: int
    no_executable: int
    no_io: int
    no_open_files: int
    kernel_threads: int
    capable: bool
    others_hidden: bool

    @property
    def explanation(self) -> str:
        """How many can be read and what root or capabilities would add, in words."""
        beside = f" ({self.kernel_threads} kernel threads apart)" if self.kernel_threads else ""
        said = f"{self.readable} of {self.user_space} user-space processes can be read fully as {self.user}{beside}."
        lacks = self.user_space - self.readable
        if self.others_hidden and not self.capable:
            said += " Processes of other users are hidden (/proc is mounted with hidepid); root would see them."
        if not lacks:
            return said
        unread = (
            ("the executable's path", self.no_executable),
            ("the disk I/O", self.no_io),
            ("the open files", self.no_open_files),
        )
        said += f" What cannot be read: {', '.join(f'{what} of {count}' for what, count in unread if count)}."
        if self.capable:
            return f"{said} Root cannot read more here: the system protects these processes."
        return (
            f"{said} As root, or with a collector that has the capabilities {' and '.join(_NEEDED_CAPABILITIES)},"
            f" {lacks} more could be read."
        )


def readability(proc: Path = Path("/proc")) -> ProcessReadability:
    """Return what of the processes here this user can read; `proc` is where the kernel shows them."""
    seen = [_look(folder) for folder in proc.iterdir() if folder.name.isdecimal()]
    lacking = [lacks for lacks in seen if lacks is not None and "kernel" not in lacks]
    return ProcessReadability(
        user=_user(),
        user_space=len(lacking),
        readable=sum(not lacks for lacks in lacking),
        no_executable=sum("exe" in lacks for lacks in lacking),
        no_io=sum("io" in lacks for lacks in lacking),
        no_open_files=sum("fd" in lacks for lacks in lacking),
        kernel_threads=sum(lacks == {"kernel"} for lacks in seen),
        capable=_capable(proc),
        others_hidden=_others_hidden(proc),
    )


def _look(folder: Path) -> set[str] | None:
    """Return what cannot be read of a process: exe, io, fd; {"kernel"} for a kernel thread, None when it is gone."""
    try:
        fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    if fields[_STATE] in "ZX":
        return None
    if int(fields[_FLAGS]) & _KERNEL_THREAD:
        return {"kernel"}
    lacks = set()
    for name, read in (
        ("exe", lambda path: path.readlink()),
        ("io", lambda path: path.read_bytes()),
        ("fd", lambda path: list(path.iterdir())),
    ):
        try:
            read(folder / name)
        except PermissionError:
            lacks.add(name)
        except OSError:
            return None
    return lacks


def _capable(proc: Path) -> bool:
    status = (proc / "self" / "status").read_text(encoding="utf-8", errors="replace")
    effective = next((int(line.split()[1], 16) for line in status.splitlines() if line.startswith("CapEff:")), 0)
    return all(effective >> bit & 1 for bit in _NEEDED_CAPABILITIES.values())


def _others_hidden(proc: Path) -> bool:
    mounts = (proc / "self" / "mounts").read_text(encoding="utf-8", errors="replace")
    options = [line.split()[3].split(",") for line in mounts.splitlines() if line.split()[1:2] == ["/proc"]]
    return any(option.startswith("hidepid=") and option != "hidepid=0" for shown in options for option in shown)


def _user() -> str:
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"user {os.geteuid()}"
