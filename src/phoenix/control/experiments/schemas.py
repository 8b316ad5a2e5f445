"""Experiments as they go over the wire (spec C1)."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field

from phoenix.control.experiments.errors import TrafficSplitError
from phoenix.control.experiments.limits import ExperimentLimits
from phoenix.control.experiments.making.planning import Plan, plan_document
from phoenix.control.experiments.making.wanted import Wanted
from phoenix.control.experiments.model import Cause, Experiment, Participant, Phase, Resolution, Transition, Verdict
from phoenix.edge.operation import Schema

_Name = Annotated[str, Field(max_length=200)]


class ExperimentCreate(Schema):
    """An experiment to make."""

    baseline_pipeline: Annotated[_Name, Field(description="What runs today: NAME, NAME@3, an id, or a template.")]
    candidate_pipeline: Annotated[_Name, Field(description="What might replace it.")]
    target_nodes: Annotated[
        str, Field(max_length=4096, description="Selector of hosts: `app=web`, `tier in (a,b)`, `!old`; empty: all.")
    ] = ""
    critical_processes: Annotated[
        tuple[_Name, ...] | None,
        Field(
            description="Processes that must be kept: a name, an expression, or attribute=expression. "
            "Unless said, the server's setting, else the catalogue's list, of which any may match nothing."
        ),
    ] = None
    config_overrides: Annotated[
        dict[str, Any], Field(description="Parameters of the candidate, where it is a template.")
    ] = Field(default_factory=dict)
    name: Annotated[_Name, Field(description="Empty: made of the pipelines' names.")] = ""
    namespace: Annotated[str, Field(min_length=1, max_length=64)] = "default"
    windows: Annotated[int, Field(description="How many windows every host gives.")] = 10
    window_seconds: Annotated[
        float | None, Field(description="Width of a window; the server's setting unless said.")
    ] = None
    warm_up: Annotated[int, Field(description="Windows left out after each start of the collector.")] = 1
    duration_seconds: Annotated[float | None, Field(description="The longest time to measure.")] = None
    min_cost_reduction: Annotated[float | None, Field(description="Success criterion, percent.")] = None
    max_data_loss: Annotated[float | None, Field(description="Success criterion, percent.")] = None
    allow_unmatched: Annotated[
        bool | None, Field(description="A critical pattern may match no process; unless said, it may not.")
    ] = None
    metadata: Annotated[dict[str, str], Field(description="Yours; not read.")] = Field(default_factory=dict)
    traffic_split: Annotated[Any, Field(description="Refused: both arms see every scrape.")] = None
    dry_run: Annotated[bool, Field(description="Say what would happen, and make nothing.")] = False
    start: Annotated[bool, Field(description="Start it at once.")] = False

    def wanted(self, limits: ExperimentLimits) -> Wanted:
        """Return what is asked for, with the server's width of a window and critical processes where none are.

        Raises:
            TrafficSplitError: a share of traffic is asked for.
        """
        if self.traffic_split is not None:
            raise TrafficSplitError("traffic_split: the arms of an experiment are paired", field="traffic_split")
        usual = self.critical_processes is None
        unmatched = self.allow_unmatched
        return Wanted(
            baseline_pipeline=self.baseline_pipeline,
            candidate_pipeline=self.candidate_pipeline,
            target_nodes=self.target_nodes,
            name=self.name,
            namespace=self.namespace,
            critical=limits.critical if self.critical_processes is None else self.critical_processes,
            windows=self.windows,
            window_seconds=limits.window_seconds if self.window_seconds is None else self.window_seconds,
            warm_up=self.warm_up,
            duration_seconds=self.duration_seconds,
            min_cost_reduction=self.min_cost_reduction,
            max_data_loss=self.max_data_loss,
            allow_unmatched=usual and limits.critical_unmatched if unmatched is None else unmatched,
            overrides=self.config_overrides,
            metadata=self.metadata,
        )


class ExperimentRef(Schema):
    """An experiment, by its id."""

    experiment_id: Annotated[str, Field(max_length=64)]


class ExperimentListRequest(Schema):
    """Which experiments to list."""

    namespace: Annotated[str | None, Field(max_length=64)] = None
    phase: Annotated[Phase | None, Field(description="Only those in this phase.")] = None
    before: Annotated[str | None, Field(max_length=64, description="The last id of the page before.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ExperimentStop(ExperimentRef):
    """An experiment to stop, and why."""

    reason: Annotated[str, Field(max_length=1000, description="For the audit log.")] = ""


class ExperimentRetry(ExperimentRef):
    """An experiment to try again."""

    timeout_seconds: Annotated[
        float | None, Field(gt=0, le=86_400, description="The longest time for hosts to prove the config.")
    ] = None


class ExperimentPromote(ExperimentRef):
    """An experiment to promote, and why."""

    reason: Annotated[str, Field(min_length=1, max_length=1000, description="For the audit log.")]


class CauseSchema(Schema):
    """What made it fail, as a problem document has it."""

    code: str
    message: str
    user_action: str
    details: dict[str, Any]

    @classmethod
    def of(cls, cause: Cause | None) -> Self | None:
        """Return a cause's; None for none."""
        return None if cause is None else cls(**cause.as_dict())


