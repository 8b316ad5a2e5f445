"""What experiments refuse, and what can end one. An experiment that failed keeps the error it would have raised."""

from phoenix.core.errors import ConflictError, InvalidError, NotFoundError, UnavailableError


class ExperimentNotFoundError(NotFoundError):
    """There is no such experiment."""

    code = "EXPERIMENT_NOT_FOUND"
    user_action = "List the experiments with `phoenix experiment list` and use an id from there."


class IllegalTransitionError(ConflictError):
    """The experiment's phase does not allow it."""

    code = "EXPERIMENT_PHASE_ILLEGAL"
    user_action = "Look at the experiment's phase with `phoenix experiment get`; what ended badly can be retried."


class ExperimentInvalidError(InvalidError):
    """What was asked for cannot be an experiment; the message names the field."""

    code = "EXPERIMENT_VALIDATION_FAILED"
    user_action = "Correct the field named and create the experiment again."


class TrafficSplitError(InvalidError):
    """A share of traffic was asked for; arms of an experiment see the same stream."""

    code = "EXPERIMENT_TRAFFIC_SPLIT_REFUSED"
    user_action = "Leave the traffic split out: both arms get every scrape, which compares better than two halves."


class CriticalUnmatchedError(InvalidError):
    """A critical pattern matches no process that is known of the hosts."""

    code = "EXPERIMENT_CRITICAL_UNMATCHED"
    user_action = "Correct the pattern, or say that it may match nothing (--allow-unmatched)."


class NodesNotFoundError(NotFoundError):
    """No host that could take part matches the selector."""

    code = "DEPLOYMENT_NODES_NOT_FOUND"
    user_action = "Edit the selector, or connect the hosts named; `phoenix host list` shows labels and states."


class DeploymentTimeoutError(UnavailableError):
    """Hosts did not prove the experiment's config in time."""

    code = "DEPLOYMENT_TIMEOUT"
    user_action = "See `phoenix doctor HOST` for each host named; retry with a longer time limit (--timeout)."


class HostFailedError(ConflictError):
    """A host could not run the experiment's config, or was given another one."""

    code = "EXPERIMENT_HOST_FAILED"
    user_action = "See `phoenix doctor HOST` for the host named, correct the pipeline, and retry."


class GuardrailTrippedError(ConflictError):
    """A guardrail stopped the experiment."""

    code = "EXPERIMENT_GUARDRAIL_TRIPPED"
    user_action = "Read the guardrail's reason, correct the candidate, and create a new experiment."


class NoWindowsError(UnavailableError):
    """The time to measure ended without a window that both arms completed."""

    code = "EXPERIMENT_NO_DATA"
    user_action = "See why windows were no data with `phoenix experiment metrics`, then retry."


class TelemetryAwayError(UnavailableError):
    """Nothing came from any host for so long that the experiment was ended; nothing says that the candidate did it."""

    code = "EXPERIMENT_TELEMETRY_AWAY"
    user_action = "See why telemetry does not reach this server with `phoenix doctor HOST`, then retry."


class StepFailedError(ConflictError):
    """Phoenix could not judge the experiment any more, because of an error of its own. Details: `error`."""

    code = "EXPERIMENT_STEP_FAILED"
    user_action = "Read the server's log for the error, report it, and retry the experiment."


class NotPromotableError(ConflictError):
    """The candidate cannot be made what hosts run."""

    code = "EXPERIMENT_NOT_PROMOTABLE"
    user_action = "Only a completed experiment can be promoted, and only once."


class NoResultError(ConflictError):
    """Nothing was measured yet."""

    code = "EXPERIMENT_NO_RESULT"
    user_action = "Wait until the experiment runs; `phoenix experiment status` shows how far it is."
