"""What nodes and points say, as objects that can be changed; the bytes they came from give back what is not understood.

Each has `read` and `write`: `write(read(b))` says to a collector what `b` says, after the collector's own reading. What
no field shows (entity references, dropped counts, metadata) stands in `others` as it was written.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from phoenix.engine.values.value import Map

NO_ATTRIBUTES: Final = Map()


class MetricType(IntEnum):
    """pmetric.MetricType; the numbers are those of OTTL's METRIC_DATA_TYPE_ enums."""

    NONE = 0
    GAUGE = 1
    SUM = 2
    HISTOGRAM = 3
    EXPONENTIAL_HISTOGRAM = 4
    SUMMARY = 5


@dataclass(frozen=True, slots=True)
class ResourceNode:
    """ResourceMetrics without its scopes.

    Attributes:
        attributes: of the resource.
        dropped_attributes_count: of the resource.
        schema_url: of the ResourceMetrics.
        others: fields no one here reads, as written, of the Resource message.
        others_outside: the same, of the ResourceMetrics message.
    """

    attributes: Map = NO_ATTRIBUTES
    dropped_attributes_count: int = 0
    schema_url: str = ""
    others: bytes = b""
    others_outside: bytes = b""


@dataclass(frozen=True, slots=True)
class ScopeNode:
    """ScopeMetrics without its metrics; `others` as in `ResourceNode`."""

    name: str = ""
    version: str = ""
    attributes: Map = NO_ATTRIBUTES
    dropped_attributes_count: int = 0
    schema_url: str = ""
    others: bytes = b""
    others_outside: bytes = b""


@dataclass(frozen=True, slots=True)
class MetricNode:
    """Metric without its points.

    Attributes:
        temporality: 0 unspecified, 1 delta, 2 cumulative; 0 for types that have none.
        monotonic: of a sum.
        metadata: Metric.metadata.
        others: fields no one here reads, as written.
    """

    name: str = ""
    description: str = ""
    unit: str = ""
    type: MetricType = MetricType.NONE
    temporality: int = 0
    monotonic: bool = False
    metadata: Map = NO_ATTRIBUTES
    others: bytes = b""


# The pool of point attributes holds maps as they are.
PointAttributes = Map
# The rest of a point stays bytes here; engine/values/rests.py reads histograms and summaries where one is asked for.
Rest = bytes
