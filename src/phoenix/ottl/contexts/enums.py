"""The symbols that stand for integers, by context (symbols.go of the contexts of pkg/ottl 0.160)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_METRIC: Final = {
    "AGGREGATION_TEMPORALITY_UNSPECIFIED": 0,
    "AGGREGATION_TEMPORALITY_DELTA": 1,
    "AGGREGATION_TEMPORALITY_CUMULATIVE": 2,
    "METRIC_DATA_TYPE_NONE": 0,
    "METRIC_DATA_TYPE_GAUGE": 1,
    "METRIC_DATA_TYPE_SUM": 2,
    "METRIC_DATA_TYPE_HISTOGRAM": 3,
    "METRIC_DATA_TYPE_EXPONENTIAL_HISTOGRAM": 4,
    "METRIC_DATA_TYPE_SUMMARY": 5,
}
_DATAPOINT: Final = {"FLAG_NONE": 0, "FLAG_NO_RECORDED_VALUE": 1, **_METRIC}

# Resource, scope and exemplar have none, though a metric or datapoint is below or above them.
ENUMS: Final[Mapping[str, Mapping[str, int]]] = MappingProxyType({"metric": _METRIC, "datapoint": _DATAPOINT})
"""Symbol to value, by the context a statement is run for; a context that is absent has no enums."""
