"""Runs the migrations: `server` calls `upgrade` before anything else touches the database."""

from functools import cache
from importlib import resources
from typing import Any, Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext, RevisionStep, StampStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from phoenix.store.base import Base
from phoenix.store.database import Database
from phoenix.store.errors import DatabaseNewerError, MigrationFailedError, place, translate
from phoenix.store.migrations.lock import one_at_a_time

HEAD: Final = "heads"
# A migration that cannot get its lock soon must not make everybody else queue behind it.
_LOCK_TIMEOUT: Final = "4s"
_STATEMENT_TIMEOUT: Final = "60s"


async def upgrade(database: Database, revision: str = HEAD) -> str:
    """Bring the database to a revision, the newest unless told otherwise, and return it.

    Safe to call at every start and by several programs at once: those that come later wait, then find nothing to do.

    Raises:
        DatabaseNewerError: a newer Phoenix has upgraded it.
        DatabaseBusyError: another program did not finish its upgrade within the time limit.
        MigrationFailedError: a migration failed; the database is as it was before that migration.
        UnavailableError, DeniedError, InvalidError: the database's own trouble, in the words of `store.errors`.
    """
    with database.named_errors():
        async with one_at_a_time(database):
            return await _run(database, revision)


async def current(database: Database) -> str | None:
    """Return the revision that the database has, or None for one without tables.

    Raises:
        UnavailableError, DeniedError, InvalidError: the database's own trouble, in the words of `store.errors`.
    """
    async with database.read() as session:
        connection = await session.connection()
        return await connection.run_sync(_found)


@cache
def scripts() -> ScriptDirectory:
    """Return the revisions that this program knows."""
    return ScriptDirectory(str(resources.files(__package__)))


async def _run(database: Database, revision: str) -> str:
    async with database.engine.connect() as connection:
        if not database.is_sqlite:
            for limit in (f"lock_timeout = '{_LOCK_TIMEOUT}'", f"statement_timeout = '{_STATEMENT_TIMEOUT}'"):
                await connection.execute(text(f"SET {limit}"))
            await connection.commit()
        try:
            return await connection.run_sync(_migrate, revision, place(database.url))
        finally:
            # Its limits are not those of other sessions.
            await connection.invalidate()


def _migrate(connection: Connection, revision: str, where: str) -> str:
    found = _found(connection)
    connection.rollback()
    newest = scripts().get_current_head() or ""
    if found is not None and found not in {script.revision for script in scripts().walk_revisions()}:
        raise DatabaseNewerError(
            f"database {where} is at revision {found}, and this program knows none after {newest}",
            found=found,
            newest=newest,
        )
    for step in _steps(found, revision):
        _apply(connection, step, where)
    reached = _found(connection)
    connection.rollback()
    return reached or ""


def _steps(found: str | None, revision: str) -> list[RevisionStep | StampStep]:
    try:
        return list(scripts()._upgrade_revs(revision, found or "base"))  # noqa: SLF001 - what alembic's own command calls
    except CommandError as error:
        raise ValueError(f"there is no revision {revision!r} to upgrade to") from error


def _apply(connection: Connection, step: RevisionStep | StampStep, where: str) -> None:
    """Run one migration and write its number, in one transaction."""
    name = step.to_revisions[-1]

    def only_this(_heads: object, _context: MigrationContext) -> list[Any]:
        return [step]

    # SQLite's schema changes take part in transactions, once the driver leaves those to us.
    # The registry is there for its names of constraints only: a revision's tables get the same ones.
    options = {"fn": only_this, "transactional_ddl": True, "target_metadata": Base.metadata}
    context = MigrationContext.configure(connection, opts=options)
    try:
        with connection.begin(), Operations.context(context):
            context.run_migrations()
    except Exception as error:
        if isinstance(error, DBAPIError) and translate(error, connection.engine.url) is not None:
            raise
        raise MigrationFailedError(
            f"migration {name} of database {where} failed: {str(error).splitlines()[0]}", revision=name
        ) from error


def _found(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
