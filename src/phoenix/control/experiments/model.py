"""What an experiment is, and which phases it may go through. No I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, Self

from phoenix.collector.compose.model import Arm, Composed
from phoenix.collector.own_metrics.model import OwnReading
from phoenix.control.experiments.errors import IllegalTransitionError
from phoenix.core.errors import PhoenixError
from phoenix.core.ids import ExperimentId, HostId, PipelineVersionId, RevisionId
from phoenix.decide.arms.model import Boundary

EXPERIMENT_PREFIX: Final = "exp"


class Phase(StrEnum):
    """How far an experiment has come (design, section 7)."""

    PENDING = "pending"
    INITIALIZING = "initializing"
    DEPLOYING = "deploying"
    RUNNING = "running"
    ANALYZING = "analyzing"
    RESTORING = "restoring"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


# What may follow each phase. Hosts are back before an end is said; what ended badly may be tried again from the start.
NEXT: Final[Mapping[Phase, frozenset[Phase]]] = MappingProxyType(
    {
        Phase.PENDING: frozenset({Phase.INITIALIZING, Phase.RESTORING}),
        Phase.INITIALIZING: frozenset({Phase.DEPLOYING, Phase.RESTORING}),
        Phase.DEPLOYING: frozenset({Phase.RUNNING, Phase.RESTORING}),
        Phase.RUNNING: frozenset({Phase.ANALYZING, Phase.RESTORING}),
        Phase.ANALYZING: frozenset({Phase.RESTORING}),
        Phase.RESTORING: frozenset({Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED}),
        Phase.COMPLETED: frozenset(),
        Phase.FAILED: frozenset({Phase.INITIALIZING}),
        Phase.CANCELLED: frozenset({Phase.INITIALIZING}),
    }
)
# What a phase that may not follow was asked for, in words.
_IN_VAIN: Final = MappingProxyType(
    {
        Phase.INITIALIZING: "it cannot be started or tried again now",
        Phase.RESTORING: "there is nothing left to stop",
    }
)
ENDED: Final = frozenset({Phase.COMPLETED, Phase.FAILED, Phase.CANCELLED})
# The phases that move by themselves.
MOVING: Final = frozenset(NEXT) - ENDED - {Phase.PENDING}


class Verdict(StrEnum):
    """What a completed experiment says. Statistics come later; until then a result is measured, and no more."""

    MEASURED = "measured"


class Resolution(StrEnum):
    """What was made of a completed experiment."""

    BASELINE_KEPT = "baseline_kept"
    PROMOTED = "promoted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a user asks for.

    Attributes:
        baseline_pipeline, candidate_pipeline: as the user named them.
        target_nodes: selector of hosts.
        name: for people; empty is made of the pipelines'.
        critical: patterns of the processes that must be kept.
        windows: how many paired windows every host gives.
        window_seconds: width of a window.
        warm_up: windows left out after each start of the collector, the one it started in counted.
        duration_seconds: the longest time to measure; None for one that follows from the windows.
        min_cost_reduction, max_data_loss: success criteria, percent; None when not asked.
        allow_unmatched: a critical pattern may match no process.
        overrides: parameters that replace the candidate's own.
        metadata: the user's, not read.
    """

    baseline_pipeline: str
    candidate_pipeline: str
    target_nodes: str = ""
    name: str = ""
    namespace: str = "default"
    critical: tuple[str, ...] = ()
    windows: int = 10
    window_seconds: float = 60.0
    warm_up: int = 1
    duration_seconds: float | None = None
    min_cost_reduction: float | None = None
    max_data_loss: float | None = None
    allow_unmatched: bool = False
    overrides: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design(Request):
    """What was asked for, with the versions that the pipelines were then; it never changes."""

    baseline: PipelineVersionId
    candidate: PipelineVersionId

    @property
    def measuring_seconds(self) -> float:
        """The longest time to measure: as asked, else three times what the windows take, and two minutes."""
        return self.duration_seconds or 3 * (self.windows + self.warm_up) * self.window_seconds + 120


@dataclass(frozen=True, slots=True)
class Paired:
    """What is known of the config that hosts run during an experiment; see `Composed`.

    Attributes:
        boundary: where the candidate's arm takes over from production.
    """

    exporters: tuple[str, ...]
    receivers: tuple[str, ...]
    processors: Mapping[Arm, tuple[str, ...]]
    unpaired: tuple[str, ...]
    notes: tuple[str, ...]
    boundary: Boundary = field(default_factory=Boundary)

    @classmethod
    def of(cls, composed: Composed, boundary: Boundary) -> Self:
        """Return what is to be remembered of a composed config."""
        processors = {arm: tuple(composed.processors.get(arm, ())) for arm in Arm}
        return cls(composed.exporters, composed.receivers, processors, composed.unpaired, composed.notes, boundary)


