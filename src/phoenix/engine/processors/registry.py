"""Which processors the engine knows, by their canonical type.

A processor's module has `build(config: ProcessorConfig) -> Pass`: it reads the settings, refuses what it cannot do
exactly, by name and place, and returns the pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol

from phoenix.collector.config.document import ConfigDocument, ConfigPath, Place
from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.engine.frame import Frame


@dataclass(frozen=True, slots=True)
class ProcessorConfig:
    """The settings of one processor, and where they stand.

    Attributes:
        document: the whole config, for places.
        name: as the pipeline names it: `filter/idle`.
        type: canonical: `filter`.
        settings: what is below it, `${env:}` expanded as the collector does.
        start: when the component starts, nanoseconds since 1970 (Timeline.start).
        end: when it is stopped (Timeline.end).
    """

    document: ConfigDocument
    name: str
    type: str
    settings: Mapping[str, Any]
    start: int
    end: int

    def place(self, *path: str | int) -> Place:
        """Return where a setting stands; the processor itself without one."""
        return self.document.locate(self.path(*path))

    def path(self, *path: str | int) -> ConfigPath:
        """Return the path of a setting in the config."""
        return ("processors", self.name, *path)

    def unsupported(self, what: str, *path: str | int) -> UnsupportedComponentError:
        """Return the refusal of something the engine cannot do exactly.

        >>> # "config.yaml:12:5: filter/idle: option trace_conditions is not done in columns"
        """
        place = str(self.place(*path))
        return UnsupportedComponentError(
            f"{place}: {self.name}: {what} is not done in columns",
            user_action="Evaluate with --evaluator auto or collector, which ask the collector itself.",
            component=self.name,
            place=place,
            feature=what,
        )

    def refused(self, reason: str, *path: str | int, **details: Any) -> ConfigRefusedError:
        """Return the error for settings that a collector does not accept either.

        Args:
            reason: what is wrong.
            path: where, below the processor.
            details: for machines; `Settings` says `unknown` and `known` keys and `where` they stand, and what was
                `wanted` of a value or its `choices`.
        """
        place = str(self.place(*path))
        return ConfigRefusedError(f"{place}: {self.name}: {reason}", place=place, reason=reason, **details)


class Pass(Protocol):
    """A processor at work on a whole capture."""

    def __call__(self, frame: Frame) -> Frame:
        """Return what the next processor gets.

        Raises:
            EvaluationFailedError: the collector would have answered an error for a request.
            NotColumnarError: this telemetry, not the settings, needs something that is not done in columns.
        """
        ...


Build = Callable[[ProcessorConfig], Pass]

# A processor is in the module of its name, which is imported when one is built: it imports this module.
_NAMES: Final = (
    "attributes",
    "batch",
    "cumulative_to_delta",
    "delta_to_cumulative",
    "filter",
    "groupbyattrs",
    "interval",
    "memory_limiter",
    "metrics_transform",
    "resource",
    "resource_detection",
    "transform",
)


def _build_of(name: str) -> Build:
    def build(config: ProcessorConfig) -> Pass:
        made: Pass = import_module(f"phoenix.engine.processors.{name}").build(config)
        return made

    return build


PROCESSORS: Mapping[str, Build] = {name: _build_of(name) for name in _NAMES}
