"""Restoring: wait until the hosts prove what they ran before, then say how the experiment ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.claims import service as claims
from phoenix.control.experiments.judging.comparing import comparison_document
from phoenix.control.experiments.judging.watching import judge_now
from phoenix.control.experiments.model import Experiment, Phase, Resolution
from phoenix.control.experiments.phases.step import names, overdue
from phoenix.control.experiments.rooms import Rooms
from phoenix.control.fleet.model import Host
from phoenix.core.ids import HostId

_AWAY = "It had not proved its verified config when the experiment ended; it is still to run it when it comes back."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Seen:
    """The hosts that are not back, whether that may be the end, and what was measured."""

    away: frozenset[HostId]
    over: bool
    result: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Restoring:
    """Ends an experiment. What its hosts should run was said when it turned back."""

    rooms: Rooms

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Seen:
        """Return the hosts, and at the end what was measured, if nobody compared it before."""
        hosts = await self.rooms.fleet.many(session, experiment.host_ids)
        away = frozenset(host.id for host in hosts if not _is_back(experiment, host))
        over = not away or overdue(experiment, now)
        # One that failed kept what it had then.
        stopped = experiment.ending is Phase.CANCELLED and experiment.revision is not None and experiment.result is None
        return Seen(away, over, await self._compared(session, experiment) if over and stopped else None)

    async def act(self, session: AsyncSession, experiment: Experiment, seen: Seen, now: datetime) -> Experiment:
        """End the experiment when the hosts are back or were waited for long enough; else say who is waited for."""
        away = set(seen.away)
        # Looking knows nothing of a clock that was set meanwhile.
        if not seen.over or (away and not overdue(experiment, now)):
            return replace(experiment, waiting=f"Waiting for the verified config on {names(experiment, away)}.")
        compared = experiment if seen.result is None else replace(experiment, result=seen.result)
        return await self._ended(session, compared, away, now)

    async def _compared(self, session: AsyncSession, experiment: Experiment) -> Mapping[str, Any] | None:
        """Return the comparison of an experiment that was stopped; it takes long, so not where it is stopped."""
        try:
            judgement = await judge_now(self.rooms, session, experiment)
        except Exception as error:  # noqa: BLE001 - it must end, and its claims with it
            _log.exception("a stopped experiment could not be compared", experiment=experiment.id, error=repr(error))
            return None
        return comparison_document(experiment, judgement) if judgement.pairing.pairs else None

    async def _ended(
        self, session: AsyncSession, experiment: Experiment, away: set[HostId], now: datetime
    ) -> Experiment:
        ending = experiment.ending or Phase.FAILED
        reason = experiment.reason
        if away:
            reason = f"{reason}. Not back yet: {names(experiment, away)}"
        ended = replace(
            experiment.moved_to(ending, now),
            hosts=tuple(replace(it, note=_AWAY if it.host in away else "") for it in experiment.hosts),
            reason=reason,
            resolution=Resolution.BASELINE_KEPT if ending is Phase.COMPLETED else None,
            result=None if experiment.result is None else _with_phase(experiment.result, ending),
        )
        if experiment.revision is not None:
            await self.rooms.metering.close_meter(session, experiment.id, now)
        await claims.release(session, experiment.id)
        return await self.rooms.journal.move(session, experiment, ended, now=now, reason=reason, hosts_changed=True)


def _is_back(experiment: Experiment, host: Host) -> bool:
    if experiment.revision is None:
        return True
    return host.desired != experiment.revision and host.proved is not None and host.proved == host.desired


def _with_phase(result: Mapping[str, Any], phase: Phase) -> dict[str, Any]:
    return {**result, "experiment": {**result["experiment"], "phase": phase.value}}
