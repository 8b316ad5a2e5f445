"""Databases for behaviour tests: each test runs on a SQLite file and on a real PostgreSQL, migrated as a start does it.

`database` is open and migrated; `database_url` the same as an address, for a process of its own; `empty_database_url`
has no tables yet. `-k sqlite` or `-k postgresql` runs one half; the server starts when the first test asks for it.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from tests.support.store.postgres import PostgresServer, postgres_server

from phoenix.store.database import Database
from phoenix.store.migrations.runner import upgrade


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: PostgresServer) -> str:
    url = postgres.create()
    _migrate(url)
    return make_url(url).database or ""


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    _migrate(sqlite_url(path))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_database_url(request, database_kind, tmp_path) -> Iterator[str]:
    if database_kind == "sqlite":
        yield sqlite_url(tmp_path / "phoenix.db")
    else:
        server = request.getfixturevalue("postgres")
        url = server.create()
        yield url
        server.drop(url)


@pytest.fixture
def database_url(request, database_kind, tmp_path) -> Iterator[str]:
    if database_kind == "sqlite":
        path = tmp_path / "phoenix.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
    else:
        server = request.getfixturevalue("postgres")
        url = server.create(request.getfixturevalue("postgres_template"))
        yield url
        server.drop(url)


@pytest.fixture
async def database(anyio_backend, database_url) -> AsyncIterator[Database]:
    database = Database.open(database_url)
    yield database
    await database.close()


def sqlite_url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def _migrate(url: str) -> None:
    async def migrate() -> None:
        database = Database.open(url)
        await upgrade(database)
        await database.close()

    asyncio.run(migrate())
