"""Whether the tables in code are the tables that the migrations make. Called by the tests, on both databases.

A program whose models and schema disagree fails at its first query of the forgotten column, in production.
"""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData

from phoenix.store.database import Database


async def drift(database: Database, metadata: MetaData) -> list[str]:
    """Return each difference between the database's schema and `metadata`, as a line; empty when they agree.

    Tables, columns, types, nullability, indexes, unique constraints and foreign keys are compared; conditions of
    indexes, checks and triggers are not.
    """
    async with database.read() as session:
        connection = await session.connection()
        return await connection.run_sync(_differences, metadata)


def _differences(connection: Connection, metadata: MetaData) -> list[str]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    found: list[Any] = compare_metadata(context, metadata)
    return [str(difference) for difference in found]
