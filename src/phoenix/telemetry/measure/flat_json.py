"""How many bytes a point takes as JSON-like text, which is what vendors that bill by ingested data count.

The form is one flat compact object a point (design, section 6):

    {"name":"process.cpu.time","time":1700000000000000000,"value":1.5,"process.pid":12,"state":"user"}

Nothing is written: text is measured once per distinct value and added up per point.
"""

import base64
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from opentelemetry.proto.metrics.v1 import metrics_pb2

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture, PointKind, Points
from phoenix.telemetry.values import Attributes, AttributeValue, distinct, read_attributes, read_metric, read_resource
from phoenix.telemetry.values.message import read_fields

_FRAME = len('{"name":,"time":,"value":}')
_NULL = len("null")
_TEXTS_AT_ONCE = 1 << 16
_POWERS_OF_TEN = np.array([10**digits for digits in range(1, 20)], dtype=np.uint64)
_MESSAGES: Mapping[PointKind, Any] = {
    PointKind.HISTOGRAM: metrics_pb2.HistogramDataPoint,
    PointKind.EXPONENTIAL_HISTOGRAM: metrics_pb2.ExponentialHistogramDataPoint,
    PointKind.SUMMARY: metrics_pb2.SummaryDataPoint,
}
# Field numbers.
_EXEMPLARS = {PointKind.HISTOGRAM: 8, PointKind.EXPONENTIAL_HISTOGRAM: 11}


def flat_json_bytes(capture: Capture) -> NDArray[np.int64]:
    """Return int64[N]: the bytes of each point's object.

    A histogram or summary is one object too; its value is an object of what its point says. A value that JSON lacks
    (none, NaN, infinite) is null. Bytes are written in base64, as in OTLP's JSON.
    """
    points = capture.points
    scope = capture.metrics.parent[points.metric]
    resource = capture.resources.value[capture.scopes.parent[scope]]
    names = np.array(
        distinct(capture.metrics.values, lambda value: text_json_bytes(read_metric(value).name)), dtype=np.int64
    )
    resources = np.array(
        distinct(capture.resources.values, lambda value: members_json_bytes(read_resource(value).attributes)),
        dtype=np.int64,
    )
    attributes = np.array(
        distinct(points.attribute_values, lambda value: members_json_bytes(read_attributes(value))), dtype=np.int64
    )
    size = own_json_bytes(points)
    size += _take(names, capture.metrics.value[points.metric])
    size += _take(resources, resource) + _take(attributes, points.attributes)
    return size


def own_json_bytes(points: Points) -> NDArray[np.int64]:
    """Return int64[N]: the bytes of each point's object less the texts that points share: name and attributes."""
    return _FRAME + _integer_sizes(points.time) + _value_sizes(points)


def _take(sizes: NDArray[np.int64], rows: NDArray[np.signedinteger[Any]]) -> NDArray[np.int64]:
    return sizes[rows] if len(rows) else np.zeros(0, dtype=np.int64)


def _integer_sizes(numbers: NDArray[np.uint64] | NDArray[np.int64]) -> NDArray[np.int64]:
    # The digits, and a minus; the magnitude of -2**63 fits uint64.
    negative = numbers < 0
    magnitude = np.where(negative, -numbers, numbers).astype(np.uint64)
    return 1 + np.searchsorted(_POWERS_OF_TEN, magnitude, side="right") + negative


def _double_sizes(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    # In parts whose texts fit a processor's cache: those of millions of numbers are more memory than the numbers.
    sizes = np.empty(len(numbers), dtype=np.int64)
    for start in range(0, len(numbers), _TEXTS_AT_ONCE):
        part = slice(start, start + _TEXTS_AT_ONCE)
        text = cast("pa.StringArray", pa.array(numbers[part]).cast(pa.string()))
        sizes[part] = np.asarray(pc.binary_length(text))
    return sizes


def _value_sizes(points: Points) -> NDArray[np.int64]:
    size = np.full(len(points), _NULL, dtype=np.int64)
    is_int = points.kind == PointKind.INT
    size[is_int] = _integer_sizes(points.bits[is_int])
    doubles = points.bits.view(np.float64)
    is_number = (points.kind == PointKind.DOUBLE) & np.isfinite(doubles)
    size[is_number] = _double_sizes(doubles[is_number])
    rests = values_list(points.rest_values)
    for kind in _MESSAGES:
        mine = np.flatnonzero((points.kind == kind) & (points.rest >= 0))
        used, which = np.unique(points.rest[mine], return_inverse=True)
        sizes = [len(orjson.dumps(_said(kind, rests[rest]))) for rest in used.tolist()]
        size[mine] = _take(np.array(sizes, dtype=np.int64), which)
    return size


def text_json_bytes(text: str) -> int:
    """Return the bytes of a text, quoted."""
    return len(orjson.dumps(text))


def members_json_bytes(attributes: Attributes) -> int:
    """Return the bytes of attributes as members, each as `,"key":value`."""
    return sum(2 + text_json_bytes(key) + len(orjson.dumps(_plain(value))) for key, value in attributes.items())


def _plain(value: AttributeValue) -> object:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case str() | int() | float() | None:
            return value
        case _:
            return [_plain(item) for item in value]


def _said(kind: PointKind, rest: bytes) -> dict[str, object]:
    # Exemplars have no place in a flat object.
    message = _MESSAGES[kind].FromString(
        b"".join(part.written for part in read_fields(rest) if part.number != _EXEMPLARS.get(kind))
    )
    said: dict[str, object] = {"count": message.count, "sum": message.sum}
    match message:
        case metrics_pb2.HistogramDataPoint():
            said |= {"bounds": list(message.explicit_bounds), "counts": list(message.bucket_counts)}
        case metrics_pb2.ExponentialHistogramDataPoint():
            said |= {"scale": message.scale, "zero_count": message.zero_count}
            for name in ("positive", "negative"):
                buckets = getattr(message, name)
                said[name] = {"offset": buckets.offset, "counts": list(buckets.bucket_counts)}
        case _:
            said["quantiles"] = {str(at.quantile): at.value for at in message.quantile_values}
    for bound in ("min", "max"):
        if kind is not PointKind.SUMMARY and message.HasField(bound):
            said[bound] = getattr(message, bound)
    return said
