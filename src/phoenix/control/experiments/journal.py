"""Writes a change of an experiment down everywhere it belongs: row, history, audit log, outbox, counters."""

from datetime import datetime

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.audit import service as audit
from phoenix.control.events import service as events
from phoenix.control.experiments.counters import ExperimentCounters
from phoenix.control.experiments.model import Experiment, Transition
from phoenix.control.experiments.repository import ExperimentRepository


class Journal:
    """Keeps the record of experiments. Everything is part of the caller's transaction; counters follow its commit."""

    def __init__(self, counters: ExperimentCounters) -> None:
        self._counters = counters

    async def move(
        self,
        session: AsyncSession,
        before: Experiment,
        after: Experiment,
        *,
        now: datetime,
        actor: str = audit.PHOENIX,
        reason: str = "",
        hosts_changed: bool = False,
    ) -> Experiment:
        """Store an experiment whose phase changed, and return it."""
        repository = ExperimentRepository(session)
        await repository.save(after, hosts_changed=hosts_changed)
        await repository.record(Transition(after.id, after.attempt, now, before.phase, after.phase, reason))
        change = {"from": before.phase.value, "to": after.phase.value}
        await events.emit(session, "experiment.phase_changed", after.id, {**change, "reason": reason}, now)
        await audit.record(
            session,
            f"experiment.{after.phase.value}",
            actor=actor,
            subject=after.id,
            now=now,
            reason=reason,
            before={"phase": before.phase.value},
            after={"phase": after.phase.value},
        )

        def count(_: object) -> None:
            self._counters.moved(before.phase, after)

        event.listen(session.sync_session, "after_commit", count, once=True)
        return after
