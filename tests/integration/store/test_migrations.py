"""Migrations on both databases: from nothing, from any older schema, by two at once, interrupted, refused."""

import asyncio

import pytest

from phoenix.store.database import Database
from phoenix.store.migrations.runner import current, scripts, upgrade

pytestmark = pytest.mark.anyio


@pytest.fixture
async def empty(anyio_backend, empty_database_url):
    database = Database.open(empty_database_url)
    yield database
    await database.close()


async def test_an_empty_database_has_no_revision(empty):
    assert await current(empty) is None


async def test_upgrades_to_the_newest_and_again_without_change(empty):
    newest = scripts().get_current_head()
    assert await upgrade(empty) == newest
    assert await upgrade(empty) == newest
    assert await current(empty) == newest


async def test_two_starts_at_once_both_find_the_newest(empty, empty_database_url):
    other = Database.open(empty_database_url)
    reached = await asyncio.gather(upgrade(empty), upgrade(other))
    assert list(reached) == [scripts().get_current_head()] * 2
    await other.close()
