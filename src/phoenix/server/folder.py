"""The data folder: one server at a time in it, and the admin's token for commands on this machine."""

import errno
import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from phoenix.core.errors import PhoenixError
from phoenix.server.errors import DataFolderDeniedError, DataFolderInUseError, DataFolderUnusableError
from phoenix.settings.server import ADMIN_TOKEN_FILE, LOCK_FILE

_DATABASE_FILE: Final = "phoenix.db"
_ONLY_MINE: Final = 0o600


@dataclass(frozen=True, slots=True)
class DataFolder:
    """A data folder that this process holds."""

    path: Path

    @property
    def sqlite_url(self) -> str:
        """Address of the database kept here unless another is named."""
        return f"sqlite+aiosqlite:///{self.path / _DATABASE_FILE}"

    def keep_admin_token(self, token: str) -> None:
        """Write the token where commands of this user find it, readable for nobody else.

        Raises:
            DataFolderUnusableError: the disk is full.
        """
        path = self.path / ADMIN_TOKEN_FILE
        fresh = path.with_suffix(".new")
        try:
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_MINE), "w") as file:
                file.write(token + "\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(path)
        except OSError as error:
            raise _unusable(path, error) from error

    def announce(self, url: str) -> None:
        """Write who holds the folder into its lock, for whoever is refused."""
        (self.path / LOCK_FILE).write_text(json.dumps({"pid": os.getpid(), "url": url}), encoding="utf-8")


@contextmanager
def data_folder(path: Path) -> Iterator[DataFolder]:
    """Give the folder, made if need be, while no other server has it; the lock dies with this process.

    Raises:
        DataFolderDeniedError: this user may not make or write it.
        DataFolderUnusableError: something else is there, or the disk is full.
        DataFolderInUseError: another server holds it.
    """
    path = path.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _ONLY_MINE)
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        _hold(lock, path)
        yield DataFolder(path)
    finally:
        os.close(lock)


def _hold(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _holder(path)
        told = f" (process {holder[0]}, {holder[1]})" if holder else ""
        pid, url = holder or (None, None)
        raise DataFolderInUseError(f"{path}: another server uses this folder{told}", pid=pid, url=url) from None
    except OSError as error:
        raise _unusable(path, error) from error


def _holder(path: Path) -> tuple[object, object] | None:
    """Return process and address of whoever holds the folder, if they have said so yet."""
    try:
        said = json.loads((path / LOCK_FILE).read_text(encoding="utf-8"))
        return said["pid"], said["url"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _unusable(path: Path, error: OSError) -> PhoenixError:
    reason = f"{path}: {error.strerror}"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return DataFolderDeniedError(reason, path=str(path))
    return DataFolderUnusableError(reason, path=str(path))
