"""The tables in code are those that the migrations make, on both databases; and the check would see a difference."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table

from phoenix.server.tables import METADATA
from phoenix.store.migrations.drift import drift

pytestmark = pytest.mark.anyio


async def test_models_and_migrated_schema_agree(database):
    assert await drift(database, METADATA) == []


async def test_sees_a_column_and_a_table_that_no_migration_made(database):
    changed = MetaData()
    for table in METADATA.tables.values():
        table.to_metadata(changed)
    changed.tables["tokens"].append_column(Column("forgotten", String(9)))
    Table("unknown", changed, Column("id", Integer, primary_key=True))
    found = "\n".join(await drift(database, changed))
    assert "forgotten" in found
    assert "unknown" in found
