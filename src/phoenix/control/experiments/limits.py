"""Times that experiments keep to."""

from dataclasses import dataclass, field

from phoenix.decide.arms.guardrails.model import Bounds


@dataclass(frozen=True, slots=True)
class ExperimentLimits:
    """Times and bounds.

    Attributes:
        window_seconds: width of a window unless an experiment says otherwise.
        critical: patterns of the processes that must be kept, unless an experiment says otherwise.
        critical_unmatched: of these any may match no process: they name what might be critical anywhere.
        deploy_seconds: the longest time for hosts to prove the config, unless a retry says otherwise.
        restore_seconds: the longest wait for hosts to be back; after it the end names those that are away.
        before_seconds: how far back a collector is looked at for what it was like before.
        before_reports: how many of its reports then are kept.
        quiet_seconds: nothing may come from a host for so long before that is noticed, beside the width of two windows.
        paused_seconds: for how long silence of all hosts is taken for our own ingest being away; then it ends, for
            nobody knows what the hosts do meanwhile.
        broken_seconds: how long the steps of an experiment may fail for no reason of the database; then it ends.
        settling_seconds: how long what is missing may still come after telemetry came back, or the server started.
        unhealthy_seconds: how long a collector may be unhealthy.
        lease_seconds: the longest that one step takes.
        noted_seconds: how often a step that changes nothing is noted.
        evaluate_seconds: how often windows are looked at, at most.
        bounds: from where on guardrails trip.
    """

    window_seconds: float = 60.0
    critical: tuple[str, ...] = ()
    critical_unmatched: bool = True
    deploy_seconds: float = 300.0
    restore_seconds: float = 300.0
    before_seconds: float = 1800.0
    before_reports: int = 20
    quiet_seconds: float = 30.0
    paused_seconds: float = 1800.0
    broken_seconds: float = 120.0
    settling_seconds: float = 30.0
    unhealthy_seconds: float = 30.0
    lease_seconds: float = 60.0
    noted_seconds: float = 5.0
    evaluate_seconds: float = 3.0
    bounds: Bounds = field(default_factory=Bounds)
