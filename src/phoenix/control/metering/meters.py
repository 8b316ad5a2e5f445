"""Which meters are open. The database knows; what was asked lately is kept for moments."""

from collections.abc import Callable
from typing import Final

from phoenix.control.metering.model import MeterPlan
from phoenix.control.metering.repository import MeteringRepository
from phoenix.core.clock import Clock
from phoenix.core.ids import ExperimentId
from phoenix.store.database import Database
from phoenix.telemetry.window import WindowPlan

# A stranger's body must not cost a query each; a meter that was just opened is found after so long.
_UNKNOWN_SECONDS: Final = 2.0
_UNKNOWN_KEPT: Final = 1_000
_REFRESH_SECONDS: Final = 2.0


class Meters:
    """The open meters, as far as bodies asked for them.

    Args:
        database: knows them.
        clock: for how long an answer is kept.
        cut: makes the plan of windows from that of a meter.
    """

    def __init__(self, database: Database, clock: Clock, cut: Callable[[MeterPlan], WindowPlan]) -> None:
        self._database, self._clock, self._cut = database, clock, cut
        self._open: dict[ExperimentId, WindowPlan] = {}
        self._unknown: dict[ExperimentId, float] = {}
        self._refreshed = clock.monotonic()

    async def plan(self, experiment: ExperimentId) -> WindowPlan | None:
        """Return how the windows of an experiment are cut; None when no meter is open for it."""
        plan = self._open.get(experiment)
        if plan is not None:
            return plan
        now = self._clock.monotonic()
        if now < self._unknown.get(experiment, now):
            return None
        async with self._database.read() as session:
            found = await MeteringRepository(session).plan(experiment)
        if found is None:
            if len(self._unknown) >= _UNKNOWN_KEPT:
                self._unknown.clear()
            self._unknown[experiment] = now + _UNKNOWN_SECONDS
            return None
        self._unknown.pop(experiment, None)
        return self._open.setdefault(experiment, self._cut(found))

    async def closed(self) -> list[ExperimentId]:
        """Return the meters that were open when last asked and are no longer; asks at most every two seconds."""
        now = self._clock.monotonic()
        if not self._open or now - self._refreshed < _REFRESH_SECONDS:
            return []
        self._refreshed = now
        known = list(self._open)
        async with self._database.read() as session:
            still = await MeteringRepository(session).open_experiments()
        gone = [experiment for experiment in known if experiment not in still]
        for experiment in gone:
            self._open.pop(experiment, None)
        return gone
