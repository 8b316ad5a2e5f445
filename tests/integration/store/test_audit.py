"""The audit log on both databases: what is recorded stands with its change, and nobody can alter it."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.support.store.clocks import SteppedClock

from phoenix.control.audit import service as audit

pytestmark = pytest.mark.anyio
NOW = SteppedClock().now()


async def record(database):
    async with database.transaction() as session:
        await audit.record(
            session,
            "experiment.stopped",
            actor="usr-1",
            subject="exp-1",
            reason="too slow",
            before={"phase": "running"},
            now=NOW,
        )
        await audit.record(session, "experiment.ended", actor=audit.PHOENIX, subject="exp-1", after={"n": 1}, now=NOW)
        await audit.record(session, "experiment.ended", actor=audit.PHOENIX, subject="exp-2", now=NOW)


async def test_lists_what_was_done_to_a_subject_in_order(database):
    await record(database)
    async with database.read() as session:
        first, second = await audit.entries(session, "exp-1")
        (newest,) = await audit.entries(session, "exp-1", limit=1)
    assert (first.action, first.actor, first.reason, first.at) == ("experiment.stopped", "usr-1", "too slow", NOW)
    assert (first.before, first.after) == ({"phase": "running"}, None)
    assert (second.actor, second.after) == ("phoenix", {"n": 1})
    assert newest == second


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET actor = 'nobody'", "DELETE FROM audit_entries"])
async def test_the_database_refuses_to_alter_an_entry(database, statement):
    await record(database)

    async def alter():
        async with database.transaction() as session:
            await session.execute(text(statement))

    with pytest.raises(DBAPIError, match="append-only"):
        await alter()
    async with database.read() as session:
        assert len(await audit.entries(session, "exp-1")) == 2
