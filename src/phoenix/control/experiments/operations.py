"""What the API does with experiments."""

from dataclasses import dataclass

from phoenix.control.claims.errors import OverlapError
from phoenix.control.experiments.errors import (
    CriticalUnmatchedError,
    ExperimentInvalidError,
    ExperimentNotFoundError,
    IllegalTransitionError,
    NodesNotFoundError,
    NoResultError,
    NotPromotableError,
    TrafficSplitError,
)
from phoenix.control.experiments.schemas import (
    ComparisonSchema,
    ExperimentCreate,
    ExperimentCreated,
    ExperimentList,
    ExperimentListRequest,
    ExperimentMetrics,
    ExperimentPromote,
    ExperimentRef,
    ExperimentRetry,
    ExperimentSchema,
    ExperimentStatus,
    ExperimentStop,
    PlanSchema,
    TransitionSchema,
    WindowSchema,
)
from phoenix.control.experiments.service import Experiments
from phoenix.control.fleet.errors import ConfigRefusedError, SelectorInvalidError
from phoenix.control.pipelines.errors import PipelineNotFoundError
from phoenix.core.ids import ExperimentId
from phoenix.edge.operation import Call, Operation

_CREATE_ERRORS = (
    ExperimentInvalidError,
    TrafficSplitError,
    CriticalUnmatchedError,
    SelectorInvalidError,
    NodesNotFoundError,
    PipelineNotFoundError,
    ConfigRefusedError,
    OverlapError,
)
_BEGIN_ERRORS = (ExperimentNotFoundError, IllegalTransitionError, NodesNotFoundError, OverlapError)


def operations(experiments: Experiments) -> tuple[Operation, ...]:
    """Return the operations on experiments."""
    calls = _Calls(experiments)
    return (*_changing(calls), *_reading(calls))


@dataclass(frozen=True, slots=True)
class _Calls:
    """From the wire to the service and back."""

    experiments: Experiments

    async def create(self, call: Call, request: ExperimentCreate) -> ExperimentCreated:
        wanted = request.wanted(self.experiments.rooms.limits)
        actor, now = call.principal.id, call.now
        if request.dry_run:
            plan = await self.experiments.plan(call.session, wanted, actor=actor, now=now)
            return ExperimentCreated(experiment=None, plan=PlanSchema.of(plan))
        experiment, plan = await self.experiments.create(call.session, wanted, actor=actor, now=now)
        if request.start:
            experiment = await self.experiments.start(call.session, experiment.id, actor=actor, now=now)
        return ExperimentCreated(experiment=ExperimentSchema.shown(experiment), plan=PlanSchema.of(plan))

    async def start(self, call: Call, request: ExperimentRef) -> ExperimentSchema:
        started = await self.experiments.start(
            call.session, request.experiment_id, actor=call.principal.id, now=call.now
        )
        return ExperimentSchema.shown(started)

    async def stop(self, call: Call, request: ExperimentStop) -> ExperimentSchema:
        stopped = await self.experiments.stop(
            call.session, request.experiment_id, reason=request.reason, actor=call.principal.id, now=call.now
        )
        return ExperimentSchema.shown(stopped)

    async def retry(self, call: Call, request: ExperimentRetry) -> ExperimentSchema:
        again = await self.experiments.retry(
            call.session,
            request.experiment_id,
            actor=call.principal.id,
            now=call.now,
            deploy_seconds=request.timeout_seconds,
        )
        return ExperimentSchema.shown(again)

    async def promote(self, call: Call, request: ExperimentPromote) -> ExperimentSchema:
        promoted = await self.experiments.promote(
            call.session, request.experiment_id, reason=request.reason, actor=call.principal.id, now=call.now
        )
        return ExperimentSchema.shown(promoted)

    async def list_(self, call: Call, request: ExperimentListRequest) -> ExperimentList:
        found = await self.experiments.select(
            call.session,
            namespace=request.namespace,
            phases=() if request.phase is None else (request.phase,),
            before=request.before,
            limit=request.limit,
        )
        more = found[-1].id if len(found) == request.limit else None
        return ExperimentList(items=tuple(map(ExperimentSchema.shown, found)), next_before=more)

    async def get(self, call: Call, request: ExperimentRef) -> ExperimentSchema:
        return ExperimentSchema.shown(await self.experiments.get(call.session, request.experiment_id))

    async def status(self, call: Call, request: ExperimentRef) -> ExperimentStatus:
        experiment = await self.experiments.get(call.session, request.experiment_id)
        history = await self.experiments.history(call.session, experiment.id)
        return ExperimentStatus.of(experiment, history=tuple(map(TransitionSchema.of, history)))

    async def metrics(self, call: Call, request: ExperimentRef) -> ExperimentMetrics:
        windows = await self.experiments.metrics(call.session, request.experiment_id)
        items = tuple(WindowSchema.model_validate(window) for window in windows)
        return ExperimentMetrics(experiment_id=ExperimentId(request.experiment_id), items=items)

    async def compare(self, call: Call, request: ExperimentRef) -> ComparisonSchema:
        return ComparisonSchema.model_validate(await self.experiments.compare(call.session, request.experiment_id))


