"""The outbox of events: written with what they tell of, read by whoever watches, kept for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.events import repository
from phoenix.control.events.model import Event

KEPT: Final = timedelta(days=30)


async def emit(session: AsyncSession, kind: str, subject: str, data: Mapping[str, Any], now: datetime) -> None:
    """Tell watchers that something happened, if and when the caller's transaction commits.

    Args:
        session: of the change itself, not inside a savepoint.
        kind: the noun and what happened to it: `experiment.phase_changed`.
        subject: the object's id.
        data: JSON-like; never a secret.
        now: the time of the change.
    """
    repository.add(session, {"at": now, "kind": kind, "subject": subject, "data": dict(data)})


async def after(session: AsyncSession, event_id: int, limit: int = 100) -> tuple[Event, ...]:
    """Return up to `limit` events after the one with this id, in order; 0 begins with the oldest kept.

    No event with a smaller id is ever committed later.
    """
    return await repository.after(session, event_id, limit)


async def prune(session: AsyncSession, now: datetime, kept: timedelta = KEPT, *, most: int = 1_000) -> int:
    """Remove up to `most` events older than they are kept; return how many. Ids are not used again."""
    return await repository.remove_before(session, now - kept, most)