@dataclass(frozen=True, slots=True)
class Participant:
    """A host in an experiment.

    Attributes:
        since: nanoseconds; windows that begin before belong to an earlier attempt.
        note: what a user should know of its part: that it was away at the end.
    """

    host: HostId
    name: str
    since: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something ended: the error as it would have been raised, kept."""

    code: str
    message: str
    user_action: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, error: PhoenixError) -> Self:
        """Return the cause that an error is."""
        return cls(error.code, error.message, error.user_action, dict(error.details))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "code": self.code,
            "message": self.message,
            "user_action": self.user_action,
            "details": dict(self.details),
        }


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of phase, and why."""

    experiment: ExperimentId
    attempt: int
    at: datetime
    source: Phase
    target: Phase
    reason: str


@dataclass(frozen=True, slots=True)
class Experiment:
    """A timed comparison of a candidate pipeline with the baseline, on the same hosts and stream.

    Immutable: each change returns a new value, so a service can compare before with after.

    Attributes:
        attempt: 1, and one more for each retry.
        phase_at: when the phase was entered.
        revision: the config of this attempt; None until it is initialized.
        paired: what is known of that config.
        hosts: those that take part, by name.
        left_out: hosts that were selected and cannot take part, with the reason, by name.
        ending: where restoring leads, once it is decided.
        reason: why it ends so, in words.
        cause: the failure behind that; None when it did not fail.
        waiting: what it waits for, in words; empty when nothing.
        deadline: when the phase ends at the latest; moves on while we, or our ingest, are away.
        before: the latest reports of each host's collector before this attempt.
        stepped_at: when the reconcile loop saw it last, to a few seconds.
        deploy_seconds: the longest time for hosts to prove the config.
        guardrails: what each guardrail said last, in its JSON form.
        progress: windows by what became of them.
        result: the comparison, in its JSON form; None until it is measured.
    """

    id: ExperimentId
    design: Design
    created_at: datetime
    created_by: str
    phase: Phase
    phase_at: datetime
    attempt: int = 1
    revision: RevisionId | None = None
    paired: Paired | None = None
    hosts: tuple[Participant, ...] = ()
    before: Mapping[HostId, tuple[OwnReading, ...]] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    ending: Phase | None = None
    reason: str = ""
    cause: Cause | None = None
    waiting: str = ""
    deadline: datetime | None = None
    stepped_at: datetime | None = None
    deploy_seconds: float = 300.0
    guardrails: tuple[Mapping[str, Any], ...] = ()
    progress: Mapping[str, int] = field(default_factory=dict)
    result: Mapping[str, Any] | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    verdict: Verdict | None = None
    resolution: Resolution | None = None

    @property
    def host_ids(self) -> tuple[HostId, ...]:
        """The hosts that take part."""
        return tuple(participant.host for participant in self.hosts)

    def moved_to(self, phase: Phase, now: datetime) -> Self:
        """Return this experiment in `phase`, waiting for nothing.

        Raises:
            IllegalTransitionError: `phase` may not follow the present one.
        """
        if phase not in NEXT[self.phase]:
            raise IllegalTransitionError(
                f"experiment {self.id} is {self.phase}: {_IN_VAIN.get(phase, f'it cannot become {phase}')}",
                phase=self.phase.value,
            )
        ended = now if phase in ENDED else None
        return replace(self, phase=phase, phase_at=now, waiting="", deadline=None, stepped_at=now, ended_at=ended)

    def until(self, deadline: datetime) -> Self:
        """Return this experiment with an end of its phase."""
        return replace(self, deadline=deadline)

    def seen_at(self, now: datetime, *, noted_seconds: float, away_seconds: float, paused: bool = False) -> Self:
        """Return this experiment as the reconcile loop sees it now.

        Time that passed while nobody looked, a clock that was set, and pauses do not count towards the deadline.
        """
        passed = now - (self.stepped_at or now)
        if paused or not timedelta(0) <= passed <= timedelta(seconds=away_seconds):
            deadline = None if self.deadline is None else self.deadline + passed
            return replace(self, deadline=deadline, stepped_at=now)
        return replace(self, stepped_at=now) if passed >= timedelta(seconds=noted_seconds) else self

    def tried_again(self, now: datetime) -> Self:
        """Return this experiment at the beginning of its next attempt.

        Raises:
            IllegalTransitionError: it has not ended badly.
        """
        return replace(
            self.moved_to(Phase.INITIALIZING, now),
            attempt=self.attempt + 1,
            revision=None,
            paired=None,
            before={},
            ending=None,
            reason="",
            cause=None,
            guardrails=(),
            progress={},
            result=None,
            started_at=now,
        )

    def restoring_to(self, ending: Phase, now: datetime, *, reason: str, cause: PhoenixError | None = None) -> Self:
        """Return this experiment on its way back, and where that leads.

        Raises:
            IllegalTransitionError: it is on its way back, or ended, already.
        """
        moved = self.moved_to(Phase.RESTORING, now)
        return replace(moved, ending=ending, reason=reason, cause=None if cause is None else Cause.of(cause))
