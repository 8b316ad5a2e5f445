"""A test file of a pipeline as values: what goes in, and what must come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import re2

from phoenix.collector.config.place import Place
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.processes import ProcessPattern
from phoenix.telemetry.values import Attributes, MetricValue


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of something there must be; equal bounds ask for exactly that much."""

    least: Decimal | None = None
    most: Decimal | None = None

    def hold(self, value: float | Decimal) -> bool:
        """Return whether a value is within them."""
        held = Decimal(value)
        return (self.least is None or held >= self.least) and (self.most is None or held <= self.most)

    def __str__(self) -> str:
        if self.least == self.most:
            return f"{self.least}"
        parts = (("at least", self.least), ("at most", self.most))
        return " and ".join(f"{word} {bound}" for word, bound in parts if bound is not None)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which series are meant; every part that is given must match the whole text, as RE2.

    Attributes:
        text: as it was written, for messages.
        metric: of the metric's name; None for any.
        resource: of resource attributes, by key.
        attributes: of point attributes, by key.
    """

    text: str
    metric: str | None = None
    resource: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)

    def matches(self, resource: Attributes, metric: MetricValue, attributes: Attributes) -> bool:
        """Return whether a series is meant. Values that are no text are compared as they print."""
        return (
            (self.metric is None or re2.fullmatch(self.metric, metric.name) is not None)
            and _all_match(self.resource, resource)
            and _all_match(self.attributes, attributes)
        )


@dataclass(frozen=True, slots=True)
class TotalExpected:
    """What the increase of an additive metric must be.

    Attributes:
        metric: its name.
        value: the increase; None asks for that of the input.
        tolerance: share of the value that it may be off.
    """

    metric: str
    value: Decimal | None
    tolerance: Decimal


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be true of the output; what is not given is not looked at.

    Attributes:
        counts: of `series`, `points` and `bytes` of the output.
        saved: per cent of the same, against the input.
        metrics: of series and points of single metrics, by name: `("process.threads", "series")`.
        kept: every input series meant must stand in the output.
        dropped: no output series may be meant.
        totals: increases of additive metrics.
        critical: processes that must stay whole in sight.
        corrupted: whether damage that no config declares is allowed.
        output: exactly this telemetry.
        fails: the collector must refuse the config, or a processor must report an error, whose text has this in it.
    """

    counts: Mapping[str, Bounds] = field(default_factory=dict)
    saved: Mapping[str, Bounds] = field(default_factory=dict)
    metrics: Mapping[tuple[str, str], Bounds] = field(default_factory=dict)
    kept: Sequence[Selector] = ()
    dropped: Sequence[Selector] = ()
    totals: Sequence[TotalExpected] = ()
    critical: Sequence[ProcessPattern] = ()
    corrupted: bool = False
    output: Capture | None = None
    fails: str | None = None


@dataclass(frozen=True, slots=True)
class PipelineCase:
    """One case of a test file.

    Attributes:
        name: unique in the file.
        place: where it stands.
        capture: what goes in.
        expect: what must come out.
    """

    name: str
    place: Place
    capture: Capture
    expect: Expectation


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of cases for one pipeline of one config.

    Attributes:
        source: its path as given.
        config: path of the config, relative paths being relative to the file.
        pipeline: which one; None when the config has one metrics pipeline.
        cases: in the order of the file.
    """

    source: str
    config: str
    pipeline: str | None
    cases: Sequence[PipelineCase]


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that does not hold.

    Attributes:
        what: which, as the file writes it: `expect.series`.
        words: what was expected and what came.
        lines: the difference in detail, a line each; `-` what was expected and is not there, `+` what is there.
    """

    what: str
    words: str
    lines: Sequence[str] = ()


def _all_match(expected: Mapping[str, str], held: Attributes) -> bool:
    return all(
        key in held and re2.fullmatch(pattern, _text(held[key])) is not None for key, pattern in expected.items()
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
