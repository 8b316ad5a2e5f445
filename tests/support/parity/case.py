"""One generated case: a config and a capture, made from a number, so that a number is all there is to report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, Self

from tests.support.parity.features import Features
from tests.support.parity.processors import chain
from tests.support.parity.telemetry import capture

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.config.flow import flow_yaml
from phoenix.telemetry.capture import Capture

# So many cases share a capture: sending one to the collector costs more than evaluating a config on it.
SHARED: Final = 8
PIPELINE: Final = "metrics"


@dataclass(frozen=True)
class Case:
    """A pipeline of processors and what flows into it.

    Attributes:
        name: the number it was made from, and what was taken away since.
        processors: settings by name, in the order of the pipeline.
        features: what its settings use.
        forwarded: so many of them stand in a pipeline of their own, which a forward connector leads to; None for one
            pipeline.
    """

    name: str
    processors: Mapping[str, Any]
    capture: Capture
    features: Features
    forwarded: int | None = None

    @classmethod
    def numbered(cls, number: int, shared: Capture | None = None, kinds: Sequence[str] = ()) -> Self:
        """Return case `number`; the same on every machine.

        Args:
            number: from 0.
            shared: its capture, when it is at hand from the case before.
            kinds: only processors of these types; any when empty. Makes another case of the number.
        """
        features = Features()
        random = Random(number * 7919 + 1)
        processors = chain(random, features, kinds)
        forwarded = None
        if random.random() < 0.06:
            features.use("connector forward")
            forwarded = random.randrange(len(processors) + 1)
        return cls(str(number), processors, shared or capture_of(number), features, forwarded)

    @property
    def document(self) -> ConfigDocument:
        """The whole config."""
        names = list(self.processors)
        behind = min(self.forwarded or 0, len(names))
        first, rest = names[: len(names) - behind], names[len(names) - behind :]
        pipelines = {PIPELINE: {"receivers": ["otlp"], "processors": first, "exporters": ["nop"]}}
        if self.forwarded is not None:
            pipelines[PIPELINE]["exporters"] = ["forward"]
            pipelines["metrics/behind"] = {"receivers": ["forward"], "processors": rest, "exporters": ["nop"]}
        config = {
            "receivers": {"otlp": {"protocols": {"grpc": None}}},
            "processors": self.processors,
            "connectors": {"forward": None} if self.forwarded is not None else {},
            "exporters": {"nop": None},
            "service": {"pipelines": pipelines},
        }
        return ConfigDocument.parse(flow_yaml(config), f"case-{self.name}")

    def with_(self, **changes: Any) -> Self:
        """Return a case that differs in a part."""
        return replace(self, **changes)


def capture_of(number: int) -> Capture:
    """Return the capture of case `number`."""
    return capture(Random(number // SHARED))
