"""Sessions and transactions on both databases: order, snapshots, cancellation, misuse, and what goes wrong outside."""

import asyncio
import random

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from phoenix.core.errors import PhoenixError
from phoenix.store import writer
from phoenix.store.database import Database
from phoenix.store.errors import DatabaseBusyError

pytestmark = pytest.mark.anyio

INSERT = text("INSERT INTO leases (name, holder, epoch, expires_at) VALUES (:name, 'me', 1, '2030-01-01 00:00:00')")
COUNT = text("SELECT count(*) FROM leases")


async def count(database):
    async with database.read() as session:
        return await session.scalar(COUNT)


async def test_commits_when_the_block_ends(database):
    async with database.transaction() as session:
        await session.execute(INSERT, {"name": "a"})
    assert await count(database) == 1


async def test_leaves_nothing_when_the_block_raises(database):
    async def write():
        async with database.transaction() as session:
            await session.execute(INSERT, {"name": "a"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write()
    assert await count(database) == 0


async def test_a_reader_sees_one_snapshot_while_others_commit(database):
    async with database.read() as session:
        assert await session.scalar(COUNT) == 0
        async with database.transaction() as other:
            await other.execute(INSERT, {"name": "a"})
        assert await session.scalar(COUNT) == 0
    assert await count(database) == 1


async def test_a_reader_cannot_write(database):
    with pytest.raises(PhoenixError, match=r"read-?only") as refused:
        async with database.read() as session:
            await session.execute(INSERT, {"name": "a"})
    assert refused.value.code == "DATABASE_READ_ONLY"
    assert await count(database) == 0


async def test_many_writers_at_once_all_write(database):
    async def write(number):
        async with database.transaction() as session:
            before = await session.scalar(COUNT)
            await session.execute(INSERT, {"name": str(number)})
            assert await session.scalar(COUNT) >= before + 1

    await asyncio.gather(*map(write, range(100)))
    assert await count(database) == 100


async def test_a_transaction_inside_a_transaction_is_a_mistake(database):
    async with database.transaction():
        with pytest.raises(RuntimeError, match="inside a transaction"):
            async with database.transaction():
                pass


async def test_a_task_started_inside_a_transaction_may_have_its_own(database):
    async def write():
        async with database.transaction() as session:
            await session.execute(INSERT, {"name": "child"})

    async with database.transaction():
        child = asyncio.create_task(write())
    await child
    assert await count(database) == 1


async def test_writers_cancelled_at_any_moment_block_nobody_and_leave_nothing(database):
    order = random.Random(5)

    async def write(number):
        async with database.transaction() as session:
            await session.execute(INSERT, {"name": str(number)})
            await session.execute(INSERT, {"name": f"{number}/2"})

    tasks = [asyncio.create_task(write(number)) for number in range(60)]
    for task in order.sample(tasks, 40):
        await asyncio.sleep(order.random() * 0.003)
        task.cancel()
    ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert {type(it) for it in ended} <= {type(None), asyncio.CancelledError}
    async with database.transaction() as session:
        await session.execute(INSERT, {"name": "last"})
        pairs = await session.scalar(COUNT)
    # A commit that was under way when its task was cancelled may have happened, but never half of it.
    assert pairs % 2 == 1
    assert pairs >= 2 * sum(it is None for it in ended) + 1


async def test_a_database_that_is_gone_says_so_and_comes_back(database, database_kind):
    if database_kind == "sqlite":
        broken = Database.open(f"sqlite+aiosqlite:///{database.url.database}/no/such/folder.db")
    else:
        broken = Database.open(database.url.set(query={"host": "/nowhere"}).render_as_string(hide_password=False))
    with pytest.raises(PhoenixError) as refused:
        await count(broken)
    assert refused.value.code == "DATABASE_UNREACHABLE"
    await broken.close()


async def test_a_mistake_in_a_statement_stays_what_it_is(database):
    with pytest.raises(DBAPIError):
        async with database.transaction() as session:
            await session.execute(text("SELECT nonsense FROM nowhere"))


async def test_closing_twice_is_safe(database):
    await count(database)
    await database.close()
    await database.close()


class TestTurns:
    """The queue of writers, which only SQLite needs."""

    @pytest.fixture
    def database_kind(self):
        return "sqlite"

    async def test_writers_go_in_the_order_they_asked(self, database):
        order = []

        async def write(number):
            async with database.transaction() as session:
                await session.execute(INSERT, {"name": str(number)})
                order.append(number)

        await asyncio.gather(*map(write, range(30)))
        assert order == list(range(30))

    async def test_what_comes_before_the_first_statement_holds_up_nobody(self, database):
        async with database.transaction() as first:
            await asyncio.wait_for(self._write(database, "second"), 5)
            await first.execute(INSERT, {"name": "first"})
        assert await count(database) == 2

    async def test_waiting_has_an_end_and_the_error_says_who_holds_the_turn(self, database_url):
        impatient = Database.open(database_url, wait_seconds=0.05)
        async with impatient.transaction() as session:
            await session.execute(INSERT, {"name": "first"})
            with pytest.raises(DatabaseBusyError) as refused:
                await asyncio.create_task(self._write(impatient, "second"))
        assert refused.value.details["waited_seconds"] == 0.05
        assert refused.value.details["holder"]
        await self._write(impatient, "third")
        assert await count(impatient) == 2
        await impatient.close()

    async def test_too_many_waiting_are_told_at_once(self, database, monkeypatch):
        monkeypatch.setattr(writer, "WAITING_AT_MOST", 1)
        async with database.transaction() as session:
            await session.execute(INSERT, {"name": "first"})
            waiting = asyncio.create_task(self._write(database, "second"))
            await asyncio.sleep(0)
            with pytest.raises(DatabaseBusyError, match="others wait"):
                await asyncio.create_task(self._write(database, "third"))
        await waiting

    async def _write(self, database, name):
        async with database.transaction() as session:
            await session.execute(INSERT, {"name": name})
