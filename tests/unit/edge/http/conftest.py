"""A database with one table of things, and what is in it."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import text

from phoenix.store.database import Database


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def things(anyio_backend, tmp_path) -> AsyncIterator[Database]:
    """A database with one table of things."""
    database = Database.open(f"sqlite+aiosqlite:///{tmp_path}/things.db")
    async with database.transaction() as session:
        await session.execute(text("CREATE TABLE things (name TEXT)"))
    yield database
    await database.close()


@pytest.fixture
def names(things: Database) -> Callable[[], Any]:
    """What is in the table."""

    async def read() -> list[str]:
        async with things.read() as session:
            return list((await session.execute(text("SELECT name FROM things"))).scalars())

    return read
