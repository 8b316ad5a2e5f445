"""What two points must have in common to be equal, as columns of integers that mean the same in both captures."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from google.protobuf.message import DecodeError, Message
from numpy.typing import NDArray
from opentelemetry.proto.metrics.v1 import metrics_pb2

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture, PointKind, Points
from phoenix.telemetry.identity import SeriesIndex
from phoenix.telemetry.values.canonical import canonical_attributes
from phoenix.telemetry.values.message import LENGTH, length_field, read_fields

Ints = NDArray[np.int64]

COLUMNS = ("series", "time", "start_time", "value", "type", "flags", "detail", "context")

_MESSAGES: dict[int, type[Message]] = {
    PointKind.HISTOGRAM: metrics_pb2.HistogramDataPoint,
    PointKind.EXPONENTIAL_HISTOGRAM: metrics_pb2.ExponentialHistogramDataPoint,
    PointKind.SUMMARY: metrics_pb2.SummaryDataPoint,
}
# Fields that are identity: of ResourceMetrics and ScopeMetrics inside field 1, of Metric at the top.
_OF_RESOURCE, _OF_SCOPE, _OF_METRIC = frozenset({1}), frozenset({1, 2, 3}), frozenset({1, 3, 5, 7, 9, 10, 11})
_METADATA = 12


def comparable_columns(captures: tuple[Capture, Capture], indexes: Sequence[SeriesIndex]) -> tuple[Ints, Ints]:
    """Return int64[8, N] for each capture, its rows named by COLUMNS.

    Series, detail and context are numbered over both captures. Values compare by bits, and types apart from them.
    """
    numbers = _Numbers()
    first, second = (_columns(capture, index, numbers) for capture, index in zip(captures, indexes, strict=True))
    return first, second


class _Numbers:
    # One number for each distinct key, across captures.

    def __init__(self) -> None:
        self._known: dict[object, int] = {}

    def of(self, key: object) -> int:
        return self._known.setdefault(key, len(self._known))

    def of_all(self, values: pa.BinaryArray, read: Callable[[bytes], object]) -> Ints:
        return np.array([self.of(read(value)) for value in values_list(values)], dtype=np.int64)


def _columns(capture: Capture, index: SeriesIndex, numbers: _Numbers) -> Ints:
    points, scope = capture.points, capture.metrics.parent
    resource = capture.scopes.parent[scope]
    around = (
        numbers.of_all(capture.resources.values, lambda value: _beside(value, _OF_RESOURCE)),
        numbers.of_all(capture.scopes.values, lambda value: _beside(value, _OF_SCOPE)),
        numbers.of_all(capture.metrics.values, _beside_metric),
    )
    rows = (capture.resources.value[resource], capture.scopes.value[scope], capture.metrics.value)
    nodes = np.stack([table[row] for table, row in zip(around, rows, strict=True)])
    distinct, which = np.unique(nodes, axis=1, return_inverse=True)
    context = np.array([numbers.of(tuple(column)) for column in distinct.T.tolist()], dtype=np.int64)
    return np.stack(
        [
            index.ids.astype(np.int64),
            points.time.view(np.int64),
            points.start_time.view(np.int64),
            points.bits,
            points.kind.astype(np.int64),
            points.flags.astype(np.int64),
            _details(points, numbers),
            context[which.reshape(-1)][points.metric],
        ]
    )


def _details(points: Points, numbers: _Numbers) -> Ints:
    # The rest of each point, whatever the order its fields were written in.
    details = np.full(len(points), -1, dtype=np.int64)
    # A row more, for points that say nothing else: -1 finds it.
    rests = [*values_list(points.rest_values), b""]
    kinds = np.where(points.kind < PointKind.HISTOGRAM, PointKind.NO_VALUE, points.kind).astype(np.int64)
    said = np.flatnonzero((points.rest >= 0) | (points.kind == PointKind.EXPONENTIAL_HISTOGRAM))
    used, which = np.unique(np.stack([kinds[said], points.rest[said]]), axis=1, return_inverse=True)
    normalised = (_normalised(rests[rest], _MESSAGES.get(kind)) for kind, rest in used.T.tolist())
    known = [numbers.of(rest) if rest else -1 for rest in normalised]
    details[said] = np.array(known, dtype=np.int64)[which.reshape(-1)]
    return details


def _normalised(rest: bytes, message: type[Message] | None) -> bytes:
    try:
        point = (message or metrics_pb2.NumberDataPoint).FromString(rest)
    except DecodeError:
        # Text that is no UTF-8, which Python's protobuf refuses; then the bytes must be the same.
        return rest
    if isinstance(point, metrics_pb2.ExponentialHistogramDataPoint):
        # Buckets that hold nothing and no buckets say the same; the collector always writes them.
        point.positive.SetInParent()
        point.negative.SetInParent()
        _without_minus_zero(point, "zero_threshold")
    elif isinstance(point, metrics_pb2.SummaryDataPoint):
        _without_minus_zero(point, "sum")
        for quantile in point.quantile_values:
            _without_minus_zero(quantile, "quantile", "value")
    return point.SerializeToString(deterministic=True)


def _without_minus_zero(message: Message, *names: str) -> None:
    # Of a double without presence, protobuf writes a minus zero and the collector does not.
    for name in names:
        if getattr(message, name) == 0:
            message.ClearField(name)


def _beside(value: bytes, identity: frozenset[int]) -> object:
    inside = b"".join(part.payload for part in read_fields(value) if part.number == 1 and part.wire == LENGTH)
    return _other_fields(inside, identity), _other_fields(value, frozenset({1}))


def _beside_metric(value: bytes) -> object:
    # Metadata is a map: the order of its keys, and of what stands in a pair, does not matter.
    pairs = (part.payload for part in read_fields(value) if part.number == _METADATA and part.wire == LENGTH)
    metadata = canonical_attributes(b"".join(length_field(1, pair) for pair in pairs))
    return metadata, _other_fields(value, _OF_METRIC | {_METADATA})


def _other_fields(message: bytes, identity: frozenset[int]) -> tuple[bytes, ...]:
    return tuple(sorted(part.written for part in read_fields(message) if part.number not in identity))
