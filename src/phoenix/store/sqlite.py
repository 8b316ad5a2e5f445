"""Connections to a file of SQLite: how they are set up, and that none of their threads outlives the database.

Called by `database` only. Every connection of aiosqlite has a thread of its own.
"""

import asyncio
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

_PRAGMAS: Final = (
    "journal_mode=WAL",
    # In WAL mode a power cut may take the last commits but never the database; a killed process loses nothing.
    "synchronous=NORMAL",
    # Only another program can make us wait in the database: our own writers take turns.
    "busy_timeout=5000",
    "foreign_keys=ON",
    "journal_size_limit=67108864",
)
_READERS: Final = 8
_WAIT_SECONDS: Final = 10
_JOIN_SECONDS: Final = 5.0


class SqliteFile:
    """A file and the threads of its connections."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._path = Path(url.database or "").absolute()
        self._threads: weakref.WeakSet[Any] = weakref.WeakSet()

    def readers(self) -> AsyncEngine:
        """Return an engine whose connections cannot write."""
        return self._engine("BEGIN", (*_PRAGMAS, "query_only=ON"), size=_READERS)

    def writer(self) -> AsyncEngine:
        """Return an engine of one connection, whose transactions hold the lock to write from the start."""
        return self._engine("BEGIN IMMEDIATE", _PRAGMAS, size=1)

    async def settle(self) -> None:
        """Wait for the threads of closed connections, which tell the event loop that they are done.

        Those of a connection that failed or was interrupted nobody else waits for, and they would find the loop gone.
        """
        for thread in list(self._threads):
            await asyncio.to_thread(thread.join, _JOIN_SECONDS)

    def _engine(self, begin: str, pragmas: Sequence[str], *, size: int) -> AsyncEngine:
        engine = create_async_engine(
            self._url, async_creator=self._connect, pool_size=size, max_overflow=0, pool_timeout=_WAIT_SECONDS
        )

        def prepare(connection: Any, _record: object) -> None:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")

        event.listen(engine.sync_engine, "connect", prepare)
        event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    async def _connect(self) -> aiosqlite.Connection:
        # The driver must not begin transactions by itself: it would begin them late and without a lock.
        connection = aiosqlite.connect(self._path, isolation_level=None)
        thread = connection._thread  # noqa: SLF001 - nothing public tells when it has ended
        thread.daemon = True
        self._threads.add(thread)
        return await connection
