"""A capture: an immutable, time-bounded recording of real telemetry, as columns that keep the OTLP tree.

The tree is four node tables (batches, resources, scopes, metrics) and one point table, each in the order the requests
came and were written, so the children of a node are one contiguous run of rows. What a node *says* is interned: a value
is the node's own OTLP message with its children taken out, as bytes, so nothing is lost, map order stands, and each
distinct value is looked at once however many nodes share it (docs/adr/0003-capture-format.md).

    batches     one row a request
    resources   value: opentelemetry.proto.metrics.v1.ResourceMetrics without scope_metrics
    scopes      value: ScopeMetrics without metrics
    metrics     value: Metric without data points (the empty gauge, sum, ... stays, so type and temporality stay)
    points      attributes: opentelemetry.proto.common.v1.KeyValueList
                rest: the point's message without attributes, times, flags and, for numbers, the value; absent if empty

Collector semantics act per batch and per node: equal resources in one batch stay two rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class PointKind(IntEnum):
    """What a point carries. Stored as uint8; the numbers are part of the file format."""

    NO_VALUE = 0
    INT = 1
    DOUBLE = 2
    HISTOGRAM = 3
    EXPONENTIAL_HISTOGRAM = 4
    SUMMARY = 5


@dataclass(frozen=True, slots=True)
class Nodes:
    """One level of the tree; row i is the i-th node in request order, then in the order written.

    Attributes:
        batch: int32[n], the batch the node is in.
        parent: int32[n], the row one level up (for resources: the batch). Never falls from row to row.
        position: int32[n], 0, 1, ... among the children of one parent.
        value: int32[n], row of `values`.
        values: V distinct messages as bytes; two rows are never equal. A value that no node uses may stand.
    """

    batch: NDArray[np.int32]
    parent: NDArray[np.int32]
    position: NDArray[np.int32]
    value: NDArray[np.int32]
    values: pa.BinaryArray

    def __len__(self) -> int:
        return len(self.parent)


@dataclass(frozen=True, slots=True)
class Points:
    """Every data point, in the order of its metric node and within it.

    Attributes:
        metric: int32[N], row of the metric node. Never falls.
        attributes: int32[N], row of `attribute_values`; equal bytes have one row, other orders of a map are other rows.
        start_time: uint64[N], nanoseconds since 1970; 0 is "not set".
        time: uint64[N], nanoseconds since 1970.
        flags: uint32[N], OTLP data point flags (1: no recorded value).
        kind: uint8[N], a `PointKind`.
        bits: int64[N], the value: the integer itself for INT, the IEEE 754 bits for DOUBLE, else 0.
        rest: int32[N], row of `rest_values`, or -1 when nothing else was said.
    """

    metric: NDArray[np.int32]
    attributes: NDArray[np.int32]
    start_time: NDArray[np.uint64]
    time: NDArray[np.uint64]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    rest: NDArray[np.int32]
    attribute_values: pa.BinaryArray
    rest_values: pa.BinaryArray

    def __len__(self) -> int:
        return len(self.metric)

    def numbers(self) -> NDArray[np.float64]:
        """Return float64[N]: the value of INT and DOUBLE points, NaN for others. Integers over 2**53 are rounded."""
        return np.where(
            self.kind == PointKind.INT,
            self.bits.astype(np.float64),
            np.where(self.kind == PointKind.DOUBLE, self.bits.view(np.float64), np.nan),
        )


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a capture came from; stored beside it, never part of equality.

    Attributes:
        host: name of the host recorded, or "" when unknown (imported).
        recorded_at: RFC 3339 time of the recording's start, or "".
        collector_version: version of the collector that made it, or "".
        interval_seconds: collection interval while recording; None when unknown.
        masked: arguments of command lines were masked.
        notes: anything else worth knowing, such as how many processes could not be read.
    """

    host: str = ""
    recorded_at: str = ""
    collector_version: str = ""
    interval_seconds: float | None = None
    masked: bool = False
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capture:
    """The whole recording. Arrays are read-only; every change gives a new capture that shares what did not change.

    Attributes:
        batches: uint64[B], nanoseconds since 1970 when each request was received; 0 when unknown.
    """

    batches: NDArray[np.uint64]
    resources: Nodes
    scopes: Nodes
    metrics: Nodes
    points: Points
    origin: Origin = field(default_factory=Origin, compare=False)

    def with_origin(self, origin: Origin) -> Self:
        """Return the same telemetry with another origin."""
        return replace(self, origin=origin)


def children(nodes: Nodes | Points, parents: int) -> NDArray[np.int64]:
    """Return int64[parents + 1]: rows `[offsets[p], offsets[p + 1])` of `nodes` are the children of parent p."""
    parent = nodes.metric if isinstance(nodes, Points) else nodes.parent
    return np.searchsorted(parent, np.arange(parents + 1, dtype=np.int64)).astype(np.int64)
