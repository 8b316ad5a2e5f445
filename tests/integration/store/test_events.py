"""The outbox on both databases: told only of what was committed, in the order it was, without a gap to miss."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from tests.support.store.clocks import SteppedClock

from phoenix.control.events import service as events
from phoenix.control.events.repository import CHANNEL

pytestmark = pytest.mark.anyio
NOW = SteppedClock().now()


async def emit(database, *kinds):
    async with database.transaction() as session:
        for kind in kinds:
            await events.emit(session, kind, "exp-1", {"kind": kind}, NOW)


async def after(database, event_id, limit=100):
    async with database.read() as session:
        return await events.after(session, event_id, limit)


async def test_watchers_go_on_after_the_last_they_saw(database):
    await emit(database, "a", "b")
    await emit(database, "c")
    first, *_ = all_of_them = await after(database, 0)
    assert [it.kind for it in all_of_them] == ["a", "b", "c"]
    assert [it.kind for it in await after(database, first.id)] == ["b", "c"]
    assert [it.kind for it in await after(database, 0, limit=2)] == ["a", "b"]
    assert (first.subject, first.data, first.at) == ("exp-1", {"kind": "a"}, NOW)


async def test_what_is_rolled_back_is_not_told(database):
    async def fail():
        async with database.transaction() as session:
            await events.emit(session, "a", "exp-1", {}, NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await after(database, 0) == ()


async def test_a_savepoint_before_the_end_changes_nothing(database):
    async with database.transaction() as session:
        await events.emit(session, "a", "exp-1", {}, NOW)
        async with session.begin_nested():
            with pytest.raises(RuntimeError, match="savepoint"):
                await events.emit(session, "b", "exp-1", {}, NOW)
        await events.emit(session, "c", "exp-1", {}, NOW)
    assert [it.kind for it in await after(database, 0)] == ["a", "c"]


async def test_a_watcher_misses_nothing_while_many_commit(database):
    seen: list[Any] = []

    async def watch():
        while len(seen) < 60:
            found = await after(database, seen[-1].id if seen else 0)
            seen.extend(found)
            await asyncio.sleep(0)

    watching = asyncio.create_task(watch())
    await asyncio.gather(*(emit(database, f"{number}", f"{number}+") for number in range(30)))
    await asyncio.wait_for(watching, 20)
    assert [it.id for it in seen] == sorted({it.id for it in seen})
    assert len({it.kind for it in seen}) == 60


async def test_old_events_go_and_their_ids_are_not_used_again(database):
    await emit(database, "a", "b")
    last = (await after(database, 0))[-1].id
    async with database.transaction() as session:
        assert await events.prune(session, NOW + timedelta(days=29)) == 0
        assert await events.prune(session, NOW + timedelta(days=31)) == 2
    await emit(database, "c")
    assert [(it.kind, it.id > last) for it in await after(database, 0)] == [("c", True)]


class TestBell:
    """PostgreSQL rings when events were committed."""

    @pytest.fixture
    def database_kind(self):
        return "postgresql"

    async def test_rings_once_a_commit(self, database):
        address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            await emit(database, "a", "b")
            rung = [it async for it in connection.notifies(timeout=5, stop_after=1)]
        assert len(rung) == 1
