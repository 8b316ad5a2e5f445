"""SQL of the audit log: it is added to and read. Nothing changes or removes an entry, here or in the database."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.audit.model import AuditEntry
from phoenix.control.audit.tables import AuditRow


async def add(session: AsyncSession, row: AuditRow) -> None:
    """Write an entry."""
    session.add(row)
    await session.flush()


async def of_subject(session: AsyncSession, subject: str, limit: int) -> tuple[AuditEntry, ...]:
    """Return the newest entries of a subject, oldest first."""
    newest = select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.id.desc()).limit(limit)
    rows = (await session.scalars(newest)).all()
    return tuple(
        AuditEntry(row.id, row.at, row.actor, row.action, row.subject, row.reason, row.before, row.after)
        for row in reversed(rows)
    )
