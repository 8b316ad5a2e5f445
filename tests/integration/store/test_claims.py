"""Claims on both databases: of those who want a host at once, one gets it."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.store.clocks import SteppedClock

from phoenix.control.claims import service as claims
from phoenix.control.claims.errors import OverlapError
from phoenix.control.claims.model import ClaimKind
from phoenix.core.ids import HostId

pytestmark = pytest.mark.anyio
NOW = SteppedClock().now()
EXPERIMENT, DEPLOYMENT = ClaimKind.EXPERIMENT, ClaimKind.DEPLOYMENT


def hosts(*names):
    return [HostId(f"host-{name}") for name in names]


async def claim(database, owner, host_ids, kind=EXPERIMENT):
    async with database.transaction() as session:
        await claims.claim(session, owner, host_ids, kind, NOW)


async def held_by(database, owner):
    async with database.read() as session:
        return [it.host_id for it in await claims.held_by(session, owner)]


async def test_names_the_owners_and_their_hosts(database):
    await claim(database, "exp-1", hosts(1, 2))
    await claim(database, "exp-2", hosts(3))
    with pytest.raises(OverlapError, match=r"3 hosts are claimed by exp-1, exp-2") as refused:
        await claim(database, "exp-3", hosts(1, 2, 3, 4))
    assert refused.value.code == "EXPERIMENT_OVERLAP_DETECTED"
    assert refused.value.details["conflicts"] == [
        {"owner": "exp-1", "hosts": ["host-1", "host-2"]},
        {"owner": "exp-2", "hosts": ["host-3"]},
    ]
    assert await held_by(database, "exp-3") == []


async def test_a_caller_that_goes_on_after_an_overlap_has_claimed_nothing(database):
    await claim(database, "exp-1", hosts(1))
    async with database.transaction() as session:
        with pytest.raises(OverlapError):
            await claims.claim(session, "exp-2", hosts(1, 2), EXPERIMENT, NOW)
    assert await held_by(database, "exp-2") == []


async def test_claiming_again_adds_what_is_missing(database):
    await claim(database, "exp-1", hosts(1))
    await claim(database, "exp-1", hosts(1, 2))
    assert await held_by(database, "exp-1") == hosts(1, 2)


async def test_kinds_do_not_meet(database):
    await claim(database, "exp-1", hosts(1))
    await claim(database, "dep-1", hosts(1), DEPLOYMENT)
    async with database.read() as session:
        (found,) = await claims.holders(session, hosts(1, 2), DEPLOYMENT)
    assert (found.owner, found.claimed_at) == ("dep-1", NOW)


async def test_what_is_released_can_be_claimed(database):
    await claim(database, "exp-1", hosts(1, 2))
    async with database.transaction() as session:
        assert await claims.release(session, "exp-1") == 2
        assert await claims.release(session, "exp-1") == 0
    await claim(database, "exp-2", hosts(1))


@given(wanted=st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=2, max_size=8))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_of_many_at_once_no_two_that_overlap_pass(database, wanted):
    owners = {f"exp-{number}": hosts(*names) for number, names in enumerate(wanted)}
    ended = await asyncio.gather(
        *(claim(database, owner, host_ids) for owner, host_ids in owners.items()), return_exceptions=True
    )
    assert all(it is None or isinstance(it, OverlapError) for it in ended), ended
    passed = [owner for owner, it in zip(owners, ended, strict=True) if it is None]
    claimed = [host for owner in passed for host in owners[owner]]
    assert passed
    assert len(claimed) == len(set(claimed))
    for owner, host_ids in owners.items():
        assert await held_by(database, owner) == (sorted(host_ids) if owner in passed else [])
        async with database.transaction() as session:
            await claims.release(session, owner)


async def test_ten_thousand_hosts_are_claimed_and_checked_in_one_go(database):
    many = hosts(*range(10_000))
    await claim(database, "exp-1", many)
    async with database.read() as session:
        assert len(await claims.holders(session, many, EXPERIMENT)) == 10_000
    with pytest.raises(OverlapError, match="10000 hosts"):
        await claim(database, "exp-2", many)
