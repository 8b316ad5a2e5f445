"""Writes of many hosts go in one order and few transactions; a database that is away keeps no host dark."""

import asyncio
import contextlib
from functools import partial

import pytest
from tests.support.fleet import START, SteppedClock
from tests.support.hosts.connected import World
from tests.support.hosts.stock_supervisor import Fate

from phoenix.control.fleet.errors import HostFencedError
from phoenix.control.fleet.live.writing import WriteBehind
from phoenix.control.fleet.model import EventKind, FailureCode, HostEvent
from phoenix.control.fleet.revisions import HistoryRepository
from phoenix.core.ids import HostId
from phoenix.store.errors import DatabaseUnreachableError

pytestmark = pytest.mark.anyio
HOST = HostId("host-1")


class FailingDatabase:
    """A database that is away while `away` is set; counts transactions."""

    def __init__(self, database):
        self.database, self.away, self.transactions = database, False, 0

    @contextlib.asynccontextmanager
    async def transaction(self):
        if self.away:
            raise DatabaseUnreachableError("the disk is gone")
        self.transactions += 1
        async with self.database.transaction() as session:
            yield session

    @contextlib.asynccontextmanager
    async def read(self):
        if self.away:
            raise DatabaseUnreachableError("the disk is gone")
        async with self.database.read() as session:
            yield session


@pytest.fixture
def failing(database):
    return FailingDatabase(database)


@pytest.fixture
def writing(failing):
    return WriteBehind(failing)


def event(text):
    return HostEvent(HOST, START, EventKind.HEALTHY, text=text)


async def told(database):
    async with database.read() as session:
        return [it.text for it in await HistoryRepository(session).of(HOST, limit=1000)]


async def test_events_are_written_in_their_order_and_in_one_transaction(database, failing, writing):
    for number in range(50):
        await writing.note(event(str(number)))
    await writing.flush()
    assert await told(database) == [str(number) for number in range(50)]
    assert failing.transactions == 1


async def test_many_who_wait_share_a_transaction(database, failing, writing):
    async def work(number, session):
        await HistoryRepository(session).add([event(str(number))])
        return number

    results = await asyncio.gather(*(writing.commit(partial(work, number)) for number in range(100)))
    assert results == list(range(100))
    assert failing.transactions <= 2
    assert await told(database) == [str(number) for number in range(100)]


async def test_one_that_is_refused_keeps_none_of_the_others_back(database, writing):
    async def refused(_session):
        raise HostFencedError("held elsewhere")

    async def broken(session):
        await HistoryRepository(session).add([HostEvent(HOST, None, EventKind.HEALTHY)])  # type: ignore[arg-type] # the trouble of this test

    await writing.note(event("before"))
    outcomes = await asyncio.gather(
        writing.commit(refused), writing.commit(broken), _add(writing, "after"), return_exceptions=True
    )
    assert isinstance(outcomes[0], HostFencedError)
    assert isinstance(outcomes[1], Exception)
    assert await told(database) == ["before", "after"]


async def test_history_waits_for_a_database_that_is_away(database, failing, writing):
    failing.away = True
    await writing.note(event("one"))
    await writing.flush()
    with pytest.raises(DatabaseUnreachableError):
        await _add(writing, "lost to its caller")
    await writing.note(event("two"))
    failing.away = False
    await writing.flush()
    assert await told(database) == ["one", "two"]


async def test_a_failure_is_answered_although_the_database_is_away_and_the_rows_follow(database):
    clock = SteppedClock()
    world = World(database, clock)
    failing = FailingDatabase(database)
    world.agents.writing._database = failing  # type: ignore[assignment] # a database that fails on demand
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    await world.prove(host, agent)
    candidate = await world.candidate()
    await world.want(host, candidate, Fate.CRASHES, agent)
    failing.away = True
    await world.talk(agent)
    assert agent.supervisor.got[-1] == agent.supervisor.got[0], "dark hosts wait for no database"
    failing.away = False
    await world.step()
    found = await world.get(host)
    assert found.failure is not None
    assert (found.failure.revision, found.failure.code) == (candidate.id, FailureCode.REFUSED_BY_HOST)
    assert found.offered == host.desired


async def test_nothing_new_is_offered_that_could_not_be_written_down(database):
    world = World(database, SteppedClock())
    failing = FailingDatabase(database)
    world.agents.writing._database = failing  # type: ignore[assignment] # a database that fails on demand
    host = await world.enrol("web-1")
    agent = await world.connect(host)
    await world.prove(host, agent)
    candidate = await world.candidate()
    session = world.agents.sessions[host.id]
    await world.agents.writing.read(partial(_load, world, candidate))
    failing.away = True
    async with session.lock:
        await world.agents.steps.want(session, world.agents.library.ref(candidate.id))
    assert candidate.digest not in agent.supervisor.got
    failing.away = False
    world.agents.active.add(host.id)
    await world.step(2)
    await world.step(2)
    assert agent.supervisor.got[-1] == candidate.digest


async def _load(world, candidate, session):
    await world.agents.library.load(session, [candidate.id])


async def _add(writing, text):
    await writing.commit(partial(_append, text))


async def _append(text, session):
    await HistoryRepository(session).add([event(text)])
