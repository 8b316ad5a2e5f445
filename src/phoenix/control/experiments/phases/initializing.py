"""Initializing: make the config of both arms, have it checked, open the meter, and say what the hosts should run."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.experiments.judging.candidate import boundary_of
from phoenix.control.experiments.making.composing import Prepared, prepare
from phoenix.control.experiments.model import Experiment, Paired, Phase
from phoenix.control.experiments.phases.step import turn_back
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Purpose
from phoenix.core.errors import PhoenixError, UnavailableError


@dataclass(frozen=True, slots=True)
class Initializing:
    """Everything it does commits at once, so after a crash it begins anew and nothing is half done."""

    rooms: Rooms

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Prepared | PhoenixError:
        """Return the config, or why there is none. What may pass by itself is raised, and tried again."""
        try:
            return await prepare(self.rooms, session, experiment.design, experiment=experiment.id, now=now)
        except UnavailableError:
            raise
        except PhoenixError as error:
            return error

    async def act(
        self, session: AsyncSession, experiment: Experiment, seen: Prepared | PhoenixError, now: datetime
    ) -> Experiment:
        """Register the config and make it what the hosts should run."""
        if isinstance(seen, PhoenixError):
            return await turn_back(
                self.rooms, session, experiment, Phase.FAILED, now=now, reason=seen.message, cause=seen
            )
        fleet, composed = self.rooms.fleet, seen.composed
        revision = await fleet.register(
            session, composed, purpose=Purpose.EXPERIMENT, experiment=experiment.id, now=now
        )
        await self.rooms.metering.open_meter(session, experiment.id, seen.meter)
        reason = f"experiment {experiment.id}"
        await fleet.set_desired(session, experiment.host_ids, revision.id, reason=reason, now=now)
        prepared = replace(experiment, revision=revision.id, paired=Paired.of(composed, boundary_of(composed.text)))
        until = now + timedelta(seconds=experiment.deploy_seconds)
        deploying = prepared.moved_to(Phase.DEPLOYING, now).until(until)
        return await self.rooms.journal.move(session, experiment, deploying, now=now, reason="the config is checked")
