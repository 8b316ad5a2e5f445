"""The first thing that runs in a sandbox: it gives up what the binary must not have, then becomes the binary.

Started by `sandbox` as a script of its own, `python -I -S guard.py FOLDER BINARY ARGUMENTS...`, because a function run
between fork and exec of a program with threads may hang. FOLDER holds `environment.json`. Standard library only.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from typing import Final

CANNOT_START: Final = 126
_LARGEST_FILE_BYTES: Final = 16 << 20
_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_PDEATHSIG = 0x10000000, 0x40000000, 1


def main(folder: str, command: list[str]) -> None:
    """Become `command`: without network where the system allows that, and never outliving the parent."""
    parent = int(os.environ["PHOENIX_GUARD_PARENT"])
    with open(os.path.join(folder, "environment.json"), encoding="utf-8") as file:  # noqa: PTH118, PTH123 (-S: quick start)
        environment = json.load(file)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_FILE_BYTES, _LARGEST_FILE_BYTES))
    # Not every system has these calls: the config was refused before if it could ask for files or the network.
    with contextlib.suppress(AttributeError, OSError):
        libc = ctypes.CDLL(None)
        if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) != 0:
            libc.unshare(_CLONE_NEWNET)
        # After unshare, since a change of credentials forgets it.
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(CANNOT_START)
    try:
        os.execve(command[0], command, environment)  # noqa: S606 (the point of this file)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        sys.exit(CANNOT_START)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
