"""Inserts that may meet a row that is there already: the two databases spell them alike, SQLAlchemy keeps them apart.

Called by the repositories whose rule is a unique constraint.
"""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.store.base import Base

Insert = sqlite.Insert | postgresql.Insert


def is_sqlite(session: AsyncSession) -> bool:
    """Return whether the session speaks to SQLite."""
    return session.bind is not None and session.bind.dialect.name == "sqlite"


def insert(session: AsyncSession, table: type[Base]) -> Insert:
    """Return an insert with `on_conflict_do_nothing` and `on_conflict_do_update` for the session's database."""
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)
