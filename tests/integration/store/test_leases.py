"""Leases on both databases: one holder at a time, an end, an epoch, and a fence for what is written under one."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from tests.support.store.clocks import SteppedClock

from phoenix.store.leases import Lease, LeaseLostError, Leases
from phoenix.store.tables import LeaseRow

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock():
    return SteppedClock()


@pytest.fixture
def ours(database, clock):
    return Leases(database, clock, holder="us")


@pytest.fixture
def theirs(database, clock):
    return Leases(database, clock, holder="them")


async def test_one_holder_at_a_time(ours, theirs):
    lease = await ours.acquire("job", 10)
    assert lease is not None
    assert await theirs.acquire("job", 10) is None
    assert await ours.acquire("job", 10) is None
    assert await theirs.acquire("other job", 10) is not None


async def test_of_many_at_once_one_gets_it(database, clock):
    everybody = [Leases(database, clock) for _ in range(20)]
    for name in ("never held", "never held", "another"):
        got = await asyncio.gather(*(leases.acquire(name, 10) for leases in everybody))
        assert sum(lease is not None for lease in got) == 1
        clock.step(11)


async def test_a_lease_runs_out_and_its_epoch_grows(ours, theirs, clock):
    first = await ours.acquire("job", 10)
    clock.step(10)
    second = await theirs.acquire("job", 10)
    assert (first.epoch, second.epoch) == (1, 2)
    with pytest.raises(LeaseLostError):
        await ours.renew(first, 10)


async def test_renewing_moves_the_end(ours, theirs, clock):
    lease = await ours.acquire("job", 10)
    clock.step(9)
    lease = await ours.renew(lease, 10)
    clock.step(9)
    assert await theirs.acquire("job", 10) is None
    assert lease.expires_at > clock.now()


async def test_a_clock_that_is_set_back_does_not_hold_up_a_lease_that_was_given_back(ours, theirs, clock):
    await ours.release(await ours.acquire("job", 10))
    clock.step(-3600)
    assert await theirs.acquire("job", 10) is not None


async def test_a_clock_that_is_set_back_does_not_hold_up_what_a_killed_process_held(ours, theirs, clock):
    await ours.acquire("job", 10)
    clock.step(-5)
    assert await theirs.acquire("job", 10) is None
    clock.step(-3600)
    assert (await theirs.acquire("job", 10)).epoch == 2


async def test_a_lease_given_back_is_free_at_once(ours, theirs):
    lease = await ours.acquire("job", 10)
    await ours.release(lease)
    await ours.release(lease)
    assert (await theirs.acquire("job", 10)).epoch == 2


async def test_a_lease_given_back_is_free_also_when_the_clock_is_set_back(ours, theirs, clock):
    for late in (0, 11):
        lease = await ours.acquire("job", 10)
        clock.step(late)
        await ours.release(lease)
        clock.step(-3600)
        taken = await theirs.acquire("job", 10)
        assert taken is not None
        await theirs.release(taken)


async def test_who_is_alone_inherits_what_the_dead_held(ours, theirs):
    held = [await theirs.acquire(name, 3600) for name in ("job", "other job")]
    await ours.inherit()
    assert [(await ours.acquire(lease.name, 10)).epoch for lease in held] == [2, 2]


async def test_giving_back_a_lost_lease_does_not_take_it_from_its_holder(ours, theirs, clock):
    lost = await ours.acquire("job", 10)
    clock.step(11)
    await theirs.acquire("job", 10)
    await ours.release(lost)
    assert await ours.acquire("job", 10) is None


async def test_held_gives_back_also_when_the_block_raises(ours, theirs):
    async def work():
        async with ours.held("job", 10) as lease:
            assert lease is not None
            async with theirs.held("job", 10) as other:
                assert other is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await theirs.acquire("job", 10) is not None


async def test_who_slept_past_the_end_writes_nothing(database, ours, theirs, clock):
    lease = await ours.acquire("job", 10)
    clock.step(11)
    await theirs.acquire("job", 10)
    with pytest.raises(LeaseLostError):
        async with database.transaction() as session:
            await ours.fence(session, lease)


async def test_nobody_takes_a_lease_over_while_its_holder_commits(database, ours, theirs, clock):
    lease = await ours.acquire("job", 10)
    async with database.transaction() as session:
        await ours.fence(session, lease)
        clock.step(11)
        taking = asyncio.create_task(theirs.acquire("job", 10))
        await asyncio.wait({taking}, timeout=0.1)
        # PostgreSQL says no at once; SQLite's writer waits for the commit, then takes over.
        assert not taking.done() or taking.result() is None
    await taking
    assert await theirs.acquire("job", 10) is None or taking.result() is None


@given(steps=st.lists(st.tuples(st.sampled_from(["acquire", "renew", "release", "sleep"]), st.booleans()), max_size=30))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_never_two_holders_whatever_they_do(database, steps):
    async with database.transaction() as session:
        await session.execute(delete(LeaseRow))
    clock = SteppedClock()
    parties = {True: Leases(database, clock, holder="us"), False: Leases(database, clock, holder="them")}
    held: dict[bool, Lease] = {}
    epochs: list[int] = []
    for step, who in steps:
        if step == "sleep":
            clock.step(6)
        elif step == "acquire":
            if lease := await parties[who].acquire("job", 10):
                assert all(other.expires_at <= clock.now() for other in held.values())
                held, epochs = {who: lease}, [*epochs, lease.epoch]
        elif who in held and step == "release":
            await parties[who].release(held.pop(who))
        elif who in held:
            alive = held[who].expires_at > clock.now()
            try:
                held[who] = await parties[who].renew(held[who], 10)
            except LeaseLostError:
                assert not alive
            else:
                assert alive
    assert epochs == sorted(set(epochs))
