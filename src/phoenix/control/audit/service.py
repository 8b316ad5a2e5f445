"""The audit log: every service that changes something on somebody's behalf records it in the same transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.audit import repository
from phoenix.control.audit.model import AuditEntry
from phoenix.control.audit.tables import AuditRow

# The actor of what the server does by itself: guardrails, time limits, restores.
PHOENIX: Final = "phoenix"


async def record(
    session: AsyncSession,
    action: str,
    *,
    actor: str,
    subject: str,
    now: datetime,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write down who did what to which object; it stands if the caller's transaction does.

    Args:
        session: of the change itself.
        action: the noun and what was done to it: `experiment.promoted`.
        actor: the principal's id, or PHOENIX.
        subject: the object's id.
        now: the time of the change.
        reason: what the actor said.
        before: what the change replaced, JSON-like.
        after: what it made, JSON-like. Never a secret.
    """
    row = AuditRow(
        at=now,
        actor=actor,
        action=action,
        subject=subject,
        reason=reason,
        before=None if before is None else dict(before),
        after=None if after is None else dict(after),
    )
    await repository.add(session, row)


async def entries(session: AsyncSession, subject: str, *, limit: int = 1000) -> tuple[AuditEntry, ...]:
    """Return what was done to an object, oldest first; of more than `limit` entries the newest."""
    return await repository.of_subject(session, subject, limit)
