"""One database: sessions that read, transactions that write.

On SQLite one transaction writes at a time, in the order asked: everyone who writes waits here rather than in the
database, where waiting is unfair and ends in "database is locked". Sessions that read see one snapshot on both
databases and cannot write.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final, Self

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from phoenix.store.errors import DatabaseAddressError, place, translate
from phoenix.store.writer import WRITER_WAIT_SECONDS, Turns

_SQLITE: Final = "sqlite"
_DRIVERS: Final = ("sqlite+aiosqlite", "postgresql+psycopg")
_SQLITE_PRAGMAS: Final = (
    "journal_mode=WAL",
    # In WAL mode a power cut may take the last commits but never the database; a killed process loses nothing.
    "synchronous=NORMAL",
    # Only another program can make us wait in the database: our own writers take turns.
    "busy_timeout=5000",
    "foreign_keys=ON",
    "journal_size_limit=67108864",
)
_SQLITE_READERS: Final = 8
_POSTGRESQL_POOL: Final = {"pool_size": 10, "max_overflow": 10, "pool_timeout": 10, "pool_pre_ping": True}
# No statement of ours is slow; a statement or a lock that is must not hold others for ever.
_POSTGRESQL_LIMITS: Final = (
    "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
)


class Database:
    """A database that is open.

    Attributes:
        url: its address.
    """

    def __init__(self, url: URL, *, reader: AsyncEngine, writer: AsyncEngine, turns: Turns) -> None:
        self.url = url
        self._reader = reader
        self._writer = writer
        self._readers = async_sessionmaker(reader, expire_on_commit=False)
        self._writers = async_sessionmaker(writer, expire_on_commit=False)
        self._turns = turns

    @classmethod
    def open(cls, url: str, *, wait_seconds: float = WRITER_WAIT_SECONDS) -> Self:
        """Return the database at a SQLAlchemy address: `sqlite+aiosqlite:///FILE` or `postgresql+psycopg://...`.

        Nothing is connected yet. `wait_seconds` is how long a transaction waits for its turn on SQLite.

        Raises:
            DatabaseAddressError: it is no such address.
        """
        address = _address(url)
        if address.get_backend_name() == _SQLITE:
            reader = create_async_engine(address, pool_size=_SQLITE_READERS, max_overflow=0, pool_timeout=10)
            writer = create_async_engine(address, pool_size=1, max_overflow=0, pool_timeout=10)
            _speak_sqlite(reader, begin="BEGIN", pragmas=(*_SQLITE_PRAGMAS, "query_only=ON"))
            _speak_sqlite(writer, begin="BEGIN IMMEDIATE", pragmas=_SQLITE_PRAGMAS)
            return cls(address, reader=reader, writer=writer, turns=Turns(at_once=1, wait_seconds=wait_seconds))
        limits = {"connect_timeout": 5, "options": _POSTGRESQL_LIMITS}
        writer = create_async_engine(address, connect_args=limits, **_POSTGRESQL_POOL)
        reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return cls(address, reader=reader, writer=writer, turns=Turns(at_once=None, wait_seconds=wait_seconds))

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes; on SQLite it has one connection, so only migrations use it directly."""
        return self._writer

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self.url.get_backend_name() == _SQLITE

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Give a session that reads one snapshot, taken at its first statement; it cannot write.

        Raises:
            UnavailableError, DeniedError, InvalidError: the database's own trouble, in the words of `store.errors`.
        """
        with self.named_errors():
            async with self._readers() as session:
                yield session

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """Give a session that commits when the block ends, or leaves nothing when it raises or is cancelled.

        Raises:
            DatabaseBusyError: its turn did not come in time.
            UnavailableError, DeniedError, InvalidError: the database's own trouble, in the words of `store.errors`.
            RuntimeError: the task is in a transaction already: a service was called without its caller's session.
        """
        with self.named_errors():
            turn = await self._turns.take(place(self.url))
            session = self._writers()
            try:
                await session.connection()
                yield session
                await session.commit()
            finally:
                await turn.end(session.close())

    @contextlib.contextmanager
    def named_errors(self) -> Iterator[None]:
        """Turn what drivers raise within the block into the errors of `store.errors`."""
        try:
            yield
        except Exception as error:
            if (named := translate(error, self.url)) is not None:
                raise named from error
            raise

    async def close(self) -> None:
        """Close every connection. Safe to call twice."""
        await self._turns.settle()
        await self._writer.dispose()
        if self.is_sqlite:
            await self._reader.dispose()


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseAddressError("the address of the database cannot be read") from error
    if address.drivername not in _DRIVERS:
        raise DatabaseAddressError(f"{address.drivername!r} is no database that Phoenix knows", known=list(_DRIVERS))
    if address.get_backend_name() == _SQLITE and (address.database or ":memory:") == ":memory:":
        raise DatabaseAddressError("SQLite needs a file: in memory every connection would have a database of its own")
    return address


def _speak_sqlite(engine: AsyncEngine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    def prepare(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: it would begin them late and without a lock.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine.sync_engine, "connect", prepare)
    event.listen(engine.sync_engine, "begin", lambda connection: connection.exec_driver_sql(begin))
