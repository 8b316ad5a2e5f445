"""The fleet's SQL for configs and for the history of hosts."""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Arm
from phoenix.control.fleet.errors import RevisionNotFoundError
from phoenix.control.fleet.model import ConfigRevision, EventKind, HostEvent, Purpose
from phoenix.control.fleet.tables import HostEventRow, RevisionRow
from phoenix.core.ids import ExperimentId, HostId, RevisionId


class RevisionRepository:
    """Configs; they are added and read, never changed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, revision: ConfigRevision) -> None:
        """Store a config."""
        self._session.add(
            RevisionRow(
                id=revision.id,
                digest=revision.digest,
                text=revision.text,
                purpose=revision.purpose.value,
                experiment=revision.experiment,
                document=revision.document,
                document_digest=_document_digest(revision.document),
                exporters=list(revision.exporters),
                receivers=list(revision.receivers),
                processors={arm.value: list(ids) for arm, ids in revision.processors.items()},
                notes=list(revision.notes),
                made_at=revision.made_at,
                retry_of=revision.retry_of,
            )
        )
        await self._session.flush()

    async def get(self, revision: str) -> ConfigRevision:
        """Return a config.

        Raises:
            RevisionNotFoundError: there is none.
        """
        row = await self._session.get(RevisionRow, revision)
        if row is None:
            raise RevisionNotFoundError(f"there is no config revision {revision!r}", revision=revision)
        return _revision(row)

    async def many(self, revisions: Collection[str]) -> dict[RevisionId, ConfigRevision]:
        """Return these configs by id; ids of none are left out."""
        rows = await self._session.scalars(select(RevisionRow).where(RevisionRow.id.in_(sorted(revisions))))
        return {RevisionId(row.id): _revision(row) for row in rows}

    async def with_digests(self, digests: Collection[str]) -> dict[str, RevisionId]:
        """Return the configs that have these digests; digests of none are left out."""
        statement = select(RevisionRow.digest, RevisionRow.id).where(RevisionRow.digest.in_(sorted(digests)))
        return {digest: RevisionId(id_) for digest, id_ in await self._session.execute(statement)}

    async def composed_from(self, document: str) -> ConfigRevision | None:
        """Return the first steady config that was composed from this very document, or None."""
        statement = select(RevisionRow).where(
            RevisionRow.document_digest == _document_digest(document),
            RevisionRow.purpose == Purpose.STEADY.value,
            RevisionRow.retry_of.is_(None),
        )
        row = (await self._session.scalars(statement.order_by(RevisionRow.id).limit(1))).first()
        return None if row is None else _revision(row)


class HistoryRepository:
    """What happened to hosts; only added to."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, events: Sequence[HostEvent]) -> None:
        """Store events in their order."""
        if events:
            rows = [
                {"host": it.host, "at": it.at, "kind": it.kind.value, "revision": it.revision, "text": it.text}
                for it in events
            ]
            await self._session.execute(insert(HostEventRow), rows)

    async def of(self, host: HostId, *, limit: int) -> list[HostEvent]:
        """Return the latest events of a host, oldest first."""
        statement = select(HostEventRow).where(HostEventRow.host == host).order_by(HostEventRow.id.desc()).limit(limit)
        rows = list(await self._session.scalars(statement))
        return [
            HostEvent(
                HostId(row.host),
                row.at,
                EventKind(row.kind),
                None if row.revision is None else RevisionId(row.revision),
                row.text,
            )
            for row in reversed(rows)
        ]

    async def forget(self, before: datetime, most: int) -> int:
        """Delete those of the `most` oldest events that happened before a moment; return how many."""
        oldest = select(HostEventRow.id, HostEventRow.at).order_by(HostEventRow.id).limit(most).subquery()
        chosen = select(oldest.c.id).where(oldest.c.at < before)
        statement = delete(HostEventRow).where(HostEventRow.id.in_(chosen))
        done = await self._session.execute(statement.execution_options(synchronize_session=False))
        return getattr(done, "rowcount", 0)


def _document_digest(document: str) -> str:
    return hashlib.sha256(document.encode()).hexdigest() if document else ""


def _revision(row: RevisionRow) -> ConfigRevision:
    return ConfigRevision(
        id=RevisionId(row.id),
        digest=row.digest,
        text=row.text,
        purpose=Purpose(row.purpose),
        experiment=None if row.experiment is None else ExperimentId(row.experiment),
        document=row.document,
        exporters=tuple(row.exporters),
        receivers=tuple(row.receivers),
        processors={Arm(arm): tuple(ids) for arm, ids in row.processors.items()},
        made_at=row.made_at,
        retry_of=None if row.retry_of is None else RevisionId(row.retry_of),
        notes=tuple(row.notes),
    )
