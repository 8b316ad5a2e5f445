"""What a phase does in one step: look first, then change something in one short transaction."""

from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.audit import service as audit
from phoenix.control.events import service as events
from phoenix.control.experiments.errors import GuardrailTrippedError
from phoenix.control.experiments.model import Experiment, Phase
from phoenix.control.experiments.rooms import Rooms
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import HostId
from phoenix.decide.arms.guardrails.model import Guardrail

Seen = TypeVar("Seen")


class PhaseStep(Protocol[Seen]):
    """One phase. Both halves may be called again after a crash at any point: what counts is in the database."""

    async def look(self, session: AsyncSession, experiment: Experiment, now: datetime) -> Seen:
        """Return what `act` needs. May take long; changes nothing."""
        ...

    async def act(self, session: AsyncSession, experiment: Experiment, seen: Seen, now: datetime) -> Experiment:
        """Change what is to be changed and return the experiment as it is then. Short; all of it or nothing commits."""
        ...


async def turn_back(
    rooms: Rooms,
    session: AsyncSession,
    experiment: Experiment,
    ending: Phase,
    *,
    now: datetime,
    reason: str,
    cause: PhoenixError | None = None,
    actor: str = audit.PHOENIX,
) -> Experiment:
    """Send the hosts back to their verified config and the experiment on its way to `ending`."""
    until = now + timedelta(seconds=rooms.limits.restore_seconds)
    back = experiment.restoring_to(ending, now, reason=reason, cause=cause).until(until)
    touched = () if experiment.revision is None else experiment.host_ids
    if touched:
        await rooms.fleet.restore(session, touched, reason=_host_reason(experiment, reason), now=now)
    return await rooms.journal.move(session, experiment, back, now=now, reason=reason, actor=actor)


async def stopped(
    rooms: Rooms, session: AsyncSession, experiment: Experiment, guardrail: Guardrail, now: datetime
) -> Experiment:
    """Turn back because a guardrail tripped."""
    await events.emit(session, "experiment.guardrail_tripped", experiment.id, guardrail.as_dict(), now)
    error = GuardrailTrippedError(f"guardrail {guardrail.name}: {guardrail.reason}", guardrail=guardrail.as_dict())
    return await turn_back(rooms, session, experiment, Phase.FAILED, now=now, reason=error.message, cause=error)


def overdue(experiment: Experiment, now: datetime) -> bool:
    """Return whether the phase has lasted as long as it may."""
    return experiment.deadline is not None and now >= experiment.deadline


def names(experiment: Experiment, hosts: set[HostId]) -> str:
    """Return hosts as people call them, for a sentence."""
    return ", ".join(participant.name for participant in experiment.hosts if participant.host in hosts)


def _host_reason(experiment: Experiment, reason: str) -> str:
    return f"experiment {experiment.id} ended: {reason}"
