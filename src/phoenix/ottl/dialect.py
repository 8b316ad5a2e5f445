"""What OTTL is in one place of one collector: the functions of each context, and how paths name their context.

Keyed by the collector's version; a new version is a new table here, and signatures that changed beside the old ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from phoenix.ottl.contexts.prefixes import Prefixes
from phoenix.ottl.signatures import sets
from phoenix.ottl.signatures.signature import Signature

LAMBDA_GATE: Final = "ottl.functions.enableLambda"
"""The feature gate without which a collector refuses lambdas."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """The language of one place in a config.

    Attributes:
        place: where, for messages.
        version: of the collector.
        functions: by the context a text is run for; its keys are the contexts a place knows, `exemplar` too.
        prefixes: how paths are read when the config names the context. When it does not they need their context.
        gates: the feature gates that are open.
    """

    place: str
    version: str
    functions: Mapping[str, Mapping[str, Signature]]
    prefixes: Prefixes
    gates: frozenset[str] = frozenset()


def _dialect(place: str, prefixes: Prefixes, **functions: Mapping[str, Signature]) -> Dialect:
    return Dialect(place, "0.160.0", MappingProxyType(functions), prefixes)


TRANSFORM_STATEMENTS: Final = _dialect(
    "transform, metric_statements",
    Prefixes.ADDED,
    resource=sets.STANDARD_FUNCTIONS,
    scope=sets.STANDARD_FUNCTIONS,
    metric=sets.METRIC_FUNCTIONS,
    datapoint=sets.DATAPOINT_FUNCTIONS,
    exemplar=sets.STANDARD_FUNCTIONS,
)
"""`metric_statements` of the transform processor: statements."""

TRANSFORM_CONDITIONS: Final = _dialect(
    "transform, conditions",
    Prefixes.OPEN,
    resource=sets.STANDARD_CONVERTERS,
    scope=sets.STANDARD_CONVERTERS,
    metric=sets.METRIC_CONDITIONS,
    datapoint=sets.STANDARD_CONVERTERS,
    exemplar=sets.STANDARD_CONVERTERS,
)
"""`conditions` of a group of statements of the transform processor."""

FILTER_CONDITIONS: Final = _dialect(
    "filter, metric_conditions",
    Prefixes.ADDED,
    resource=sets.STANDARD_CONVERTERS,
    scope=sets.STANDARD_CONVERTERS,
    metric=sets.METRIC_CONDITIONS,
    datapoint=sets.STANDARD_CONVERTERS,
)
"""`metric_conditions` of the filter processor, with and without `context:`."""

FILTER_METRICS: Final = _dialect(
    "filter, metrics",
    Prefixes.OPEN,
    resource=sets.STANDARD_CONVERTERS,
    metric=sets.METRIC_CONDITIONS,
    datapoint=sets.STANDARD_CONVERTERS,
)
"""`metrics:` with `resource:`, `metric:` and `datapoint:` of the filter processor."""

DIALECTS: Final[Mapping[str, tuple[Dialect, ...]]] = MappingProxyType(
    {"0.160.0": (TRANSFORM_STATEMENTS, TRANSFORM_CONDITIONS, FILTER_CONDITIONS, FILTER_METRICS)}
)
"""The places by version of the collector."""
