"""One database: sessions that read, transactions that write.

On SQLite one transaction writes at a time, in the order asked: everyone who writes waits here rather than in the
database, where waiting ends in "database is locked".
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, Final, Self

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

_SQLITE: Final = "sqlite"


class Database:
    """A database that is open."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sessions = async_sessionmaker(engine, expire_on_commit=False)
        self._writer = asyncio.Lock() if self.is_sqlite else contextlib.nullcontext()

    @classmethod
    def open(cls, url: str) -> Self:
        """Return the database at a SQLAlchemy address: `sqlite+aiosqlite:///FILE` or `postgresql+psycopg://...`."""
        engine = create_async_engine(url, pool_pre_ping=True)
        if engine.dialect.name == _SQLITE:
            event.listen(engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(engine.sync_engine, "begin", _begin_immediate)
        return cls(engine)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.engine.dialect.name == _SQLITE

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Give a session whose changes are thrown away."""
        async with self._sessions() as session:
            yield session

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Give a session that commits when the block ends, or leaves nothing when it raises."""
        async with self._writer, self._sessions() as session, session.begin():
            await session.connection(execution_options={"phoenix_writes": True})
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: it would begin them late and without a lock.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Any) -> None:
    writes = connection.get_execution_options().get("phoenix_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
