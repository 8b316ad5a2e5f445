"""Leases by name: who does a job now, when several processes could, and until when.

Each reconcile loop holds one for what it drives. A lease has an epoch that grows with each holder: whoever writes under
a lease calls `fence` in the same transaction, so that a holder that slept past its end writes nothing.
"""

import contextlib
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.core.clock import Clock
from phoenix.core.errors import ConflictError
from phoenix.store.database import Database
from phoenix.store.tables import LeaseRow
from phoenix.store.upsert import insert

# Of the time that a lease is taken for: who asks for a job asks for as long as who has it did.
_TIMES_TOO_LONG: Final = 2

# When a lease that was given back ran out: before whatever any clock may be set to.
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


class LeaseLostError(ConflictError):
    """The lease ran out, or another process has it. Details: `name`, `holder`."""

    code = "LEASE_LOST"
    user_action = "Nothing needs to be done: whoever holds the lease now goes on with the job."


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to do a job until `expires_at`.

    Attributes:
        epoch: grows each time the lease goes to somebody.
    """

    name: str
    holder: str
    epoch: int
    expires_at: datetime


class Leases:
    """Leases of one process.

    Time is the clock's: clocks of several processes must agree to well within the time that a lease is taken for.
    Where they do not, two may work at once; what they write is kept apart by `fence`. A clock that is set back holds up
    nobody: a lease that would last longer than any is taken for is free, and one given back ends long ago.
    """

    def __init__(self, database: Database, clock: Clock, *, holder: str | None = None) -> None:
        """Take `holder` as this process's name; it must be new at each start, so the default is random."""
        self.holder = holder or f"process-{secrets.token_hex(8)}"
        self._database = database
        self._clock = clock

    async def acquire(self, name: str, seconds: float) -> Lease | None:
        """Return the lease for so many seconds, or None while somebody holds it, be it this process."""
        now = self._clock.now()
        lease = Lease(name, self.holder, 1, now + timedelta(seconds=seconds))
        async with self._database.transaction() as session:
            epoch = await _take_over(session, lease, now, now + timedelta(seconds=_TIMES_TOO_LONG * seconds))
            if epoch is None:
                epoch = await _take_first(session, lease)
        return None if epoch is None else replace(lease, epoch=epoch)

    async def renew(self, lease: Lease, seconds: float) -> Lease:
        """Return the lease with so many seconds from now.

        Raises:
            LeaseLostError: it ran out before, or was given back.
        """
        now = self._clock.now()
        expires_at = now + timedelta(seconds=seconds)
        async with self._database.transaction() as session:
            held = update(LeaseRow).where(*_held(lease, now)).values(expires_at=expires_at).returning(LeaseRow.name)
            if await session.scalar(held) is None:
                raise _lost(lease)
        return replace(lease, expires_at=expires_at)

    async def release(self, lease: Lease) -> None:
        """Give the lease back. Safe when it is lost or given back already.

        It is free from then on also when the clock is set back.
        """
        async with self._database.transaction() as session:
            await session.execute(update(LeaseRow).where(*_same(lease)).values(expires_at=_LONG_AGO))

    async def inherit(self) -> None:
        """Free every lease, for a process that knows that no other uses the database: their holders are dead."""
        async with self._database.transaction() as session:
            await session.execute(update(LeaseRow).values(expires_at=_LONG_AGO))

    @contextlib.asynccontextmanager
    async def held(self, name: str, seconds: float) -> AsyncIterator[Lease | None]:
        """Hold the lease within the block, which must end in time; None while somebody else holds it."""
        lease = await self.acquire(name, seconds)
        try:
            yield lease
        finally:
            if lease is not None:
                await self.release(lease)

    async def fence(self, session: AsyncSession, lease: Lease) -> None:
        """Make the caller's transaction count only if the lease is still held; nobody gets it before that ends.

        Raises:
            LeaseLostError: it is not; the caller must write nothing.
        """
        held = select(LeaseRow.name).where(*_held(lease, self._clock.now())).with_for_update()
        if await session.scalar(held) is None:
            raise _lost(lease)


def _same(lease: Lease) -> tuple[Any, ...]:
    return LeaseRow.name == lease.name, LeaseRow.holder == lease.holder, LeaseRow.epoch == lease.epoch


def _held(lease: Lease, now: datetime) -> tuple[Any, ...]:
    return *_same(lease), LeaseRow.expires_at > now


async def _take_over(session: AsyncSession, lease: Lease, now: datetime, latest: datetime) -> int | None:
    # Skipping locked rows: a row is locked while its holder's last transaction commits, or another takes it over.
    over = or_(LeaseRow.expires_at <= now, LeaseRow.expires_at > latest)
    free = select(LeaseRow.name).where(LeaseRow.name == lease.name, over)
    taken = (
        update(LeaseRow)
        .where(LeaseRow.name.in_(free.with_for_update(skip_locked=True)))
        .values(holder=lease.holder, epoch=LeaseRow.epoch + 1, expires_at=lease.expires_at)
        .returning(LeaseRow.epoch)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(taken)


async def _take_first(session: AsyncSession, lease: Lease) -> int | None:
    first = (
        insert(session, LeaseRow)
        .values(name=lease.name, holder=lease.holder, epoch=lease.epoch, expires_at=lease.expires_at)
        .on_conflict_do_nothing()
        .returning(LeaseRow.epoch)
    )
    return await session.scalar(first)


def _lost(lease: Lease) -> LeaseLostError:
    return LeaseLostError(
        f"{lease.holder} no longer holds the lease {lease.name}", name=lease.name, holder=lease.holder
    )
