"""A plane whose database is on a small disk that only its server sees, and that tests fill and empty."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.support.conditions.mounts import UNSHARE
from tests.support.trouble.launched import SERVER, LaunchedPlane

_MOUNTED = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"'
_CHUNK = 1 << 16
_FILLER = "filler"


@dataclass
class SmallDiskPlane(LaunchedPlane):
    """A plane on a disk of its own.

    Attributes:
        disk: where the server sees it; empty for everybody else.
    """

    disk: Path = Path("/nonexistent")

    @classmethod
    def below(cls, folder: Path, *, megabytes: int, **settings: str) -> Self:
        """Return one in `folder`."""
        disk = folder / "disk"
        disk.mkdir()
        command = (*UNSHARE, "sh", "-c", _MOUNTED, "sh", f"{megabytes}m", str(disk), *SERVER)
        url = f"sqlite+aiosqlite:///{disk}/phoenix.db"
        return cls(folder / "server", {**settings, "DATABASE_URL": url}, command=command, disk=disk)

    @property
    def seen(self) -> Path:
        """The disk's folder as this process reaches it: through the server's."""
        return Path(f"/proc/{self.server.server.process.pid}/root{self.disk}")

    def fill(self) -> None:
        """Leave not a byte."""
        fill(self.seen)

    def empty(self) -> None:
        """Take away what filled it."""
        empty(self.seen)


def fill(folder: Path) -> None:
    """Leave not a byte on the disk of a folder."""
    with (folder / _FILLER).open("ab", buffering=0) as filler:
        size = _CHUNK
        while size:
            try:
                filler.write(b"\0" * size)
            except OSError:
                size //= 2


def empty(folder: Path) -> None:
    """Take away what filled it."""
    (folder / _FILLER).unlink()
