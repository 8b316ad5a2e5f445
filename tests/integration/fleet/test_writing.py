"""Writes of many hosts go in one order and few transactions; a database that is away keeps no host dark."""

import asyncio
import contextlib
from functools import partial

import pytest
from tests.support.fleet import START, SteppedClock, make_fleet
from tests.support.hosts.connected import World
from tests.support.hosts.stock_supervisor import Fate

from phoenix.control.fleet.errors import HostFencedError, HostNotFoundError
from phoenix.control.fleet.live.library import Library
from phoenix.control.fleet.live.session import Changes
from phoenix.control.fleet.live.works import Save, Take
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
    hosts = [(await _enrolled(database, f"h{number}")).id for number in range(20)]
    library, before = Library(), failing.transactions
    taken = await asyncio.gather(
        *(writing.commit(Take(host, f"uid-{host}", "replica", START, library)) for host in hosts)
    )
    assert [it.row.id for it in taken] == hosts
    assert {it.epoch for it in taken} == {1}
    assert failing.transactions - before <= 2


async def test_one_that_is_refused_keeps_none_of_the_others_back(database, writing):
    host = await _enrolled(database, "h")
    await writing.note(event("before"))
    outcomes = await asyncio.gather(
        writing.commit(Save(host.id, 7, Changes({"health_text": "stale"}), START)),
        writing.commit(Save(host.id, 0, Changes({"health_text": "fresh"}), START)),
        writing.commit(Take(HostId("host-none"), "uid", "replica", START, Library())),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], HostFencedError)
    assert outcomes[1] is None
    assert isinstance(outcomes[2], HostNotFoundError)
    assert await told(database) == ["before"]
    async with database.read() as session:
        assert (await make_fleet(SteppedClock()).get(session, "h")).health_text == "fresh"


async def test_one_that_breaks_is_told_so_and_the_others_are_written(database, writing):
    host = await _enrolled(database, "h")
    await writing.note(event("before"))
    outcomes = await asyncio.gather(
        writing.commit(Save(host.id, 0, Changes({"health_text": None}), START)),
        writing.commit(Save(host.id, 0, Changes({"phase": "applied"}), START)),
        return_exceptions=True,
    )
    assert isinstance(outcomes[0], Exception)
    assert outcomes[1] is None
    assert await told(database) == ["before"]


async def test_later_changes_of_one_host_stand(database, writing):
    host = await _enrolled(database, "h")
    for text in ("one", "two", "three"):
        await writing.later(Save(host.id, 0, Changes({"health_text": text}), START))
    await writing.flush()
    async with database.read() as session:
        assert (await make_fleet(SteppedClock()).get(session, "h")).health_text == "three"


async def test_history_waits_for_a_database_that_is_away(database, failing, writing):
    failing.away = True
    await writing.note(event("one"))
    await writing.flush()
    with pytest.raises(DatabaseUnreachableError):
        await writing.commit(Save(HOST, 0, Changes(), START))
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


async def _enrolled(database, name):
    async with database.transaction() as session:
        enrolled = await make_fleet(SteppedClock()).enrol(session, name=name, labels={}, config_text="", now=START)
    return enrolled.host