class ParticipantSchema(Schema):
    """A host that takes part."""

    id: str
    name: str
    note: str

    @classmethod
    def of(cls, participant: Participant) -> Self:
        """Return a host's."""
        return cls(id=participant.host, name=participant.name, note=participant.note)


class GuardrailSchema(Schema):
    """What a guardrail said last."""

    name: str
    state: Literal["ok", "tripped", "no_data"]
    reason: str
    host: str | None
    window: Annotated[int | None, Field(description="Start of the window, nanoseconds since the epoch.")]


class ProgressSchema(Schema):
    """Windows by what became of them; `fewest` is of the host with the fewest pairs."""

    wanted: int
    paired: int = 0
    fewest: int = 0
    no_data: int = 0
    waiting: int = 0


class TransitionSchema(Schema):
    """A change of phase."""

    at: datetime
    attempt: int
    source: Phase
    target: Phase
    reason: str

    @classmethod
    def of(cls, transition: Transition) -> Self:
        """Return a transition's."""
        return cls(
            at=transition.at,
            attempt=transition.attempt,
            source=transition.source,
            target=transition.target,
            reason=transition.reason,
        )


class StateSchema(Schema):
    """How far an experiment has come."""

    id: str
    name: str
    phase: Phase
    attempt: int
    waiting: Annotated[str, Field(description="What it waits for, in words; empty when nothing.")]
    reason: Annotated[str, Field(description="Why it ended, or is ending.")]
    cause: CauseSchema | None
    windows: ProgressSchema
    guardrails: tuple[GuardrailSchema, ...]
    hosts: tuple[ParticipantSchema, ...]
    left_out: Annotated[dict[str, str], Field(description="Hosts that were selected and cannot take part, and why.")]
    unpaired: tuple[str, ...]
    notes: tuple[str, ...]
    verdict: Verdict | None
    resolution: Resolution | None
    started_at: datetime | None
    deadline: datetime | None
    ended_at: datetime | None

    @classmethod
    def of(cls, experiment: Experiment, **more: Any) -> Self:
        """Return an experiment's state."""
        return cls(
            id=experiment.id,
            name=experiment.design.name,
            phase=experiment.phase,
            attempt=experiment.attempt,
            waiting=experiment.waiting,
            reason=experiment.reason,
            cause=CauseSchema.of(experiment.cause),
            windows=ProgressSchema(wanted=experiment.design.windows, **experiment.progress),
            guardrails=tuple(GuardrailSchema(**guardrail) for guardrail in experiment.guardrails),
            hosts=tuple(map(ParticipantSchema.of, experiment.hosts)),
            left_out=dict(experiment.left_out),
            unpaired=experiment.paired.unpaired if experiment.paired else (),
            notes=experiment.paired.notes if experiment.paired else (),
            verdict=experiment.verdict,
            resolution=experiment.resolution,
            started_at=experiment.started_at,
            deadline=experiment.deadline,
            ended_at=experiment.ended_at,
            **more,
        )


