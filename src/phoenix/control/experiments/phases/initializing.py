"""Initializing: make the config of both arms, have it checked, open the meter, and say what the hosts should run."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.experiments.judging.candidate import boundary_of
from phoenix.control.experiments.making.composing import Prepared, prepare
from phoenix.control.experiments.model import Experiment, Paired, Phase
from phoenix.control.experiments.phases.step import turn_back
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Purpose
from phoenix.core.errors import PhoenixError, UnavailableError
from phoenix.core.ids import HostId
from phoenix.core.units import NANOSECONDS

# A rate needs two reports; collectors that report are waited for, not those that do not.
_RATE: Final = 2
_REPORTS_WAITED_FOR: Final = 3

_Readings = dict[HostId, tuple[OwnReading, ...]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A config that is checked, and what the collectors were like before it."""

    prepared: Prepared
    before: _Readings


@dataclass(frozen=True, slots=True)
class Initializing:
    """Everything it does commits at once, so after a crash it begins anew and nothing is half done."""

    rooms: Rooms

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Ready | PhoenixError | None:
        """Return the config, or why there is none; None while collectors have not said what they are like before.

        What may pass by itself is raised, and tried again.
        """
        before = {host: await self._before(session, host, now) for host in experiment.host_ids}
        waited = now - experiment.phase_at
        patience = timedelta(seconds=_REPORTS_WAITED_FOR * self.rooms.endpoint.own_interval_seconds)
        if timedelta(0) <= waited < patience and any(len(readings) < _RATE for readings in before.values()):
            return None
        try:
            prepared = await prepare(self.rooms, session, experiment.design, experiment=experiment.id, now=now)
            return Ready(prepared, before)
        except UnavailableError:
            raise
        except PhoenixError as error:
            return error

    async def act(
        self, session: AsyncSession, experiment: Experiment, seen: Ready | PhoenixError | None, now: datetime
    ) -> Experiment:
        """Register the config and make it what the hosts should run."""
        if seen is None:
            return replace(experiment, waiting="Waiting for the collectors to report what they use before.")
        if isinstance(seen, PhoenixError):
            return await turn_back(
                self.rooms, session, experiment, Phase.FAILED, now=now, reason=seen.message, cause=seen
            )
        fleet, composed = self.rooms.fleet, seen.prepared.composed
        revision = await fleet.register(
            session, composed, purpose=Purpose.EXPERIMENT, experiment=experiment.id, now=now
        )
        await self.rooms.metering.open_meter(session, experiment.id, seen.prepared.meter)
        reason = f"experiment {experiment.id}"
        await fleet.set_desired(session, experiment.host_ids, revision.id, reason=reason, now=now)
        prepared = replace(
            experiment, revision=revision.id, paired=Paired.of(composed, boundary_of(composed.text)), before=seen.before
        )
        until = now + timedelta(seconds=experiment.deploy_seconds)
        deploying = prepared.moved_to(Phase.DEPLOYING, now).until(until)
        return await self.rooms.journal.move(session, experiment, deploying, now=now, reason="the config is checked")

    async def _before(self, session: AsyncSession, host: HostId, now: datetime) -> tuple[OwnReading, ...]:
        """Return the latest reports of a host's collector, under the config that it reported last."""
        limits = self.rooms.limits
        since = round((now - timedelta(seconds=limits.before_seconds)).timestamp() * NANOSECONDS)
        readings = await self.rooms.metering.own_readings(session, host, since)
        same = [reading for reading in readings if reading.revision == readings[-1].revision]
        return tuple(same[-limits.before_reports :])
