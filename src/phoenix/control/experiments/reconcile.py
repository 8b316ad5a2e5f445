"""Moves experiments on: one step each, again and again, by whichever process holds an experiment's lease.

Level-triggered: a step reads where the experiment and its hosts are and does what comes next, so it does not matter
what an earlier process had in memory when it was killed.
"""

from typing import Any, Final

import structlog

from phoenix.control.experiments.counters import ExperimentCounters
from phoenix.control.experiments.model import MOVING, Experiment, Phase
from phoenix.control.experiments.phases.analyzing import Analyzing
from phoenix.control.experiments.phases.deploying import Deploying
from phoenix.control.experiments.phases.initializing import Initializing
from phoenix.control.experiments.phases.quiet import Quiet
from phoenix.control.experiments.phases.restoring import Restoring
from phoenix.control.experiments.phases.running import Running
from phoenix.control.experiments.phases.step import PhaseStep
from phoenix.control.experiments.repository import ExperimentRepository
from phoenix.control.experiments.rooms import Rooms
from phoenix.core.ids import ExperimentId
from phoenix.store.database import Database
from phoenix.store.leases import Lease, LeaseLostError, Leases

# A step may move several phases on, but gives others their turn.
_MOVES: Final = 4

_Steps = dict[Phase, PhaseStep[Any]]

_log = structlog.get_logger(__name__)


class ExperimentLoop:
    """The reconcile loop's step; `server` calls it every second or so."""

    def __init__(self, database: Database, leases: Leases, rooms: Rooms, counters: ExperimentCounters) -> None:
        self._database = database
        self._leases = leases
        self._rooms = rooms
        self._counters = counters
        self._quiet = Quiet()
        self._steps: _Steps = {
            Phase.INITIALIZING: Initializing(rooms),
            Phase.DEPLOYING: Deploying(rooms),
            Phase.RUNNING: Running(rooms, self._quiet),
            Phase.ANALYZING: Analyzing(rooms),
            Phase.RESTORING: Restoring(rooms),
        }

    async def step(self) -> None:
        """Move every experiment on that can be. One that cannot is logged and does not hold up the others."""
        async with self._database.read() as session:
            moving = await ExperimentRepository(session).ids(MOVING)
        self._quiet.forget(moving)
        self._counters.active(len(moving))
        for experiment in moving:
            try:
                await self._under_lease(experiment)
            except LeaseLostError:
                _log.info("lease lost", experiment=experiment)
            except Exception as error:  # noqa: BLE001 - one experiment must not hold up the others
                _log.exception("experiment step failed", experiment=experiment, error=repr(error))

    async def _under_lease(self, experiment: ExperimentId) -> None:
        async with self._leases.held(f"experiment/{experiment}", self._rooms.limits.lease_seconds) as lease:
            if lease is None:
                return
            for _ in range(_MOVES):
                if not await self._moved(experiment, lease):
                    return

    async def _moved(self, experiment_id: ExperimentId, lease: Lease) -> bool:
        """Take one step; return whether the phase changed and another may follow."""
        async with self._database.read() as session:
            seen_in = await ExperimentRepository(session).get(experiment_id)
            if seen_in.phase not in self._steps:
                return False
            step = self._steps[seen_in.phase]
            seen = await step.look(session, seen_in, self._rooms.clock.now())
        async with self._database.transaction() as session:
            await self._leases.fence(session, lease)
            current = await ExperimentRepository(session).get(experiment_id, locked=True)
            if (current.phase, current.attempt) != (seen_in.phase, seen_in.attempt):
                return True
            now = self._rooms.clock.now()
            after = await step.act(session, self._on_time(current, seen), seen, now)
            if after.phase is current.phase and after != current:
                await ExperimentRepository(session).save(after)
        return after.phase is not current.phase

    def _on_time(self, experiment: Experiment, seen: object) -> Experiment:
        limits = self._rooms.limits
        return experiment.seen_at(
            self._rooms.clock.now(),
            noted_seconds=limits.noted_seconds,
            away_seconds=limits.quiet_seconds,
            paused=bool(getattr(seen, "paused", False)),
        )
