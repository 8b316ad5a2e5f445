"""The contract of what-if: a config and a capture in, the capture that would have reached the exporters out.

Two implementations under one contract test: `collector.replay` (the real collector, the truth) and `engine` (columns).
"""

from typing import Protocol

from phoenix.collector.config.document import ConfigDocument
from phoenix.telemetry.capture import Capture


class Evaluator(Protocol):
    """Something that knows exactly what a collector would have made of a capture."""

    @property
    def version(self) -> str:
        """The collector version whose behaviour this is, such as "0.160.0"."""
        ...

    def evaluate(self, config: ConfigDocument, capture: Capture, *, pipeline: str | None = None) -> Capture:
        """Return what the exporters of one metrics pipeline would have received, request by request, in order.

        The processors of the pipeline run as configured; its receivers are replaced by the capture and its exporters by
        a recorder, so exporters' own translations are not part of the result. Time is the capture's: the component
        starts just before the first point (start times older than that stay older), and whatever the collector does by
        its own clock happens at the moment the capture's times say.

        Args:
            config: a whole collector config.
            capture: what its receivers saw.
            pipeline: such as "metrics/candidate"; may be left out when the config has one metrics pipeline.

        Raises:
            ConfigRefusedError: the collector does not accept the config; place and remedy in the details.
            PipelineNotFoundError: `pipeline` is not in the config, or was left out and there is more than one.
            EvaluationFailedError: a processor reported an error for a request (error_mode: propagate).
            UnsupportedComponentError: this evaluator refuses a component by name, saying why.
        """
        ...
