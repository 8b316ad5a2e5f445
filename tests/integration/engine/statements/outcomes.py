"""What an evaluator makes of one processor: what comes out, or how it fails."""

from collections.abc import Sequence
from typing import Any

from tests.support.engine.trees import trees

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.flow import flow_yaml
from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError
from phoenix.collector.evaluator import Evaluator
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff import diff


def config(processors: dict[str, Any]) -> ConfigDocument:
    """Return a config with one pipeline of these processors."""
    pipeline = {"receivers": ["otlp"], "processors": list(processors), "exporters": ["nop"]}
    whole = {
        "receivers": {"otlp": {"protocols": {"grpc": None}}},
        "processors": processors,
        "exporters": {"nop": None},
        "service": {"pipelines": {"metrics": pipeline}},
    }
    return ConfigDocument.parse(flow_yaml(whole))


def outcome(evaluator: Evaluator, processors: dict[str, Any], capture: Capture) -> Any:
    """Return the capture that comes out, the request that fails, or that the config is refused."""
    try:
        return evaluator.evaluate(config(processors), capture)
    except EvaluationFailedError as error:
        return "fails at", error.details["request"]
    except ConfigRefusedError:
        return "refused"


def agree(evaluators: Sequence[Evaluator], processors: dict[str, Any], capture: Capture) -> bool:
    """Return whether both evaluators do the same: the same points, or the same trees, or the same failure.

    The collector aggregates in random order, and the order of metadata is nothing to it: so either is enough.
    """
    one, other = (outcome(evaluator, processors, capture) for evaluator in evaluators)
    if not isinstance(one, Capture) or not isinstance(other, Capture):
        return bool(one == other)
    return diff(one, other).equal or trees(one) == trees(other)
