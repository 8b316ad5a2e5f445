"""Claims: of two experiments that want the same host at once only one can begin.

Called by experiments and deployments, in the transaction that makes or ends them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.claims import repository
from phoenix.control.claims.errors import OverlapError
from phoenix.control.claims.model import Claim, ClaimKind
from phoenix.core.ids import HostId


async def claim(
    session: AsyncSession, owner: str, host_ids: Collection[HostId], kind: ClaimKind, now: datetime
) -> None:
    """Claim all hosts for an owner, or none. Hosts that it has already stay claimed.

    Raises:
        OverlapError: others have some of them; it names the owners and their hosts.
    """
    wanted = {Claim(host_id, kind, owner, now) for host_id in host_ids}
    async with session.begin_nested():
        held: Collection[Claim] = ()
        # A host that was not free when we added may be released before we look: then neither of us has it, and we ask
        # again. Each round needs another release, so there is an end.
        while len(held) < len(wanted):
            await repository.add(session, wanted)
            held = await repository.of_hosts(session, host_ids, kind)
            if others := [it for it in held if it.owner != owner]:
                raise _overlap(owner, others)


async def holders(session: AsyncSession, host_ids: Collection[HostId], kind: ClaimKind) -> tuple[Claim, ...]:
    """Return the claims of a kind that stand on any of these hosts, by host."""
    return await repository.of_hosts(session, host_ids, kind)


async def held_by(session: AsyncSession, owner: str) -> tuple[Claim, ...]:
    """Return the claims of an owner, by host."""
    return await repository.of_owner(session, owner)


async def release(session: AsyncSession, owner: str) -> int:
    """Give all hosts of an owner free; return how many there were. Safe when there are none."""
    return await repository.remove(session, owner)


def _overlap(owner: str, others: Iterable[Claim]) -> OverlapError:
    by_owner = {
        name: [it.host_id for it in claims]
        for name, claims in groupby(sorted(others, key=lambda it: (it.owner, it.host_id)), key=lambda it: it.owner)
    }
    count = sum(map(len, by_owner.values()))
    return OverlapError(
        f"{count} {'host is' if count == 1 else 'hosts are'} claimed by {', '.join(by_owner)}",
        owner=owner,
        conflicts=[{"owner": name, "hosts": hosts} for name, hosts in by_owner.items()],
    )
