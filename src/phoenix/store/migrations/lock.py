"""One program upgrades at a time: a lock beside the file of SQLite, an advisory lock of PostgreSQL.

Both die with their holder, so a killed upgrade blocks nobody.
"""

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from sqlalchemy import text

from phoenix.store.database import Database
from phoenix.store.errors import DatabaseBusyError, DatabaseReadOnlyError, DatabaseUnreachableError, place

WAIT_SECONDS: Final = 120.0
_POLL_SECONDS: Final = 0.05
# Any number will do, so long as it never changes: these are the letters PHNX.
_ADVISORY_LOCK: Final = 0x50484E58


@contextlib.asynccontextmanager
async def one_at_a_time(database: Database, *, wait_seconds: float = WAIT_SECONDS) -> AsyncIterator[None]:
    """Hold the right to upgrade the database within the block.

    Raises:
        DatabaseBusyError: another program held it for longer than `wait_seconds`.
        DatabaseUnreachableError, DatabaseReadOnlyError: the file's folder is missing or cannot be written.
    """
    hold = _file_lock if database.is_sqlite else _advisory_lock
    try:
        async with asyncio.timeout(wait_seconds) as limit, hold(database):
            limit.reschedule(None)
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise DatabaseBusyError(
            f"another program upgrades database {place(database.url)} for more than {wait_seconds:g} s",
            waited_seconds=wait_seconds,
        ) from None


@contextlib.asynccontextmanager
async def _file_lock(database: Database) -> AsyncIterator[None]:
    path = Path(f"{database.url.database}.upgrade")
    descriptor = _try_file(path)
    while descriptor is None:
        await asyncio.sleep(_POLL_SECONDS)
        descriptor = _try_file(path)
    try:
        yield
    finally:
        _give_back(path, descriptor)


def _give_back(path: Path, descriptor: int) -> None:
    # Removed while it is held: whoever opened it meanwhile finds another file, or none, at the name.
    path.unlink(missing_ok=True)
    os.close(descriptor)


def _try_file(path: Path) -> int | None:
    """Return the open lock file once it is ours, or None when another program has it."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError as error:
        raise DatabaseUnreachableError(f"database {path.with_suffix('')}: its folder does not exist") from error
    except OSError as error:
        raise DatabaseReadOnlyError(f"database {path.with_suffix('')}: {error.strerror} in its folder") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_ino == path.stat().st_ino:
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    os.close(descriptor)
    return None


@contextlib.asynccontextmanager
async def _advisory_lock(database: Database) -> AsyncIterator[None]:
    # A session's lock, not a transaction's: an idle transaction would hold back vacuum and meet a time limit.
    async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        held = False
        while not held:
            held = await connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _ADVISORY_LOCK}) is True
            await asyncio.sleep(0 if held else _POLL_SECONDS)
        try:
            yield
        finally:
            # Closing the connection frees the lock, also when it is broken.
            await connection.invalidate()
