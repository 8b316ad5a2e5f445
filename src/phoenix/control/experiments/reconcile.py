"""Moves experiments on: one step each, again and again, by whichever process holds an experiment's lease.

Level-triggered: a step reads where the experiment and its hosts are and does what comes next, so it does not matter
what an earlier process had in memory when it was killed.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

import structlog

from phoenix.control.experiments.counters import ExperimentCounters
from phoenix.control.experiments.errors import StepFailedError
from phoenix.control.experiments.model import MOVING, NEXT, Experiment, Phase
from phoenix.control.experiments.phases.analyzing import Analyzing
from phoenix.control.experiments.phases.deploying import Deploying
from phoenix.control.experiments.phases.initializing import Initializing
from phoenix.control.experiments.phases.quiet import Quiet
from phoenix.control.experiments.phases.restoring import Restoring
from phoenix.control.experiments.phases.running import Running
from phoenix.control.experiments.phases.step import PhaseStep, turn_back
from phoenix.control.experiments.repository import ExperimentRepository
from phoenix.control.experiments.rooms import Rooms
from phoenix.core.errors import UnavailableError
from phoenix.core.ids import ExperimentId
from phoenix.store.database import Database
from phoenix.store.leases import Lease, LeaseLostError, Leases

# A step may move several phases on, but gives others their turn.
_MOVES: Final = 4

_Steps = dict[Phase, PhaseStep[Any]]
_Work = Callable[[ExperimentId, Lease], Awaitable[None]]

_log = structlog.get_logger(__name__)


class ExperimentLoop:
    """The reconcile loop's step; `server` calls it every second or so."""

    def __init__(self, database: Database, leases: Leases, rooms: Rooms, counters: ExperimentCounters) -> None:
        self._database = database
        self._leases = leases
        self._rooms = rooms
        self._counters = counters
        self._quiet = Quiet()
        # Since when the steps of an experiment fail, by the clock that never goes back.
        self._broken: dict[ExperimentId, float] = {}
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
        self._broken = {name: since for name, since in self._broken.items() if name in moving}
        for experiment in moving:
            try:
                await self._under_lease(experiment, self._go_on)
                self._broken.pop(experiment, None)
            except LeaseLostError:
                _log.info("lease lost", experiment=experiment)
            except Exception as error:  # noqa: BLE001 - one experiment must not hold up the others
                _log.exception("experiment step failed", experiment=experiment, error=repr(error))
                if not isinstance(error, UnavailableError):
                    await self._failed(experiment, error)

    async def _failed(self, experiment: ExperimentId, error: Exception) -> None:
        """End an experiment whose steps keep failing: nobody watches its hosts."""
        now = self._rooms.clock.monotonic()
        since = self._broken.setdefault(experiment, now)
        if now - since < self._rooms.limits.broken_seconds:
            return
        try:
            await self._under_lease(experiment, partial(self._give_up, error=error))
        except Exception as trouble:  # noqa: BLE001 - it is tried again with the next step
            _log.exception("experiment could not be ended", experiment=experiment, error=repr(trouble))

    async def _give_up(self, experiment_id: ExperimentId, lease: Lease, *, error: Exception) -> None:
        async with self._database.transaction() as session:
            await self._leases.fence(session, lease)
            experiment = await ExperimentRepository(session).get(experiment_id, locked=True)
            if Phase.RESTORING in NEXT[experiment.phase]:
                cause = StepFailedError(f"the experiment could not be judged any more: {error!r}", error=repr(error))
                now, reason = self._rooms.clock.now(), cause.message
                await turn_back(self._rooms, session, experiment, Phase.FAILED, now=now, reason=reason, cause=cause)

    async def _under_lease(self, experiment: ExperimentId, work: _Work) -> None:
        async with self._leases.held(f"experiment/{experiment}", self._rooms.limits.lease_seconds) as lease:
            if lease is not None:
                await work(experiment, lease)

    async def _go_on(self, experiment: ExperimentId, lease: Lease) -> None:
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
