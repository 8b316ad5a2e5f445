"""Reshaping statements as a config, which both evaluators answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.config.document import ConfigDocument
from phoenix.engine.frame import Level
from phoenix.engine.reshaping.registry import RESHAPERS


@dataclass(frozen=True)
class Statement:
    """One call of a reshaping function.

    Attributes:
        text: the call in OTTL.
        metric: the name of the metrics it runs on; None for all.
    """

    text: str
    metric: str | None = None

    @property
    def level(self) -> Level:
        """What the statement runs on."""
        return RESHAPERS[self.text.partition("(")[0]].level


def config_of(statements: Sequence[Statement], error_mode: str = "propagate") -> ConfigDocument:
    """Return a config whose one processor runs statements of one context."""
    context = "datapoint" if statements[0].level is Level.POINT else "metric"
    lines = "".join(
        f"          - {statement.text}"
        + (f' where metric.name == "{statement.metric}"\n' if statement.metric else "\n")
        for statement in statements
    )
    return metrics_config(
        "transform",
        f"""
  transform:
    error_mode: {error_mode}
    metric_statements:
      - context: {context}
        statements:
{lines}""",
    )
