"""The paths of every context (contexts/internal/ctx* of pkg/ottl 0.160), and who may say which."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

EXEMPLAR: Final = "exemplar"
OTELCOL: Final = "otelcol"
CACHE: Final = "cache"
SCOPE_ALIAS: Final = "instrumentation_scope"


@dataclass(frozen=True, slots=True)
class PathRule:
    """What can be done with a path.

    Attributes:
        indexed: keys may follow, as many as the value has levels.
        settable: `set` changes something; the collector takes it without complaint where it does not.
    """

    indexed: bool = False
    settable: bool = True


_PLAIN: Final = PathRule()
_INDEXED: Final = PathRule(indexed=True)
_FIXED: Final = PathRule(settable=False)

_RESOURCE: Final = {"attributes": _INDEXED, "dropped_attributes_count": _PLAIN, "schema_url": _PLAIN}
_SCOPE: Final = {"name": _PLAIN, "version": _PLAIN, **_RESOURCE}
_METRIC: Final = {
    "name": _PLAIN,
    "description": _PLAIN,
    "unit": _PLAIN,
    "type": _FIXED,
    "aggregation_temporality": _PLAIN,
    "is_monotonic": _PLAIN,
    "data_points": _PLAIN,
    "metadata": _INDEXED,
}
_DATAPOINT: Final = {
    "attributes": _INDEXED,
    **dict.fromkeys(
        (
            "start_time_unix_nano",
            "time_unix_nano",
            "start_time",
            "time",
            "value_double",
            "value_int",
            "exemplars",
            "flags",
            "count",
            "sum",
            "bucket_counts",
            "explicit_bounds",
            "scale",
            "zero_count",
            "positive",
            "positive.offset",
            "positive.bucket_counts",
            "negative",
            "negative.offset",
            "negative.bucket_counts",
            "quantile_values",
        ),
        _PLAIN,
    ),
}
_EXEMPLAR: Final = {
    "filtered_attributes": _INDEXED,
    **dict.fromkeys(
        (
            "time_unix_nano",
            "time",
            "double_value",
            "int_value",
            "trace_id",
            "trace_id.string",
            "span_id",
            "span_id.string",
        ),
        _PLAIN,
    ),
}
_OTELCOL: Final = {
    "client.addr": _FIXED,
    "client.auth.attributes": PathRule(indexed=True, settable=False),
    "client.metadata": PathRule(indexed=True, settable=False),
    "grpc.metadata": PathRule(indexed=True, settable=False),
}

PATHS: Final[Mapping[str, Mapping[str, PathRule]]] = MappingProxyType(
    {
        "resource": _RESOURCE,
        "scope": _SCOPE,
        SCOPE_ALIAS: _SCOPE,
        "metric": _METRIC,
        "datapoint": _DATAPOINT,
        EXEMPLAR: _EXEMPLAR,
        OTELCOL: _OTELCOL,
    }
)
"""Path to what can be done with it, by the context in front of it. `cache` stands in none; see `CACHE_RULE`."""

CACHE_RULE: Final = _INDEXED
"""`cache`, which only the context that a statement is run for has."""

PREFIXES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "resource": ("resource", OTELCOL),
        "scope": ("scope", "resource", OTELCOL),
        "metric": ("metric", "scope", SCOPE_ALIAS, "resource", OTELCOL),
        "datapoint": ("datapoint", "metric", "scope", SCOPE_ALIAS, "resource", OTELCOL),
        EXEMPLAR: (EXEMPLAR, "datapoint", "metric", "scope", SCOPE_ALIAS, "resource", OTELCOL),
    }
)
"""What may stand in front of a path, by the context a statement is run for (EnablePathContextNames)."""

OPEN_PREFIXES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {**PREFIXES, "scope": ("scope", SCOPE_ALIAS, "resource", OTELCOL)}
)
"""The same where a path may go without: each context's own PathExpressionParser decides, and scope's knows more."""
