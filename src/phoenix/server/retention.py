"""Deletes what is older than it is kept, a little at a time: a long delete would hold up everybody who writes."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.events import service as events
from phoenix.control.fleet.service import Fleet
from phoenix.control.metering.service import Metering
from phoenix.core.clock import Clock
from phoenix.store.database import Database

# Windows are the largest: a hundred kilobytes each in a large fleet.
_AT_ONCE: Final = 200
# A clock that is set by more than this must not take the history with it.
_SET_BY: Final = timedelta(hours=12)

_log = structlog.get_logger(__name__)

_Forget = Callable[[AsyncSession, datetime], Awaitable[int]]


class Retention:
    """The step that `server` runs every hour.

    Args:
        database: where it is deleted.
        clock: what is old is so by its wall clock.
        kept: for how long.
        metering, fleet: whose records these are, beside the events'.
    """

    def __init__(self, database: Database, clock: Clock, kept: timedelta, metering: Metering, fleet: Fleet) -> None:
        self._database, self._clock, self._kept = database, clock, kept
        self._began = clock.now(), clock.monotonic()
        self._forgets: dict[str, _Forget] = {
            "measurements": lambda session, before: metering.forget(session, before, most=_AT_ONCE),
            "host history": lambda session, before: fleet.forget(session, before, most=_AT_ONCE),
            "events": lambda session, before: events.prune(session, before, timedelta(0), most=_AT_ONCE),
        }

    async def step(self) -> None:
        """Delete everything that is too old; each transaction is short."""
        now = self._clock.now()
        began, monotonic = self._began
        passed = timedelta(seconds=self._clock.monotonic() - monotonic)
        if abs(now - began - passed) > _SET_BY:
            _log.warning("the clock was set: nothing is deleted before the server starts again", by=str(now - began))
            return
        for name, forget in self._forgets.items():
            deleted = await self._all(forget, now - self._kept)
            if deleted:
                _log.info("old records deleted", what=name, count=deleted, older_than=str(self._kept))

    async def _all(self, forget: _Forget, before: datetime) -> int:
        total = 0
        while True:
            async with self._database.transaction() as session:
                deleted = await forget(session, before)
            total += deleted
            if not deleted:
                return total
