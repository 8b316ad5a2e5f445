"""A small file system of its own for one command: full, or read-only, and seen by nobody else."""

from dataclasses import dataclass
from pathlib import Path

UNSHARE = ("unshare", "--mount", "--propagation", "private")

_SCRIPT = """
set -e
disk=$1 before=$2 after=$3 kind=$4 room=$5; shift 5
mount -t tmpfs -o size=256k tmpfs "$disk"
cp -a "$before/." "$disk"
if [ "$kind" = full ]; then
  dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null || true
  truncate -s "-$room" "$disk/filler"
else
  mount -o remount,ro "$disk"
fi
set +e
"$@"
status=$?
[ "$kind" = full ] && rm "$disk/filler"
rm -rf "$after"
cp -a "$disk" "$after"
exit $status
"""


@dataclass(frozen=True)
class SmallDisk:
    """A folder that is a file system of 256 kB for the command that runs after one of the prefixes.

    Attributes:
        folder: where it is mounted; empty for everybody else.
        before: what is copied there first.
        after: what was there when the last command had ended.
    """

    folder: Path
    before: Path
    after: Path

    @classmethod
    def below(cls, parent: Path) -> "SmallDisk":
        """Return one at `parent`/disk."""
        disk = cls(parent / "disk", parent / "disk.before", parent / "disk.after")
        disk.folder.mkdir()
        disk.before.mkdir()
        return disk

    def full(self, room_bytes: int = 0) -> tuple[str, ...]:
        """Return what to write before a command so that it finds so much room there."""
        return self._prefix("full", room_bytes)

    def read_only(self) -> tuple[str, ...]:
        """Return what to write before a command so that it cannot write there, be it root's."""
        return self._prefix("read-only", 0)

    def left(self) -> list[str]:
        """Return the names of what was there when the last command had ended."""
        return sorted(path.name for path in self.after.iterdir())

    def _prefix(self, kind: str, room_bytes: int) -> tuple[str, ...]:
        places = (str(self.folder), str(self.before), str(self.after))
        return (*UNSHARE, "sh", "-c", _SCRIPT, "sh", *places, kind, str(room_bytes))
