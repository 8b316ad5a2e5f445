"""What an evaluator may answer instead of a capture (contract: evaluator.py)."""

from phoenix.core.errors import InvalidError, NotFoundError, UnavailableError


class ConfigRefusedError(InvalidError):
    """The collector does not accept the config. Details: `place`, and `reason` in the collector's own words."""

    code = "CONFIG_REFUSED_BY_COLLECTOR"
    user_action = "Correct the component named; the collector's own message says what it expects."


class PipelineNotFoundError(NotFoundError):
    """The config has no such metrics pipeline, or several and none was named. Details: `pipelines`."""

    code = "PIPELINE_NOT_FOUND"
    user_action = "Name one of the metrics pipelines of the config with --pipeline."


class EvaluationFailedError(InvalidError):
    """A component reported an error, or would have crashed the collector. Details: `request`, counted from 0."""

    code = "EVALUATION_FAILED"
    user_action = "Correct the component named; a collector would refuse or lose the same telemetry."


class EvaluationLimitError(UnavailableError):
    """The evaluation took longer, or more memory, than it may."""

    code = "EVALUATION_LIMIT_EXCEEDED"
    user_action = "Evaluate a shorter capture, or give the evaluation more time or memory."


class UnsupportedComponentError(InvalidError):
    """This evaluator refuses a component by name, because its answer would not be exact. Details: `component`."""

    code = "COMPONENT_UNSUPPORTED"
    user_action = "Leave the component out of the pipeline to evaluate, or use another evaluator."


class CaptureTimesError(InvalidError):
    """The times of a capture cannot be replayed."""

    code = "CAPTURE_TIMES_UNUSABLE"
    user_action = "Record the capture again, or correct the clock of the host that made it."
