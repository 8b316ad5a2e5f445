"""The command as a user without any rights, also where it is installed in a folder that only root may enter."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from tests.support.conditions.mounts import UNSHARE
from tests.support.machine.simulated import NOBODY


def as_nobody(reachable: Sequence[Path]) -> tuple[str, ...]:
    """Return what to write before a command so that nobody runs it, and can reach these folders by their paths.

    In mounts of its own an empty folder covers each folder that nobody may enter, with only the reachable ones in it.
    """
    closed: dict[Path, list[int]] = {}
    lines = ["set -e"]
    for number, path in enumerate(reachable, 3):
        if (first := _first_closed(path)) is not None:
            lines.append(f"exec {number}<{shlex.quote(str(path))}")
            closed.setdefault(first, []).append(number)
    for folder, numbers in closed.items():
        lines.append(f"mount -t tmpfs -o mode=755 tmpfs {shlex.quote(str(folder))}")
        for number in numbers:
            place = shlex.quote(str(reachable[number - 3]))
            lines += [f"mkdir -p {place}", f"mount --no-canonicalize --bind /proc/self/fd/{number} {place}"]
    lines.append(f'exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups "$@"')
    return (*UNSHARE, "sh", "-c", "\n".join(lines), "sh")


def _first_closed(path: Path) -> Path | None:
    for folder in (*reversed(path.parents), path):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None
