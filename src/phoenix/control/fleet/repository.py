"""The fleet's SQL for hosts and for what failed on them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.fleet.errors import HostNotFoundError
from phoenix.control.fleet.model import Failure, FailureCode, Host, Phase
from phoenix.control.fleet.rules.silence import Silence
from phoenix.control.fleet.selector import Operator, Selector
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
        found = await self._matching(or_(HostRow.id == id_or_name, HostRow.name == id_or_name))
        if not found:
            raise HostNotFoundError(f"there is no host {id_or_name!r}", host=id_or_name)
        return found[0]

    async def named(self, name: str) -> Host | None:
        """Return the host of this very name, or None."""
        found = await self._matching(HostRow.name == name)
        return found[0] if found else None

    async def select(self, selector: Selector) -> list[Host]:
        """Return the hosts that a selector means, by name."""
        found = await self._matching(*_narrowed(selector))
        chosen = [it for it in found if selector.matches(it.labels, name=it.name, host_id=it.id)]
        return sorted(chosen, key=lambda host: host.name)

    async def many(self, ids: Sequence[str]) -> list[Host]:
        """Return these hosts, by name; ids of no host are left out."""
        found: list[Host] = []
        for start in range(0, len(ids), _AT_ONCE):
            found += await self._matching(HostRow.id.in_(ids[start : start + _AT_ONCE]))
        return sorted(found, key=lambda host: host.name)

    async def update(self, ids: Collection[str], **values: Any) -> None:
        """Change columns of these hosts, whoever holds them."""
        listed = sorted(ids)
        for start in range(0, len(listed), _AT_ONCE):
            part = listed[start : start + _AT_ONCE]
            await self._session.execute(update(HostRow).where(HostRow.id.in_(part)).values(**values))

    async def _matching(self, *conditions: ColumnElement[bool]) -> list[Host]:
        # Columns rather than rows of the ORM: of ten thousand hosts those take twice as long.
        return [self._host(row) for row in await self._session.execute(select(*_SHOWN).where(*conditions))]

    def _host(self, row: Row[Any]) -> Host:
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


class HeldRepository:
    """Hosts whose connections replicas hold: many at once, and fenced by the epoch under which each is held."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, uids: Mapping[HostId, str], *, replica: str, now: datetime) -> dict[HostId, HostRow]:
        """Make `replica` the holder of these hosts, under a new epoch each; return their rows, the new epoch in them.

        A row's `uid` is still the former one. Hosts that do not exist are left out.
        """
        rows = await self._rows(uids)
        taken = {"replica": replica, "last_seen": now}
        changes = [{"id": row.id, "uid": uids[HostId(row.id)], "epoch": row.epoch + 1, **taken} for row in rows]
        # The session would write the changes into the rows too, and rows tell what was before.
        self._session.expunge_all()
        if changes:
            await self._session.execute(update(HostRow), changes)
        for row in rows:
            row.epoch += 1
        return {HostId(row.id): row for row in rows}

    async def epochs(self, ids: Collection[HostId]) -> dict[HostId, int]:
        """Return under which epoch these hosts are held, and keep that so until the transaction ends."""
        statement = select(HostRow.id, HostRow.epoch).where(HostRow.id.in_(sorted(ids)))
        statement = statement.order_by(HostRow.id).with_for_update()
        return {HostId(id_): epoch for id_, epoch in await self._session.execute(statement)}

    async def change(self, values: Mapping[HostId, Mapping[str, Any]]) -> None:
        """Change columns of hosts, one statement for all that change the same ones."""
        alike: dict[frozenset[str], list[dict[str, Any]]] = {}
        for host, changed in values.items():
            if changed:
                alike.setdefault(frozenset(changed), []).append({"id": host, **changed})
        for rows in alike.values():
            await self._session.execute(update(HostRow), rows)

    async def replace_desired(self, host: HostId, was: RevisionId, now_desired: RevisionId) -> None:
        """Let a host want another config, unless somebody else changed what it wants meanwhile."""
        statement = update(HostRow).where(HostRow.id == host, HostRow.desired == was).values(desired=now_desired)
        await self._session.execute(statement.execution_options(synchronize_session=False))

    async def seen(self, times: Mapping[HostId, datetime]) -> None:
        """Note when hosts were last heard: one statement for many, and between two the others have their turn."""
        rows = [{"id": host, "last_seen": heard} for host, heard in sorted(times.items())]
        for start in range(0, len(rows), _AT_ONCE):
            await self._session.execute(update(HostRow), rows[start : start + _AT_ONCE])

    async def wanted(self, replica: str, since: datetime | None) -> list[Wanted]:
        """Return what hosts that `replica` held last should run; only those whose desire changed `since`, if given."""
        statement = select(HostRow.id, HostRow.desired, HostRow.desired_at, HostRow.epoch).where(
            HostRow.replica == replica
        )
        if since is not None:
            statement = statement.where(HostRow.desired_at >= since)
        rows = await self._session.execute(statement)
        return [Wanted(HostId(id_), _revision(desired), at, epoch) for id_, desired, at, epoch in rows]

    async def _rows(self, ids: Collection[HostId]) -> list[HostRow]:
        statement = select(HostRow).where(HostRow.id.in_(sorted(ids)))
        # In one order, or two replicas could wait for each other.
        return list(await self._session.scalars(statement.order_by(HostRow.id).with_for_update()))


