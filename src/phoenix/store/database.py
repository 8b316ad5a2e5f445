"""One database: sessions that read, transactions that write.

On SQLite one transaction writes at a time, in the order asked: everyone who writes waits here rather than in the
database, where waiting is unfair and ends in "database is locked". Sessions that read see one snapshot on both
databases and cannot write.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from phoenix.store.errors import STOPS_WRITING, DatabaseAddressError, place, translate
from phoenix.store.sqlite import SqliteFile
from phoenix.store.writer import WRITER_WAIT_SECONDS, Turns, WritingSession, with_turn

if TYPE_CHECKING:
    from phoenix.core.errors import PhoenixError

_SQLITE: Final = "sqlite"
_DRIVERS: Final = ("sqlite+aiosqlite", "postgresql+psycopg")
_POSTGRESQL_POOL: Final[dict[str, Any]] = {
    "pool_size": 10,
    "max_overflow": 10,
    "pool_timeout": 10,
    "pool_pre_ping": True,
}
# No statement of ours is slow; a statement or a lock that is must not hold others for ever.
_POSTGRESQL_LIMITS: Final = (
    "-c statement_timeout=30s -c lock_timeout=10s -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
)


class Database:
    """A database that is open.

    Attributes:
        url: its address.
        trouble: the last that kept a transaction from being written; whoever writes after it may forget it.
    """

    def __init__(self, url: URL, *, wait_seconds: float = WRITER_WAIT_SECONDS) -> None:
        self.url = url
        self.trouble: PhoenixError | None = None
        self._file = SqliteFile(url) if url.get_backend_name() == _SQLITE else None
        if self._file:
            self._writer, self._reader = self._file.writer(), self._file.readers()
        else:
            limits = {"connect_timeout": 5, "options": _POSTGRESQL_LIMITS}
            self._writer = create_async_engine(url, connect_args=limits, **_POSTGRESQL_POOL)
            # The same pool: only how a transaction begins differs.
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._readers = async_sessionmaker(self._reader, expire_on_commit=False)
        self._writers = async_sessionmaker(self._writer, expire_on_commit=False, sync_session_class=WritingSession)
        self._turns = Turns(place(url), one_at_a_time=self.is_sqlite, wait_seconds=wait_seconds)

    @classmethod
    def open(cls, url: str, *, wait_seconds: float = WRITER_WAIT_SECONDS) -> Self:
        """Return the database at a SQLAlchemy address: `sqlite+aiosqlite:///FILE` or `postgresql+psycopg://...`.

        Nothing is connected yet. `wait_seconds` is how long a transaction waits for its turn on SQLite.

        Raises:
            DatabaseAddressError: it is no such address.
        """
        return cls(_address(url), wait_seconds=wait_seconds)

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes; on SQLite it has one connection, so only migrations use it directly."""
        return self._writer

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return self._file is not None

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

        On SQLite it waits for its turn at its first statement, then holds it: do what takes long before that.

        Raises:
            DatabaseBusyError: its turn did not come in time.
            UnavailableError, DeniedError, InvalidError: the database's own trouble, in the words of `store.errors`.
            RuntimeError: the task is in a transaction already: a service was called without its caller's session.
        """
        try:
            with self.named_errors():
                turn = self._turns.open()
                session = self._writers(info=with_turn(turn))
                try:
                    yield session
                    await session.commit()
                finally:
                    await turn.end(session.close())
        except STOPS_WRITING as error:
            self.trouble = error
            raise

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
        if self._file:
            await self._reader.dispose()
            await self._file.settle()


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
