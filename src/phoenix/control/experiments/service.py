"""Experiments as users see them: create, start, stop, retry, promote, and what was measured.

The caller owns the transaction. What takes time is done by the reconcile loop (`reconcile`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.control.audit import service as audit
from phoenix.control.claims import service as claims
from phoenix.control.claims.model import ClaimKind
from phoenix.control.events import service as events
from phoenix.control.experiments.errors import NoResultError
from phoenix.control.experiments.judging.comparing import comparison_document
from phoenix.control.experiments.judging.watching import judge_now
from phoenix.control.experiments.making.planning import Plan, plan, select_hosts
from phoenix.control.experiments.making.promoting import promote
from phoenix.control.experiments.making.wanted import Wanted
from phoenix.control.experiments.model import (
    EXPERIMENT_PREFIX,
    Design,
    Experiment,
    Participant,
    Phase,
    Transition,
)
from phoenix.control.experiments.phases.step import turn_back
from phoenix.control.experiments.repository import ExperimentRepository
from phoenix.control.experiments.rooms import Rooms
from phoenix.core.ids import ExperimentId, new_id
from phoenix.decide.arms.comparison import windows_as_dicts


@dataclass(frozen=True, slots=True)
class Experiments:
    """The feature's service. Made once by `server`."""

    rooms: Rooms

    async def plan(self, session: AsyncSession, wanted: Wanted, *, actor: str, now: datetime) -> Plan:
        """Return what an experiment would do; nothing is kept. Raises as `create`."""
        async with session.begin_nested() as thrown_away:
            made = await plan(self.rooms, session, await self._design(session, wanted, actor=actor, now=now), now=now)
            await thrown_away.rollback()
        return made

    async def create(
        self, session: AsyncSession, wanted: Wanted, *, actor: str, now: datetime
    ) -> tuple[Experiment, Plan]:
        """Make an experiment that waits to be started, and say what it will do.

        Raises:
            ExperimentInvalidError: a field does not fit.
            PipelineNotFoundError: there is no such pipeline.
            NodesNotFoundError: no host that can take part matches the selector.
            CriticalUnmatchedError: a critical pattern matches nothing known, and may not.
            ComposeError, ConfigRefusedError: the two pipelines cannot be one config that the collector accepts.
        """
        design = await self._design(session, wanted, actor=actor, now=now)
        made = await plan(self.rooms, session, design, now=now)
        experiment = Experiment(
            id=ExperimentId(new_id(EXPERIMENT_PREFIX, now)),
            design=design,
            created_at=now,
            created_by=actor,
            phase=Phase.PENDING,
            phase_at=now,
            deploy_seconds=self.rooms.limits.deploy_seconds,
        )
        await ExperimentRepository(session).add(experiment)
        about = {"baseline": design.baseline, "candidate": design.candidate, "target_nodes": design.target_nodes}
        await events.emit(session, "experiment.created", experiment.id, about, now)
        await audit.record(session, "experiment.created", actor=actor, subject=experiment.id, now=now, after=about)
        return experiment, made

    async def get(self, session: AsyncSession, experiment_id: str) -> Experiment:
        """Return an experiment.

        Raises:
            ExperimentNotFoundError: there is none.
        """
        return await ExperimentRepository(session).get(experiment_id)

    async def select(
        self,
        session: AsyncSession,
        *,
        namespace: str | None = None,
        phases: Collection[Phase] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> list[Experiment]:
        """Return experiments, the newest first; `before` is the last id of the page before."""
        return await ExperimentRepository(session).select(
            namespace=namespace, phases=phases, before=before, limit=limit
        )

    async def history(self, session: AsyncSession, experiment_id: ExperimentId) -> list[Transition]:
        """Return the changes of phase, the oldest first."""
        return await ExperimentRepository(session).transitions(experiment_id)

    async def start(self, session: AsyncSession, experiment_id: str, *, actor: str, now: datetime) -> Experiment:
        """Claim the hosts and begin.

        Raises:
            IllegalTransitionError: it was started already.
            NodesNotFoundError: no host that can take part matches the selector now.
            OverlapError: another experiment has some of the hosts.
        """
        experiment = await ExperimentRepository(session).get(experiment_id, locked=True)
        begun = replace(experiment.moved_to(Phase.INITIALIZING, now), started_at=now)
        return await self._begin(session, experiment, begun, actor=actor, now=now)

    async def retry(
        self,
        session: AsyncSession,
        experiment_id: str,
        *,
        actor: str,
        now: datetime,
        deploy_seconds: float | None = None,
    ) -> Experiment:
        """Begin an experiment that failed or was cancelled again: composed anew, under a revision of its own.

        `deploy_seconds` is a new limit for the time until every host has proved the config. Raises as `start`.
        """
        experiment = await ExperimentRepository(session).get(experiment_id, locked=True)
        again = experiment.tried_again(now)
        if deploy_seconds is not None:
            again = replace(again, deploy_seconds=deploy_seconds)
        return await self._begin(session, experiment, again, actor=actor, now=now)

    async def stop(
        self, session: AsyncSession, experiment_id: str, *, reason: str, actor: str, now: datetime
    ) -> Experiment:
        """End an experiment; it is cancelled once its hosts are back. One that is on its way back already goes on.

        What was measured is compared then: it takes long, and here everybody who writes would wait for it.

        Raises:
            IllegalTransitionError: it has ended.
        """
        experiment = await ExperimentRepository(session).get(experiment_id, locked=True)
        if experiment.phase is Phase.RESTORING:
            return experiment
        return await turn_back(
            self.rooms, session, experiment, Phase.CANCELLED, now=now, reason=reason or "stopped", actor=actor
        )

    async def promote(
        self, session: AsyncSession, experiment_id: str, *, reason: str, actor: str, now: datetime
    ) -> Experiment:
        """Make the candidate what every host of a completed experiment should run, with the baseline's exporters.

        Raises:
            NotPromotableError: it is not completed, or was promoted already.
            OverlapError: another experiment has some of the hosts.
            ComposeError, ConfigRefusedError: the candidate cannot run with the baseline's exporters.
        """
        experiment = await ExperimentRepository(session).get(experiment_id, locked=True)
        return await promote(self.rooms, session, experiment, reason=reason, actor=actor, now=now)

    async def compare(self, session: AsyncSession, experiment_id: str) -> Mapping[str, Any]:
        """Return the comparison: as it is now while it runs, as it was kept after (`comparing`).

        Raises:
            NoResultError: nothing was measured yet, or ever.
        """
        experiment = await self.get(session, experiment_id)
        if experiment.result is not None:
            return experiment.result
        judgement = await judge_now(self.rooms, session, experiment)
        if not judgement.pairing.pairs:
            raise NoResultError(
                f"experiment {experiment.id} is {experiment.phase.value} and no window was completed by both arms",
                phase=experiment.phase.value,
            )
        return comparison_document(experiment, judgement)

    async def metrics(self, session: AsyncSession, experiment_id: str) -> list[dict[str, Any]]:
        """Return every window of every host by start: what each arm held, or why it is no data."""
        experiment = await self.get(session, experiment_id)
        return windows_as_dicts((await judge_now(self.rooms, session, experiment)).pairing)

    async def _design(self, session: AsyncSession, wanted: Wanted, *, actor: str, now: datetime) -> Design:
        wanted.check()
        pipelines = self.rooms.pipelines
        baseline = await pipelines.resolve(session, wanted.baseline_pipeline, actor=actor, now=now)
        candidate = await pipelines.resolve(
            session, wanted.candidate_pipeline, actor=actor, now=now, parameters=wanted.overrides or None
        )
        return wanted.design(baseline, candidate)

    async def _begin(
        self, session: AsyncSession, before: Experiment, after: Experiment, *, actor: str, now: datetime
    ) -> Experiment:
        selected = await select_hosts(self.rooms, session, before.design.target_nodes)
        ids = [host.id for host in selected.hosts]
        await claims.claim(session, before.id, ids, ClaimKind.EXPERIMENT, now)
        earlier = await self.rooms.metering.reached(session, before.id)
        hosts = tuple(Participant(host.id, host.name, earlier.get(host.id, 0)) for host in selected.hosts)
        begun = replace(after, hosts=hosts, left_out=dict(selected.left_out))
        reason = "started" if begun.attempt == 1 else f"attempt {begun.attempt}"
        return await self.rooms.journal.move(
            session, before, begun, now=now, actor=actor, reason=reason, hosts_changed=True
        )
