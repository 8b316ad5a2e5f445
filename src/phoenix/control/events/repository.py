"""SQL of the outbox, and the order of its ids."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, event, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from phoenix.control.events.model import Event
from phoenix.control.events.tables import EventRow
from phoenix.store.upsert import is_sqlite

# The PostgreSQL channel that rings when events were committed.
CHANNEL: Final = "phoenix_events"
_PENDING: Final = "phoenix_events"
_ORDER: Final = text("SELECT pg_advisory_xact_lock(:key)").bindparams(key=0x50484E59)
_RING: Final = text("SELECT pg_notify(:channel, '')").bindparams(channel=CHANNEL)


def add(session: AsyncSession, row: dict[str, Any]) -> None:
    """Write an event last in the caller's transaction.

    A watcher goes on from the last id it saw, so ids must become visible in their order. On PostgreSQL that takes a
    lock from the insert to the end of the transaction; taken by the last statement, it can't be part of a deadlock.
    """
    if session.in_nested_transaction():
        raise RuntimeError("an event inside a savepoint would be told of also when the savepoint is undone")
    pending = session.info.get(_PENDING)
    if pending is None:
        pending = session.info[_PENDING] = []
        event.listen(session.sync_session, "before_commit", _write if is_sqlite(session) else _write_in_order)
    pending.append(row)


def _write(session: Session) -> None:
    # A savepoint's commit comes here too; what it holds is not sure yet.
    if session.in_nested_transaction() or not session.info[_PENDING]:
        return
    rows, session.info[_PENDING][:] = list(session.info[_PENDING]), []
    session.execute(insert(EventRow), rows)


def _write_in_order(session: Session) -> None:
    if session.in_nested_transaction() or not session.info[_PENDING]:
        return
    session.execute(_ORDER)
    _write(session)
    session.execute(_RING)


async def after(session: AsyncSession, event_id: int, limit: int) -> tuple[Event, ...]:
    """Return the first events after an id, in order."""
    rows = await session.scalars(select(EventRow).where(EventRow.id > event_id).order_by(EventRow.id).limit(limit))
    return tuple(Event(row.id, row.at, row.kind, row.subject, row.data) for row in rows)


async def remove_before(session: AsyncSession, moment: datetime, most: int) -> int:
    """Remove up to so many events before a moment; return how many."""
    chosen = select(EventRow.id).where(EventRow.at < moment).limit(most)
    removed = await session.scalars(delete(EventRow).where(EventRow.id.in_(chosen)).returning(EventRow.id))
    return len(removed.all())
