"""The fleet's SQL for hosts and for what failed on them. Every write of a held host is fenced by its epoch."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.errors import HostFencedError, HostNotFoundError
from phoenix.control.fleet.model import Failure, FailureCode, Host, Phase
from phoenix.control.fleet.rules.silence import Silence
from phoenix.control.fleet.selector import Selector
from phoenix.control.fleet.tables import HostRow, RefusalRow
from phoenix.core.ids import HostId, RevisionId


@dataclass(frozen=True, slots=True)
class Wanted:
    """What rows say of a host that a replica holds: enough to see that something changed."""

    host: HostId
    desired: RevisionId | None
    desired_at: datetime | None
    epoch: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A config that failed on a host."""

    digest: str
    host: HostId
    name: str
    code: FailureCode
    text: str


class HostRepository:
    """Hosts.

    Args:
        session: of the caller's transaction.
        silence: when a host that is not heard is silent or lost.
        now: the time that is judged at.
    """

    def __init__(self, session: AsyncSession, silence: Silence, now: datetime) -> None:
        self._session = session
        self._silence = silence
        self._now = now

    async def add(self, host: Host) -> None:
        """Store a host just enrolled."""
        self._session.add(
            HostRow(
                id=host.id,
                name=host.name,
                labels=dict(host.labels),
                enrolled_at=host.enrolled_at,
                reason="",
                desired=host.desired,
                desired_at=self._now,
                desired_reason=host.desired_reason,
                phase=host.phase.value,
                fallback=host.fallback,
                failure_code="",
                failure_text="",
                health_text="",
                collector_version="",
                components={},
                epoch=0,
            )
        )
        await self._session.flush()

    async def get(self, id_or_name: str) -> Host:
        """Return a host by its id or its name.

        Raises:
            HostNotFoundError: there is none.
        """
        statement = select(HostRow).where(or_(HostRow.id == id_or_name, HostRow.name == id_or_name))
        row = (await self._session.scalars(statement.execution_options(populate_existing=True))).first()
        if row is None:
            raise HostNotFoundError(f"there is no host {id_or_name!r}", host=id_or_name)
        return self._host(row)

    async def named(self, name: str) -> Host | None:
        """Return the host of this very name, or None."""
        row = (await self._session.scalars(select(HostRow).where(HostRow.name == name))).first()
        return None if row is None else self._host(row)

    async def select(self, selector: Selector) -> list[Host]:
        """Return the hosts that a selector means, by name."""
        listed = await self._session.execute(select(HostRow.id, HostRow.name, HostRow.labels).order_by(HostRow.name))
        chosen = [id_ for id_, name, labels in listed if selector.matches(labels, name=name, host_id=id_)]
        return await self.many(chosen)

    async def many(self, ids: Sequence[str]) -> list[Host]:
        """Return these hosts, by name; ids of no host are left out."""
        found: list[Host] = []
        for start in range(0, len(ids), _AT_ONCE):
            statement = select(HostRow).where(HostRow.id.in_(ids[start : start + _AT_ONCE]))
            rows = await self._session.scalars(statement.execution_options(populate_existing=True))
            found += [self._host(row) for row in rows]
        return sorted(found, key=lambda host: host.name)

    async def update(self, ids: Collection[str], **values: Any) -> None:
        """Change columns of these hosts, whoever holds them."""
        listed = sorted(ids)
        for start in range(0, len(listed), _AT_ONCE):
            part = listed[start : start + _AT_ONCE]
            await self._session.execute(update(HostRow).where(HostRow.id.in_(part)).values(**values))

    async def take(self, host: HostId, *, uid: str, replica: str) -> tuple[HostRow, int]:
        """Make `replica` the holder of a host's connection; return its row as it was, and the new epoch.

        Raises:
            HostNotFoundError: there is no such host.
            HostFencedError: another replica took it at the same moment.
        """
        row = await self.row(host)
        await self.save(host, row.epoch, epoch=row.epoch + 1, uid=uid, replica=replica, last_seen=self._now)
        return row, row.epoch + 1

    async def save(self, host: HostId, held: int, **values: Any) -> None:
        """Change columns of a host that is held with epoch `held`.

        Raises:
            HostFencedError: another replica holds it by now; nothing was changed.
        """
        statement = update(HostRow).where(HostRow.id == host, HostRow.epoch == held).values(**values)
        changed = await self._session.execute(statement.execution_options(synchronize_session=False))
        if isinstance(changed, CursorResult) and changed.rowcount != 1:
            raise HostFencedError(f"host {host} is held with a newer epoch than {held}", host=host)

    async def replace_desired(self, host: HostId, was: RevisionId, now_desired: RevisionId) -> None:
        """Let a host want another config, unless somebody else changed what it wants meanwhile."""
        statement = update(HostRow).where(HostRow.id == host, HostRow.desired == was).values(desired=now_desired)
        await self._session.execute(statement.execution_options(synchronize_session=False))

    async def seen(self, times: Mapping[HostId, datetime]) -> None:
        """Note when hosts were last heard: one statement for all."""
        if times:
            rows = [{"id": host, "last_seen": heard} for host, heard in sorted(times.items())]
            await self._session.execute(update(HostRow), rows)

    async def wanted(self, replica: str, since: datetime | None) -> list[Wanted]:
        """Return what hosts that `replica` held last should run; only those whose desire changed `since`, if given."""
        statement = select(HostRow.id, HostRow.desired, HostRow.desired_at, HostRow.epoch).where(
            HostRow.replica == replica
        )
        if since is not None:
            statement = statement.where(HostRow.desired_at >= since)
        rows = await self._session.execute(statement)
        return [Wanted(HostId(id_), _revision(desired), at, epoch) for id_, desired, at, epoch in rows]

    async def row(self, host: HostId) -> HostRow:
        """Return all that is stored of a host, for the state of its offers.

        Raises:
            HostNotFoundError: there is none.
        """
        row = await self._session.get(HostRow, host, populate_existing=True)
        if row is None:
            raise HostNotFoundError(f"there is no host {host!r}", host=host)
        return row

    def _host(self, row: HostRow) -> Host:
        state = self._silence.state(row.condition, row.enrolled_at, row.last_seen, self._now)
        failure = None
        if row.failure_revision is not None and row.failure_at is not None:
            code = FailureCode(row.failure_code)
            failure = Failure(RevisionId(row.failure_revision), code, row.failure_text, row.failure_at)
        return Host(
            id=HostId(row.id),
            name=row.name,
            labels=row.labels,
            state=state,
            enrolled_at=row.enrolled_at,
            uid=row.uid,
            reason=row.reason,
            desired=_revision(row.desired),
            desired_reason=row.desired_reason,
            offered=_revision(row.offered),
            offered_at=row.offered_at,
            phase=Phase(row.phase),
            proved=_revision(row.proved),
            proved_at=row.proved_at,
            verified=_revision(row.verified),
            failure=failure,
            effective=_revision(row.effective),
            healthy=row.healthy,
            health_text=row.health_text,
            fallback=_revision(row.fallback),
            last_seen=row.last_seen,
            collector_version=row.collector_version,
        )


