"""The SQL of experiments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from phoenix.collector.compose.model import Arm
from phoenix.collector.own_metrics.model import ExporterCounts, OwnReading, ProcessorCounts, ReceiverCounts
from phoenix.control.experiments.errors import ExperimentNotFoundError
from phoenix.control.experiments.model import (
    Cause,
    Design,
    Experiment,
    Paired,
    Participant,
    Phase,
    Resolution,
    Transition,
    Verdict,
)
from phoenix.control.experiments.tables import ExperimentRow, ParticipantRow, TransitionRow
from phoenix.core.ids import ExperimentId, HostId, PipelineVersionId, RevisionId
from phoenix.decide.arms.model import Boundary


class ExperimentRepository:
    """Experiments with their hosts."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, experiment: str, *, locked: bool = False) -> Experiment:
        """Return an experiment; with `locked`, one that nobody else changes before this transaction ends.

        Raises:
            ExperimentNotFoundError: there is none.
        """
        statement = select(ExperimentRow).where(ExperimentRow.id == experiment)
        row = (await self._session.scalars(statement.with_for_update() if locked else statement)).one_or_none()
        if row is None:
            raise ExperimentNotFoundError(f"there is no experiment {experiment!r}", experiment=experiment)
        return _experiment(row, (await self._participants([row.id])).get(row.id, ()))

    async def select(
        self,
        *,
        namespace: str | None = None,
        phases: Collection[Phase] = (),
        before: str | None = None,
        limit: int = 50,
    ) -> list[Experiment]:
        """Return experiments, the newest first: of a namespace, in some phases, older than the id `before`."""
        statement = select(ExperimentRow).order_by(ExperimentRow.id.desc()).limit(limit)
        if namespace is not None:
            statement = statement.where(ExperimentRow.namespace == namespace)
        if phases:
            statement = statement.where(ExperimentRow.phase.in_(sorted(phase.value for phase in phases)))
        if before is not None:
            statement = statement.where(ExperimentRow.id < before)
        rows = list(await self._session.scalars(statement))
        hosts = await self._participants([row.id for row in rows])
        return [_experiment(row, hosts.get(row.id, ())) for row in rows]

    async def ids(self, phases: Collection[Phase]) -> list[ExperimentId]:
        """Return the ids of all experiments in some phases, the oldest first."""
        statement = select(ExperimentRow.id).where(ExperimentRow.phase.in_(sorted(phase.value for phase in phases)))
        return [ExperimentId(found) for found in await self._session.scalars(statement.order_by(ExperimentRow.id))]

    async def latest_on(self, hosts: Collection[HostId], *, limit: int = 5) -> list[ExperimentId]:
        """Return the latest experiments that any of these hosts took part in."""
        statement = (
            select(ParticipantRow.experiment_id)
            .where(ParticipantRow.host_id.in_(sorted(hosts)))
            .distinct()
            .order_by(ParticipantRow.experiment_id.desc())
            .limit(limit)
        )
        return [ExperimentId(found) for found in await self._session.scalars(statement)]

    async def add(self, experiment: Experiment) -> None:
        """Store a new experiment."""
        self._session.add(ExperimentRow(id=experiment.id, **_values(experiment)))
        await self._session.flush()
        await self._store_hosts(experiment)

    async def save(self, experiment: Experiment, *, hosts_changed: bool = False) -> None:
        """Store what changed of an experiment."""
        row = await self._session.get_one(ExperimentRow, experiment.id)
        for name, value in _values(experiment).items():
            setattr(row, name, value)
        await self._session.flush()
        if hosts_changed:
            await self._store_hosts(experiment)

    async def record(self, transition: Transition) -> None:
        """Store a change of phase."""
        self._session.add(
            TransitionRow(
                experiment_id=transition.experiment,
                attempt=transition.attempt,
                at=transition.at,
                source=transition.source.value,
                target=transition.target.value,
                reason=transition.reason,
            )
        )
        await self._session.flush()

    async def transitions(self, experiment: ExperimentId) -> list[Transition]:
        """Return the changes of phase of an experiment, the oldest first."""
        statement = select(TransitionRow).where(TransitionRow.experiment_id == experiment).order_by(TransitionRow.id)
        return [
            Transition(experiment, row.attempt, row.at, Phase(row.source), Phase(row.target), row.reason)
            for row in await self._session.scalars(statement)
        ]

    async def _store_hosts(self, experiment: Experiment) -> None:
        await self._session.execute(delete(ParticipantRow).where(ParticipantRow.experiment_id == experiment.id))
        self._session.add_all(
            ParticipantRow(experiment_id=experiment.id, host_id=it.host, name=it.name, since=it.since, note=it.note)
            for it in experiment.hosts
        )
        await self._session.flush()

    async def _participants(self, experiments: Sequence[str]) -> dict[str, tuple[Participant, ...]]:
        statement = select(ParticipantRow).where(ParticipantRow.experiment_id.in_(experiments))
        found: dict[str, list[Participant]] = {}
        for row in await self._session.scalars(statement.order_by(ParticipantRow.name, ParticipantRow.host_id)):
            participant = Participant(HostId(row.host_id), row.name, row.since, row.note)
            found.setdefault(row.experiment_id, []).append(participant)
        return {experiment: tuple(participants) for experiment, participants in found.items()}