class RefusalRepository:
    """Which configs failed on which hosts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, failures: Mapping[tuple[HostId, str], Failure]) -> None:
        """Note that configs, by host and digest, failed; noting one again changes nothing."""
        known = await self.on_hosts({host for host, _ in failures})
        rows = [
            {
                "digest": digest,
                "host": host,
                "revision": failure.revision,
                "code": failure.code.value,
                "text": failure.text,
                "at": failure.at,
            }
            for (host, digest), failure in failures.items()
            if digest not in known.get(host, ())
        ]
        if rows:
            await self._session.execute(insert(RefusalRow), rows)

    async def on_hosts(self, hosts: Collection[HostId]) -> dict[HostId, frozenset[str]]:
        """Return the digests that failed on these hosts; a host without any is left out."""
        statement = select(RefusalRow.host, RefusalRow.digest).where(RefusalRow.host.in_(sorted(hosts)))
        found: dict[HostId, set[str]] = {}
        for host, digest in await self._session.execute(statement):
            found.setdefault(HostId(host), set()).add(digest)
        return {host: frozenset(digests) for host, digests in found.items()}

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


# What hosts are made of: all but what only their connections need, of which the list of components is long.
_SHOWN = (
    HostRow.id,
    HostRow.name,
    HostRow.labels,
    HostRow.condition,
    HostRow.enrolled_at,
    HostRow.uid,
    HostRow.reason,
    HostRow.desired,
    HostRow.desired_reason,
    HostRow.offered,
    HostRow.offered_at,
    HostRow.phase,
    HostRow.proved,
    HostRow.proved_at,
    HostRow.verified,
    HostRow.failure_revision,
    HostRow.failure_code,
    HostRow.failure_text,
    HostRow.failure_at,
    HostRow.effective,
    HostRow.healthy,
    HostRow.health_text,
    HostRow.fallback,
    HostRow.last_seen,
    HostRow.collector_version,
)


def _narrowed(selector: Selector) -> Iterator[ColumnElement[bool]]:
    """Yield what the database can tell of a selector: it leaves out no host that the selector means."""
    columns = {"name": HostRow.name, "id": HostRow.id}
    for requirement in selector.requirements:
        if requirement.operator is Operator.IN:
            label = columns.get(requirement.key, HostRow.labels[requirement.key].as_string())
            yield label.in_(sorted(requirement.values))


def _revision(value: str | None) -> RevisionId | None:
    return None if value is None else RevisionId(value)
