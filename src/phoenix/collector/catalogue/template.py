"""What a template is, and what rendering one gives.

A template turns resolved parameters into a `Plan`: the processors between host identity and batch, and the fold map.
`rendering` adds what all share.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from phoenix.collector.catalogue.fold_map import FoldMap
from phoenix.collector.catalogue.parameters.common import COMMON
from phoenix.collector.catalogue.parameters.declaration import Parameter, Values


@dataclass(frozen=True, slots=True)
class Step:
    """One processor of a pipeline, with the reason that is written above it."""

    name: str
    config: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a template makes of its parameters.

    Attributes:
        steps: the processors after host identity and before batch, in order.
        fold_map: what they do to each process.
    """

    steps: tuple[Step, ...]
    fold_map: FoldMap


@dataclass(frozen=True, slots=True)
class Template:
    """A ready pipeline.

    Attributes:
        name: with its version, such as process-topk-v1.
        summary: what it is for, one line.
        strategy: how it decides, a paragraph.
        drops: what is lost, a sentence.
        folds: what is summed, a sentence.
        own_parameters: those beside the common ones.
        plan: resolved parameters in, plan out.
        aliases: other names it answers to.
    """

    name: str
    summary: str
    strategy: str
    drops: str
    folds: str
    own_parameters: tuple[Parameter, ...]
    plan: Callable[[Values], Plan] = field(repr=False)
    aliases: tuple[str, ...] = ()

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Every parameter, its own first."""
        return (*self.own_parameters, *COMMON)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template with its parameters filled in.

    Attributes:
        template: which one.
        parameters: every parameter with the value that was used; durations in seconds, sizes in bytes.
        text: the collector config, generated.
        fold_map: what the config does to each process.
    """

    template: Template
    parameters: Mapping[str, object]
    text: str
    fold_map: FoldMap
