"""Which functions there are in which place, by version of the collector."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from phoenix.ottl.signatures import editors, maps, metrics, parsing, text, times, values
from phoenix.ottl.signatures.signature import Signature

Functions = Mapping[str, Signature]


def _by_name(*groups: tuple[Signature, ...]) -> Functions:
    return MappingProxyType({signature.name: signature for group in groups for signature in group})


_CONVERTERS: Final = (
    *text.SIGNATURES,
    *values.SIGNATURES,
    *times.SIGNATURES,
    *parsing.SIGNATURES,
    *maps.SIGNATURES,
    *editors.AMONG_CONVERTERS,
)
_ALL: Final = (*_CONVERTERS, *editors.SIGNATURES)

STANDARD_CONVERTERS: Final = _by_name(_CONVERTERS)
"""ottlfuncs.StandardConverters of 0.160."""

STANDARD_FUNCTIONS: Final = _by_name(_ALL)
"""ottlfuncs.StandardFuncs of 0.160."""

METRIC_FUNCTIONS: Final = _by_name(_ALL, metrics.METRIC)
"""MetricFunctions of the transform processor 0.160."""

DATAPOINT_FUNCTIONS: Final = _by_name(_ALL, metrics.DATAPOINT)
"""DataPointFunctions of the transform processor 0.160."""

METRIC_CONDITIONS: Final = _by_name(_CONVERTERS, metrics.CONDITIONS_ON_METRIC)
"""StandardMetricFuncs of internal/filter/filterottl 0.160."""
