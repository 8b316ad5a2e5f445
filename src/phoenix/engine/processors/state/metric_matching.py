"""Which metrics cumulative_to_delta converts: include and exclude by name and type (internal/filter/filterset)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

from phoenix.engine.processors.settings import Settings
from phoenix.engine.values.nodes import MetricNode, MetricType
from phoenix.telemetry.expressions import ExpressionError, compiled

KEYS: Final = ("match_type", "regexp", "metrics", "metric_types")
_TYPES: Final = {
    "sum": MetricType.SUM,
    "histogram": MetricType.HISTOGRAM,
    "exponentialhistogram": MetricType.EXPONENTIAL_HISTOGRAM,
}
_ESCAPED: Final = re.compile("[\udc80-\udcff]")

Named = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Match:
    """One side. What is not given does not decide.

    Attributes:
        named: whether one of the names or patterns fits; None without any.
        types: the types; empty without any.
    """

    named: Named | None
    types: frozenset[MetricType]

    @classmethod
    def read(cls, settings: Settings) -> Self:
        """Return what a section says (config.go, Validate).

        Raises:
            ConfigRefusedError: the collector does not accept it either.
            UnsupportedComponentError: the collector would crash on it.
        """
        names, how = settings.strings("metrics"), settings.string("match_type")
        if names and not how:
            settings.refuse("match_type must be set if metrics are supplied", "metrics")
        if how and not names:
            settings.refuse("metrics must be supplied if match_type is set", "match_type")
        types = settings.strings("metric_types")
        for index, name in enumerate(types):
            if name.lower() not in _TYPES:
                settings.refuse(f"found invalid metric type in metric_types: {name}", "metric_types", index)
        return cls(_named(settings, how, names), frozenset(_TYPES[name.lower()] for name in types))

    def includes(self, metric: MetricNode) -> bool:
        """Return whether this side, as include, lets a metric through."""
        return (self.named is None or self.named(metric.name)) and (not self.types or metric.type in self.types)

    def excludes(self, metric: MetricNode) -> bool:
        """Return whether this side, as exclude, keeps a metric out; its name or its type is enough."""
        return (self.named is not None and self.named(metric.name)) or metric.type in self.types


def _named(settings: Settings, how: str, names: tuple[str, ...]) -> Named | None:
    cache = settings.section("regexp", "cacheenabled", "cachemaxnumentries")
    cached, entries = cache.boolean("cacheenabled"), cache.integer("cachemaxnumentries")
    if how == "strict":
        return frozenset(names).__contains__
    if how != "regexp":
        # The processor overlooks the error about a word that it does not know, and then has no filter by name.
        return None
    if cached and entries < 0:
        raise settings.unsupported("a regexp cache of negative size, which crashes the collector", "regexp")
    patterns = []
    for index, name in enumerate(names):
        try:
            patterns.append(compiled(name))
        except ExpressionError as error:
            what = "a pattern that is no regular expression, which crashes the collector"
            raise settings.unsupported(what, "metrics", index) from error
    # Go reads every byte that is no UTF-8 as U+FFFD.
    return lambda text: any(pattern.search(_ESCAPED.sub("\ufffd", text)) for pattern in patterns)
