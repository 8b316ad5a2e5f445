"""One generated case: a config and a capture, made from a number, so that a number is all there is to report."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Self

from tests.support.parity.features import Features
from tests.support.parity.processors import chain
from tests.support.parity.telemetry import capture

from phoenix.collector.config.document import ConfigDocument
from phoenix.telemetry.capture import Capture

# So many cases share a capture: sending one to the collector costs more than evaluating a config on it.
SHARED = 8


@dataclass(frozen=True)
class Case:
    """A pipeline of processors and what flows into it.

    Attributes:
        name: the number it was made from, and what was taken away since.
        processors: settings by name, in the order of the pipeline.
        features: what its settings use.
    """

    name: str
    processors: Mapping[str, Any]
    capture: Capture
    features: Features

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
        return cls(str(number), chain(random, features, kinds), shared or capture_of(number), features)

    @property
    def document(self) -> ConfigDocument:
        """The whole config."""
        config = {
            "receivers": {"otlp": {"protocols": {"grpc": None}}},
            "processors": self.processors,
            "exporters": {"nop": None},
            "service": {
                "pipelines": {
                    "metrics": {"receivers": ["otlp"], "processors": list(self.processors), "exporters": ["nop"]}
                }
            },
        }
        return ConfigDocument.parse(json.dumps(config, ensure_ascii=False, indent=1), f"case-{self.name}")

    def with_(self, **changes: Any) -> Self:
        """Return a case that differs in a part."""
        return replace(self, **changes)


def capture_of(number: int) -> Capture:
    """Return the capture of case `number`."""
    return capture(Random(number // SHARED))