class RefusalRepository:
    """Which configs failed on which hosts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, host: HostId, digest: str, failure: Failure) -> None:
        """Note that a config failed on a host; noting it again changes nothing."""
        if digest in await self.on_host(host):
            return
        values = {"digest": digest, "host": host, "revision": failure.revision, "code": failure.code.value}
        await self._session.execute(insert(RefusalRow).values(**values, text=failure.text, at=failure.at))

    async def on_host(self, host: HostId) -> frozenset[str]:
        """Return the digests that failed on a host."""
        rows = await self._session.scalars(select(RefusalRow.digest).where(RefusalRow.host == host))
        return frozenset(rows)

    async def with_digests(self, digests: Collection[str]) -> list[Refused]:
        """Return on which hosts these configs failed."""
        return await self._select(RefusalRow.digest.in_(sorted(digests)))

    async def since(self, moment: datetime) -> list[Refused]:
        """Return what has failed anywhere since a moment."""
        return await self._select(RefusalRow.at >= moment)

    async def _select(self, condition: ColumnElement[bool]) -> list[Refused]:
        statement = select(RefusalRow.digest, RefusalRow.host, HostRow.name, RefusalRow.code, RefusalRow.text)
        rows = await self._session.execute(statement.join(HostRow, HostRow.id == RefusalRow.host).where(condition))
        return [Refused(digest, HostId(host), name, FailureCode(code), text) for digest, host, name, code, text in rows]


# Below the number of parameters that every SQLite allows in a statement.
_AT_ONCE = 900


def _revision(value: str | None) -> RevisionId | None:
    return None if value is None else RevisionId(value)
