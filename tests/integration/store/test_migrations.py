"""Migrations on both databases: from nothing, from any older schema, by two at once, interrupted, refused."""

import asyncio
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.support.store import upgrading
from tests.support.store.clocks import SteppedClock

from phoenix.control.audit import service as audit
from phoenix.control.identity.scopes import ROLES, Role
from phoenix.control.identity.service import Identity
from phoenix.server.tables import METADATA
from phoenix.store.database import Database
from phoenix.store.errors import DatabaseBusyError, DatabaseNewerError, MigrationFailedError
from phoenix.store.migrations import runner
from phoenix.store.migrations.drift import drift
from phoenix.store.migrations.lock import one_at_a_time
from phoenix.store.migrations.runner import current, scripts, upgrade

pytestmark = pytest.mark.anyio

REVISION = '''\
"""A revision of tomorrow."""

import time

import sqlalchemy as sa
from alembic import op

revision = "tomorrow"
down_revision = "{newest}"


def upgrade() -> None:
    op.create_table("half", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("DELETE FROM tokens")
    {then}
'''


@pytest.fixture
async def empty(anyio_backend, empty_database_url):
    database = Database.open(empty_database_url)
    yield database
    await database.close()


@pytest.fixture
def tomorrow(tmp_path):
    """Return a function that makes a folder with one more revision, which ends as told."""

    def make(then):
        folder = tmp_path / "tomorrow"
        folder.mkdir()
        (folder / "tomorrow.py").write_text(REVISION.format(newest=newest(), then=then))
        return str(folder)

    return make


def newest():
    return scripts().get_current_head()


async def table_names(database):
    async with database.read() as session:
        connection = await session.connection()
        return await connection.run_sync(lambda it: it.dialect.get_table_names(it))


async def start(*arguments):
    """Start a process that upgrades."""
    program = Path(upgrading.__file__)
    return await asyncio.create_subprocess_exec(
        sys.executable, str(program), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def test_an_empty_database_has_no_revision(empty):
    assert await current(empty) is None


async def test_upgrades_to_the_newest_and_again_without_change(empty):
    assert await upgrade(empty) == newest()
    assert await upgrade(empty) == newest()
    assert await current(empty) == newest()


async def test_upgrades_the_first_schema_with_its_data(empty):
    clock = SteppedClock()
    assert await upgrade(empty, "0001") == "0001"
    identity = Identity(empty, clock)
    async with empty.transaction() as session:
        token = await identity.first_start(session, clock.now())
    assert token is not None
    assert await upgrade(empty) == newest()
    assert (await Identity(empty, clock).authenticate(token)).scopes == ROLES[Role.ADMIN]
    async with empty.read() as session:
        assert len(await audit.entries(session, "tok-first-start")) == 1
    assert await drift(empty, METADATA) == []


async def test_each_revision_is_reached_from_the_one_before(empty):
    for script in reversed(list(scripts().walk_revisions())):
        assert await upgrade(empty, script.revision) == script.revision


async def test_two_starts_at_once_both_find_the_newest(empty, empty_database_url):
    other = Database.open(empty_database_url)
    reached = await asyncio.gather(upgrade(empty), upgrade(other))
    assert list(reached) == [newest()] * 2
    await other.close()


async def test_processes_that_start_at_once_all_find_the_newest(empty_database_url, tmp_path):
    processes = [await start(empty_database_url) for _ in range(3)]
    ended = [await process.communicate() for process in processes]
    assert [output.decode().strip() for output, _ in ended] == [newest()] * 3, ended
    assert not list(tmp_path.glob("*.upgrade"))


async def test_waits_for_another_upgrade_but_not_for_ever(empty, empty_database_url):
    other = Database.open(empty_database_url)
    async with one_at_a_time(other):
        waiting = asyncio.create_task(upgrade(empty))
        with pytest.raises(DatabaseBusyError, match="another program upgrades"):
            async with one_at_a_time(empty, wait_seconds=0.2):
                pass
        assert not waiting.done()
        assert await current(empty) is None
    assert await waiting == newest()
    await other.close()


async def test_a_migration_that_fails_leaves_the_schema_before_it_whole(empty, tomorrow, monkeypatch):
    await upgrade(empty)
    before = await table_names(empty)
    async with empty.transaction() as session:
        await Identity(empty, SteppedClock()).first_start(session, SteppedClock().now())
    more = upgrading.scripts_with(tomorrow('raise ZeroDivisionError("half way")'))
    monkeypatch.setattr(runner, "scripts", lambda: more)
    with pytest.raises(MigrationFailedError, match="half way") as failed:
        await upgrade(empty)
    assert failed.value.details["revision"] == "tomorrow"
    assert await current(empty) == newest()
    assert await table_names(empty) == before
    async with empty.read() as session:
        assert await session.scalar(text("SELECT count(*) FROM tokens")) == 1


async def test_an_upgrade_that_is_killed_leaves_the_schema_before_it_whole(database, database_url, tomorrow):
    before = await table_names(database)
    process = await start(database_url, tomorrow("print('half way', flush=True); time.sleep(600)"))
    assert await asyncio.wait_for(process.stdout.readline(), 30) == b"half way\n"
    process.kill()
    await process.communicate()
    assert await upgrade(database) == newest()
    assert await table_names(database) == before


async def test_an_upgrade_that_is_cancelled_leaves_the_schema_before_it_whole(database, tomorrow, monkeypatch):
    before = await table_names(database)
    more = upgrading.scripts_with(tomorrow("time.sleep(0.05); op.execute('DELETE FROM tokens')"))
    with monkeypatch.context() as patched:
        patched.setattr(runner, "scripts", lambda: more)
        upgrading_task = asyncio.create_task(upgrade(database))
        await asyncio.sleep(0.02)
        upgrading_task.cancel()
        await asyncio.gather(upgrading_task, return_exceptions=True)
    assert (await current(database) == newest()) == (await table_names(database) == before)


async def test_refuses_a_database_that_a_newer_program_upgraded(database):
    async with database.transaction() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'next year'"))
    with pytest.raises(DatabaseNewerError) as refused:
        await upgrade(database)
    assert refused.value.code == "DATABASE_NEWER_THAN_PROGRAM"
    assert refused.value.details == {"found": "next year", "newest": newest()}


class TestTimeLimit:
    """On PostgreSQL a migration gives up soon where others hold a table, rather than make all others queue."""

    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    async def test_gives_up_where_others_hold_a_table(self, database, tomorrow, monkeypatch):
        more = upgrading.scripts_with(tomorrow("op.drop_table('tokens')"))
        monkeypatch.setattr(runner, "scripts", lambda: more)
        monkeypatch.setattr(runner, "_LOCK_TIMEOUT", "200ms")
        async with database.transaction() as session:
            await session.execute(text("LOCK TABLE tokens"))
            with pytest.raises(DatabaseBusyError):
                await asyncio.create_task(upgrade(database))
        assert await current(database) == newest()