def _changing(calls: _Calls) -> tuple[Operation, ...]:
    return (
        Operation(
            name="experiments.create",
            summary="Make an experiment of two pipelines on the same hosts and stream, or say what it would do.",
            method="POST",
            path="/experiments",
            scope="experiments:write",
            request=ExperimentCreate,
            response=ExperimentCreated,
            call=calls.create,
            errors=_CREATE_ERRORS,
            status=201,
        ),
        Operation(
            name="experiments.start",
            summary="Claim the hosts of an experiment and begin.",
            method="POST",
            path="/experiments/{experiment_id}/start",
            scope="experiments:write",
            request=ExperimentRef,
            response=ExperimentSchema,
            call=calls.start,
            errors=_BEGIN_ERRORS,
        ),
        Operation(
            name="experiments.stop",
            summary="End an experiment; it is cancelled once its hosts run their verified config again.",
            method="POST",
            path="/experiments/{experiment_id}/stop",
            scope="experiments:write",
            request=ExperimentStop,
            response=ExperimentSchema,
            call=calls.stop,
            errors=(ExperimentNotFoundError, IllegalTransitionError),
        ),
        Operation(
            name="experiments.retry",
            summary="Begin an experiment that failed or was cancelled again, under a new config revision.",
            method="POST",
            path="/experiments/{experiment_id}/retry",
            scope="experiments:write",
            request=ExperimentRetry,
            response=ExperimentSchema,
            call=calls.retry,
            errors=_BEGIN_ERRORS,
        ),
        Operation(
            name="experiments.promote",
            summary="Make the candidate of a completed experiment what its hosts run.",
            method="POST",
            path="/experiments/{experiment_id}/promote",
            scope="deployments:write",
            request=ExperimentPromote,
            response=ExperimentSchema,
            call=calls.promote,
            errors=(ExperimentNotFoundError, NotPromotableError, ConfigRefusedError, OverlapError),
        ),
    )


def _reading(calls: _Calls) -> tuple[Operation, ...]:
    return (
        Operation(
            name="experiments.list",
            summary="List experiments, the newest first.",
            method="GET",
            path="/experiments",
            scope="experiments:read",
            request=ExperimentListRequest,
            response=ExperimentList,
            call=calls.list_,
        ),
        Operation(
            name="experiments.get",
            summary="Show an experiment.",
            method="GET",
            path="/experiments/{experiment_id}",
            scope="experiments:read",
            request=ExperimentRef,
            response=ExperimentSchema,
            call=calls.get,
            errors=(ExperimentNotFoundError,),
        ),
        Operation(
            name="experiments.status",
            summary="Show how far an experiment has come: phase, windows, guardrails, history.",
            method="GET",
            path="/experiments/{experiment_id}/status",
            scope="experiments:read",
            request=ExperimentRef,
            response=ExperimentStatus,
            call=calls.status,
            errors=(ExperimentNotFoundError,),
        ),
        Operation(
            name="experiments.metrics",
            summary="Show every window of both arms, or why it is no data.",
            method="GET",
            path="/experiments/{experiment_id}/metrics",
            scope="experiments:read",
            request=ExperimentRef,
            response=ExperimentMetrics,
            call=calls.metrics,
            errors=(ExperimentNotFoundError,),
        ),
        Operation(
            name="experiments.compare",
            summary="Compare both arms: what is saved beside what is lost.",
            method="GET",
            path="/experiments/{experiment_id}/compare",
            scope="experiments:read",
            request=ExperimentRef,
            response=ComparisonSchema,
            call=calls.compare,
            errors=(ExperimentNotFoundError, NoResultError),
        ),
    )
