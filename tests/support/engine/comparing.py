"""A pipeline through the collector and through the engine, compared point for point."""

from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.diff import diff


def config_of(processors: str, definitions: str) -> ConfigDocument:
    """Return a config with these processors; the definitions are flow YAML, without the outer braces."""
    return metrics_config(processors, "{" + definitions + "}")


def same_in_columns(harness: HarnessReplay, config: ConfigDocument, capture: Capture) -> Capture:
    """Return what both evaluators make of it, which must be equal."""
    expected = harness.evaluate(config, capture)
    got = ColumnarEvaluator().evaluate(config, capture)
    found = diff(expected, got, limit=10)
    assert found.equal, "\n".join(f"{it.series}: {it.words}" for it in found.differences)
    return expected


def values(capture: Capture) -> list[float]:
    """Return the numbers of a capture in the order of its points; NaN for histograms."""
    return [float(number) for number in capture.points.numbers()]
