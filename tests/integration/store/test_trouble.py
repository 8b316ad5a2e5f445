"""What goes wrong with a database from outside: each has a code and says where, and nothing is half written."""

import asyncio
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg.errors
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from tests.support.conditions.mounts import SmallDisk
from tests.support.store import filling, upgrading

from phoenix.core.errors import PhoenixError
from phoenix.store.database import Database
from phoenix.store.errors import DatabaseAddressError, translate
from phoenix.store.migrations.runner import current, upgrade

pytestmark = pytest.mark.anyio


async def refusal(doing):
    with pytest.raises(PhoenixError) as refused:
        await doing
    assert refused.value.user_action.endswith(".")
    return refused.value


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite:///x.db", "mysql://x", "sqlite+aiosqlite://", "sqlite+aiosqlite:///:memory:"]
)
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(DatabaseAddressError):
        Database.open(url)


class TestSqlite:
    """A file can be missing, foreign, damaged, closed to us, locked by others, or on a full disk."""

    @pytest.fixture
    def database_kind(self):
        return "sqlite"

    @pytest.fixture
    def file(self, database_url):
        return Path(make_url(database_url).database or "")

    @pytest.fixture
    async def small(self, anyio_backend, tmp_path):  # noqa: ARG002 - says that the plugin runs this fixture
        """A file system so small that the first schema, which is small too, leaves room to fill."""
        disk = SmallDisk.below(tmp_path)
        database = Database.open(f"sqlite+aiosqlite:///{disk.before}/phoenix.db")
        await upgrade(database, "0001")
        await database.close()
        return disk

    def run(self, prefix, program, *arguments):
        return subprocess.run(
            [*prefix, sys.executable, program.__file__, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    async def test_a_folder_that_is_missing(self, tmp_path):
        database = Database.open(f"sqlite+aiosqlite:///{tmp_path}/no/phoenix.db")
        for act in (upgrade, current):
            assert (await refusal(act(database))).code == "DATABASE_UNREACHABLE"
        await database.close()

    async def test_a_file_that_is_something_else(self, database, file):
        file.write_bytes(b"my holiday photos" * 1000)
        for act in (upgrade, current):
            error = await refusal(act(database))
            assert error.code == "DATABASE_CORRUPT"
            assert str(file) in error.message
        assert file.read_bytes() == b"my holiday photos" * 1000

    async def test_a_damaged_file(self, database, file):
        pages = file.read_bytes()
        file.write_bytes(pages[:4096] + os.urandom(len(pages) - 4096))

        async def read():
            async with database.read() as session:
                await session.execute(text("SELECT * FROM tokens"))

        assert (await refusal(read())).code == "DATABASE_CORRUPT"

    async def test_a_program_that_holds_the_lock(self, database, file, monkeypatch):
        monkeypatch.setattr("phoenix.store.sqlite._PRAGMAS", ("journal_mode=WAL", "busy_timeout=50"))
        impatient = Database.open(database.url.render_as_string())
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        async def write():
            async with impatient.transaction() as session:
                await session.execute(text("DELETE FROM leases"))

        assert (await refusal(write())).code == "DATABASE_BUSY"
        other.close()
        await write()
        await impatient.close()

    def test_a_full_disk(self, small):
        ended = self.run(small.full(room_bytes=100_000), filling, str(small.folder / "phoenix.db"))
        assert ended.returncode == 0, ended.stderr
        told = json.loads(ended.stdout)
        assert told["code"] == "DATABASE_FULL"
        assert "phoenix.db" in told["message"]
        assert told["read"] == told["written"] > 0
        assert told["went_on"]

    def test_a_full_disk_at_the_upgrade(self, small):
        (small.before / "phoenix.db").unlink()
        ended = self.run(small.full(), upgrading, f"sqlite+aiosqlite:///{small.folder}/phoenix.db")
        assert ended.returncode == 1, ended.stderr
        assert ended.stdout.split()[0] == "DATABASE_FULL"

    def test_a_folder_that_cannot_be_written(self, small):
        for program, argument in (
            (upgrading, f"sqlite+aiosqlite:///{small.folder}/phoenix.db"),
            (filling, str(small.folder / "phoenix.db")),
        ):
            ended = self.run(small.read_only(), program, argument)
            assert "DATABASE_READ_ONLY" in ended.stdout, ended


class TestPostgresql:
    """A server can be away, refuse us, be read-only, end our session, or be full."""

    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"database": "nobodys"}, "DATABASE_UNREACHABLE"),
            ({"query": {"host": "/nowhere"}}, "DATABASE_UNREACHABLE"),
            ({"username": "nobody"}, "DATABASE_DENIED"),
        ],
    )
    async def test_a_server_that_is_away_or_refuses_us(self, database, change, code):
        address = database.url.set(**change, password="hush")  # noqa: S106 - to see that it is not told
        other = Database.open(address.render_as_string(hide_password=False))
        for act in (upgrade, current):
            error = await refusal(act(other))
            assert error.code == code
            assert "hush" not in error.message
        await other.close()

    async def test_a_standby(self, database, database_url):
        name = database.url.database
        async with database.transaction() as session:
            await session.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
        standby = Database.open(database_url)

        async def write():
            async with standby.transaction() as session:
                await session.execute(text("DELETE FROM leases"))

        assert (await refusal(write())).code == "DATABASE_READ_ONLY"
        await standby.close()

    async def test_a_session_that_the_server_ended_is_told_and_the_next_one_works(self, database):
        async def read():
            async with database.read() as session:
                return await session.scalar(text("SELECT pg_backend_pid()"))

        async def killed():
            async with database.transaction() as session:
                own = await session.scalar(text("SELECT pg_backend_pid()"))
                async with database.read() as other:
                    await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": own})
                await session.execute(text("SELECT 1"))

        assert (await refusal(killed())).code == "DATABASE_UNREACHABLE"
        assert await read()

    async def test_a_deadlock_ends_one_of_the_two(self, database):
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO leases VALUES ('a', '', 1, now()), ('b', '', 1, now())"))
        update = text("UPDATE leases SET epoch = 2 WHERE name = :name")
        both_hold_one = asyncio.Barrier(2)

        async def write(first, second):
            async with database.transaction() as session:
                await session.execute(update, {"name": first})
                await both_hold_one.wait()
                await session.execute(update, {"name": second})

        ended = await asyncio.gather(write("a", "b"), write("b", "a"), return_exceptions=True)
        (error,) = [it for it in ended if it is not None]
        assert isinstance(error, PhoenixError)
        assert error.code == "DATABASE_BUSY"

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (psycopg.errors.DiskFull("could not extend file"), "DATABASE_FULL"),
            (psycopg.errors.TooManyConnections("sorry"), "DATABASE_BUSY"),
            (psycopg.errors.DataCorrupted("invalid page"), "DATABASE_CORRUPT"),
            (psycopg.errors.CannotConnectNow("starting up"), "DATABASE_UNREACHABLE"),
            (psycopg.OperationalError("connection refused"), "DATABASE_UNREACHABLE"),
        ],
    )
    def test_what_cannot_be_made_to_happen_here_is_named_too(self, error, code):
        named = translate(OperationalError("SELECT", {}, error), make_url("postgresql+psycopg://me:hush@db/phoenix"))
        assert named is not None
        assert (named.code, named.message) == (code, f"database postgresql+psycopg://me:***@db/phoenix: {error}")
