"""SQL of claims. The table's key decides who of two at once is first, on both databases."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Select, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.claims.model import Claim, ClaimKind
from phoenix.control.claims.tables import ClaimRow
from phoenix.core.ids import HostId
from phoenix.store.upsert import insert

# Of more hosts than these it is faster to read all claims than to name the hosts in the statement.
_NAMED_AT_MOST: Final = 500


async def add(session: AsyncSession, claims: Iterable[Claim]) -> None:
    """Write the claims whose hosts are free; wait for another transaction that claims one of them just now.

    In the order of hosts, so that two that claim the same hosts wait for one another in one direction only.
    """
    rows = [
        {"host_id": it.host_id, "kind": it.kind.value, "owner": it.owner, "claimed_at": it.claimed_at}
        for it in sorted(claims, key=lambda claim: claim.host_id)
    ]
    if rows:
        await session.execute(insert(session, ClaimRow).on_conflict_do_nothing(), rows)


async def of_hosts(session: AsyncSession, host_ids: Collection[HostId], kind: ClaimKind) -> tuple[Claim, ...]:
    """Return the claims of a kind on these hosts, by host."""
    wanted = _claims().where(ClaimRow.kind == kind.value)
    if len(host_ids) <= _NAMED_AT_MOST:
        wanted = wanted.where(ClaimRow.host_id.in_(host_ids))
    hosts = frozenset(host_ids)
    return tuple(_claim(*row) for row in await session.execute(wanted) if row[0] in hosts)


async def of_owner(session: AsyncSession, owner: str) -> tuple[Claim, ...]:
    """Return the claims of an owner, by host."""
    return tuple(_claim(*row) for row in await session.execute(_claims().where(ClaimRow.owner == owner)))


async def remove(session: AsyncSession, owner: str) -> int:
    """Remove the claims of an owner; return how many there were."""
    removed = delete(ClaimRow).where(ClaimRow.owner == owner).returning(ClaimRow.host_id)
    return len((await session.scalars(removed)).all())


def _claims() -> Select[str, str, str, datetime]:
    return select(ClaimRow.host_id, ClaimRow.kind, ClaimRow.owner, ClaimRow.claimed_at).order_by(ClaimRow.host_id)


def _claim(host_id: str, kind: str, owner: str, claimed_at: datetime) -> Claim:
    return Claim(HostId(host_id), ClaimKind(kind), owner, claimed_at)