def _values(experiment: Experiment) -> dict[str, Any]:
    return {
        "name": experiment.design.name,
        "namespace": experiment.design.namespace,
        "design": _plain(asdict(experiment.design)),
        "created_at": experiment.created_at,
        "created_by": experiment.created_by,
        "phase": experiment.phase.value,
        "phase_at": experiment.phase_at,
        "attempt": experiment.attempt,
        "revision": experiment.revision,
        "paired": None if experiment.paired is None else _plain(asdict(experiment.paired)),
        "before": {host: [_plain(asdict(it)) for it in readings] for host, readings in experiment.before.items()},
        "left_out": dict(experiment.left_out),
        "ending": None if experiment.ending is None else experiment.ending.value,
        "reason": experiment.reason,
        "cause": None if experiment.cause is None else experiment.cause.as_dict(),
        "waiting": experiment.waiting,
        "deadline": experiment.deadline,
        "stepped_at": experiment.stepped_at,
        "deploy_seconds": experiment.deploy_seconds,
        "guardrails": [dict(one) for one in experiment.guardrails],
        "progress": dict(experiment.progress),
        "result": None if experiment.result is None else dict(experiment.result),
        "started_at": experiment.started_at,
        "ended_at": experiment.ended_at,
        "verdict": None if experiment.verdict is None else experiment.verdict.value,
        "resolution": None if experiment.resolution is None else experiment.resolution.value,
    }


def _plain(value: Any) -> Any:
    """Return a value of mappings, lists and scalars only."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _experiment(row: ExperimentRow, hosts: tuple[Participant, ...]) -> Experiment:
    return Experiment(
        id=ExperimentId(row.id),
        design=_design(row.design),
        created_at=row.created_at,
        created_by=row.created_by,
        phase=Phase(row.phase),
        phase_at=row.phase_at,
        attempt=row.attempt,
        revision=None if row.revision is None else RevisionId(row.revision),
        paired=None if row.paired is None else _paired(row.paired),
        hosts=hosts,
        before={HostId(host): tuple(map(_reading, stored)) for host, stored in row.before.items()},
        left_out=row.left_out,
        ending=None if row.ending is None else Phase(row.ending),
        reason=row.reason,
        cause=None if row.cause is None else Cause(**row.cause),
        waiting=row.waiting,
        deadline=row.deadline,
        stepped_at=row.stepped_at,
        deploy_seconds=row.deploy_seconds,
        guardrails=tuple(row.guardrails),
        progress=row.progress,
        result=row.result,
        started_at=row.started_at,
        ended_at=row.ended_at,
        verdict=None if row.verdict is None else Verdict(row.verdict),
        resolution=None if row.resolution is None else Resolution(row.resolution),
    )


def _design(stored: Mapping[str, Any]) -> Design:
    typed = {
        "baseline": PipelineVersionId(stored["baseline"]),
        "candidate": PipelineVersionId(stored["candidate"]),
        "critical": tuple(stored["critical"]),
    }
    return Design(**{**stored, **typed})


def _reading(stored: Mapping[str, Any]) -> OwnReading:
    counts = {
        "receivers": {name: ReceiverCounts(**counted) for name, counted in stored["receivers"].items()},
        "exporters": {name: ExporterCounts(**counted) for name, counted in stored["exporters"].items()},
        "processors": {name: ProcessorCounts(**counted) for name, counted in stored["processors"].items()},
    }
    return OwnReading(**{**stored, **counts})


def _paired(stored: Mapping[str, Any]) -> Paired:
    return Paired(
        exporters=tuple(stored["exporters"]),
        receivers=tuple(stored["receivers"]),
        processors={Arm(arm): tuple(ids) for arm, ids in stored["processors"].items()},
        unpaired=tuple(stored["unpaired"]),
        notes=tuple(stored["notes"]),
        boundary=Boundary(tuple(stored["boundary"]["receivers"]), stored["boundary"]["processor"]),
    )