class ExperimentSchema(StateSchema):
    """An experiment: what was asked for, and how far it has come."""

    namespace: str
    baseline_pipeline: str
    candidate_pipeline: str
    baseline_version: str
    candidate_version: str
    target_nodes: str
    critical_processes: tuple[str, ...]
    config_overrides: dict[str, Any]
    window_seconds: float
    warm_up: int
    duration_seconds: float | None
    min_cost_reduction: float | None
    max_data_loss: float | None
    metadata: dict[str, str]
    created_at: datetime
    created_by: str

    @classmethod
    def shown(cls, experiment: Experiment) -> Self:
        """Return an experiment's."""
        design = experiment.design
        return cls.of(
            experiment,
            namespace=design.namespace,
            baseline_pipeline=design.baseline_pipeline,
            candidate_pipeline=design.candidate_pipeline,
            baseline_version=design.baseline,
            candidate_version=design.candidate,
            target_nodes=design.target_nodes,
            critical_processes=design.critical,
            config_overrides=dict(design.overrides),
            window_seconds=design.window_seconds,
            warm_up=design.warm_up,
            duration_seconds=design.duration_seconds,
            min_cost_reduction=design.min_cost_reduction,
            max_data_loss=design.max_data_loss,
            metadata=dict(design.metadata),
            created_at=experiment.created_at,
            created_by=experiment.created_by,
        )


class ExperimentStatus(StateSchema):
    """How far an experiment has come, and how it got there."""

    history: tuple[TransitionSchema, ...]


class ExperimentList(Schema):
    """A page of experiments, the newest first."""

    items: tuple[ExperimentSchema, ...]
    next_before: Annotated[str | None, Field(description="`before` of the next page; null at the end.")]


class CopySchema(Schema):
    """What a host sends besides while the experiment runs, at most; null where nothing is known yet."""

    points_per_second: float | None
    bytes_per_second: float | None


class PlanSchema(Schema):
    """What would happen."""

    model_config = ConfigDict(serialize_by_alias=True)

    hosts: tuple[dict[str, str], ...]
    left_out: dict[str, str]
    restarts: str
    unpaired: tuple[str, ...]
    notes: tuple[str, ...]
    # pydantic's models have a method `copy`.
    copy_cost: Annotated[dict[str, CopySchema], Field(alias="copy", description="By host.")]
    critical_processes: Annotated[
        dict[str, tuple[str, ...] | None],
        Field(description="Executables each pattern is known to match; null: unknown."),
    ]
    claimed: tuple[dict[str, str], ...]

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """Return a plan's."""
        return cls.model_validate(plan_document(plan))


class ExperimentCreated(Schema):
    """What was made, unless it was a dry run, and what it does."""

    experiment: ExperimentSchema | None
    plan: PlanSchema


class WindowSchema(Schema):
    """One window of one host: what each arm held, or why it is no data."""

    host: str
    start: Annotated[int, Field(description="Nanoseconds since the epoch, of the host's clock.")]
    no_data: dict[str, str] | None = None
    evidence: str | None = None
    baseline: dict[str, Any] | None = None
    candidate: dict[str, Any] | None = None
    saving_percent: dict[str, float | None] | None = None
    critical_processes: dict[str, int] | None = None


class ExperimentMetrics(Schema):
    """Every window so far, by start and host."""

    experiment_id: str
    items: tuple[WindowSchema, ...]


class ComparisonSchema(Schema):
    """The comparison of both arms; see the reference of the experiment's result."""

    experiment: dict[str, Any]
    arms: dict[str, Any]
    collector: dict[str, Any]
    saving_percent: dict[str, float | None]
    loss: dict[str, Any]
    guardrails: tuple[GuardrailSchema, ...]
    verdict: Verdict
    details: dict[str, Any]
