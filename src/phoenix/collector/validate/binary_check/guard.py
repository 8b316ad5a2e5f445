"""The first thing that runs in a sandbox: it gives up what the binary must not have, then becomes the binary.

Started by `sandbox` as a script of its own, `python -I -S guard.py FOLDER BINARY ARGUMENTS...`, because a function run
between fork and exec of a program with threads may hang. FOLDER holds `start.json`. Standard library only.

What it gives up: the network, by a namespace of its own; every file but its folder, the programs and libraries of the
system and what it is told it may read, by Landlock (https://docs.kernel.org/userspace-api/landlock.html).
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from typing import Final

CANNOT_START: Final = 126
_LARGEST_FILE_BYTES: Final = 16 << 20
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 1, 38
# The same numbers on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
# What a kernel of each version of Landlock can take away: files and folders, renaming elsewhere, truncating, devices.
_FILE_RIGHTS: Final = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_WITH_NETWORK, _NETWORK_RIGHTS = 4, 3
# Programs, libraries, and what tells of the machine but of no other process: scrapers ask for that when they are made.
_SYSTEM: Final = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc/localtime", "/dev/null", "/sys/devices/system", "/sys/kernel/mm"),
    *("/proc/self", "/proc/stat", "/proc/meminfo", "/proc/cpuinfo", "/proc/uptime", "/proc/loadavg", "/proc/sys"),
)


def main(folder: str, command: list[str]) -> None:
    """Become `command`: without network and files where the system allows that, and never outliving the parent."""
    parent = int(os.environ["PHOENIX_GUARD_PARENT"])
    with open(os.path.join(folder, "start.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH123 (-S: quick start)
        start = json.load(file)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE_BYTES, _LARGEST_FILE_BYTES))
    # Not every system has these calls: the config was refused before if it could ask for files or the network.
    with contextlib.suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWNET)
        # After unshare, since a change of credentials forgets it.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _give_up_files(libc, folder, [command[0], *start["readable"], *_SYSTEM])
    if os.getppid() != parent:
        sys.exit(CANNOT_START)
    try:
        os.execve(command[0], command, start["environment"])  # noqa: S606 (the point of this file)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(CANNOT_START)


def _give_up_files(libc: ctypes.CDLL, folder: str, readable: list[str]) -> None:
    """Keep this process, and what it becomes, from every file but those in `folder` and the readable ones."""
    call = libc.syscall
    call.restype = ctypes.c_long
    version = call(*map(ctypes.c_long, (_CREATE_RULESET, 0, 0, _VERSION_FLAG)))
    if version < 1:
        return
    everything = sum(rights for since, rights in _FILE_RIGHTS if version >= since)
    handled = struct.pack("=QQ", everything, _NETWORK_RIGHTS if version >= _WITH_NETWORK else 0)
    rules = call(ctypes.c_long(_CREATE_RULESET), handled, ctypes.c_long(len(handled)), ctypes.c_long(0))
    if rules < 0:
        return
    for path, rights in [(folder, everything), *((path, _EXECUTE | _READ_FILE | _READ_DIR) for path in readable)]:
        _allow(call, rules, path, rights)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    call(*map(ctypes.c_long, (_RESTRICT_SELF, rules, 0)))
    os.close(rules)


def _allow(call: Callable[..., int], rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        # This system has no such place.
        return
    if not os.path.isdir(path):  # noqa: PTH112 (-S: quick start)
        rights &= ~_READ_DIR
    rule = struct.pack("=Qi", rights, place)
    call(ctypes.c_long(_ADD_RULE), ctypes.c_long(rules), ctypes.c_long(_PATH_BENEATH), rule, ctypes.c_long(0))
    os.close(place)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
