"""From a capture to JSON text: one fragment for each distinct value, and points put together from fragments."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import orjson
from google.protobuf.descriptor import Descriptor
from numpy.typing import NDArray
from opentelemetry.proto.metrics.v1 import metrics_pb2

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture, PointKind, Points, children
from phoenix.telemetry.jsonlines.fragments import to_json
from phoenix.telemetry.values.message import length_field, read_fields

_NUMBER_POINT = metrics_pb2.NumberDataPoint.DESCRIPTOR
_POINT_MESSAGES: dict[int, Descriptor] = {
    PointKind.HISTOGRAM: metrics_pb2.HistogramDataPoint.DESCRIPTOR,
    PointKind.EXPONENTIAL_HISTOGRAM: metrics_pb2.ExponentialHistogramDataPoint.DESCRIPTOR,
    PointKind.SUMMARY: metrics_pb2.SummaryDataPoint.DESCRIPTOR,
}
_DATA = frozenset({"gauge", "sum", "histogram", "exponentialHistogram", "summary"})


@dataclass(frozen=True, slots=True)
class _Frame:
    # A node's object without its children: members before their list, and members behind it.
    opening: bytes
    before: bytes
    name: bytes
    after: bytes
    closing: bytes

    def around(self, texts: list[bytes]) -> bytes:
        listed = b'"%s":[%s]' % (self.name, b",".join(texts)) if texts else b""
        return self.opening + _joined(self.before, listed, self.after) + self.closing


def request_texts(capture: Capture) -> Iterator[bytes]:
    """Yield the JSON object of each batch's request, without white space.

    Raises:
        CaptureCorruptError: a value is no OTLP message.
    """
    points = _point_texts(capture.points)
    metrics = [_metric_frame(value) for value in values_list(capture.metrics.values)]
    scopes = [
        _node_frame(metrics_pb2.ScopeMetrics.DESCRIPTOR, v, "metrics") for v in values_list(capture.scopes.values)
    ]
    resources = [
        _node_frame(metrics_pb2.ResourceMetrics.DESCRIPTOR, value, "scopeMetrics")
        for value in values_list(capture.resources.values)
    ]
    metric_texts = _framed(metrics, capture.metrics.value, children(capture.points, len(capture.metrics)), points)
    scope_texts = _framed(scopes, capture.scopes.value, children(capture.metrics, len(capture.scopes)), metric_texts)
    below = children(capture.scopes, len(capture.resources))
    resource_texts = _framed(resources, capture.resources.value, below, scope_texts)
    request = _Frame(b"{", b"", b"resourceMetrics", b"", b"}")
    offsets = children(capture.resources, len(capture.batches)).tolist()
    for batch in range(len(capture.batches)):
        yield request.around(resource_texts[offsets[batch] : offsets[batch + 1]])


def _framed(
    frames: list[_Frame], value: NDArray[np.int32], offsets: NDArray[np.int64], texts: list[bytes]
) -> list[bytes]:
    first = offsets.tolist()
    return [frames[number].around(texts[first[row] : first[row + 1]]) for row, number in enumerate(value.tolist())]


def _joined(*members: bytes) -> bytes:
    return b",".join([member for member in members if member])


def _members(said: dict[str, object]) -> bytes:
    return orjson.dumps(said)[1:-1]


def _node_frame(message: Descriptor, value: bytes, child: str) -> _Frame:
    said = to_json(message, value)
    names = [field.json_name for field in message.fields]
    place = names.index(child)
    before, after = ({name: said[name] for name in part if name in said} for part in (names[:place], names[place:]))
    return _Frame(b"{", _members(before), child.encode(), _members(after), b"}")


def _metric_frame(value: bytes) -> _Frame:
    said = to_json(metrics_pb2.Metric.DESCRIPTOR, value)
    place = next((i for i, name in enumerate(said) if name in _DATA), len(said))
    members = list(said.items())
    before = _members(dict(members[:place]))
    if place == len(said):
        return _Frame(b"{", before, b"", b"", b"}")
    name, data = members[place]
    opening = b"{" + before + (b"," if before else b"") + orjson.dumps(name) + b":{"
    after = _members(dict(members[place + 1 :]))
    closing = b"}" + (b"," if after else b"") + after + b"}"
    return _Frame(opening, b"", b"dataPoints", orjson.dumps(data)[1:-1], closing)


def _point_texts(points: Points) -> list[bytes]:
    attributes = [_attributes(value) for value in values_list(points.attribute_values)]
    rests = [_Rests(value) for value in values_list(points.rest_values)]
    texts: list[bytes] = []
    for number, start, time, kind, value, flags, rest in zip(
        points.attributes.tolist(),
        _times(b"startTimeUnixNano", points.start_time),
        _times(b"timeUnixNano", points.time),
        points.kind.tolist(),
        _numbers(points),
        points.flags.tolist(),
        points.rest.tolist(),
        strict=True,
    ):
        before, after = rests[rest].around_flags(kind) if rest >= 0 else (b"", b"")
        flag = b'"flags":%d' % flags if flags else b""
        members = (attributes[number], start, time, value, before, flag, after)
        texts.append(b"{" + b",".join([member for member in members if member]) + b"}")
    return texts


def _attributes(value: bytes) -> bytes:
    # A point's attributes and a KeyValueList hold the same fields under other numbers.
    return _members(to_json(_NUMBER_POINT, b"".join(length_field(7, part.payload) for part in read_fields(value))))


def _times(name: bytes, times: NDArray[np.uint64]) -> list[bytes]:
    return [b'"%s":"%s"' % (name, time) if time != b"0" else b"" for time in _texts(times)]


def _texts(numbers: NDArray[np.uint64] | NDArray[np.int64] | NDArray[np.float64]) -> list[bytes]:
    return orjson.dumps(numbers.tolist())[1:-1].split(b",") if len(numbers) else []


def _numbers(points: Points) -> list[bytes]:
    texts = np.full(len(points), b"", dtype=np.object_)
    for kind, form, numbers in (
        (PointKind.INT, b'"asInt":"%s"', points.bits),
        (PointKind.DOUBLE, b'"asDouble":%s', points.bits.view(np.float64)),
    ):
        rows = np.flatnonzero(points.kind == kind)
        texts[rows] = [form % text for text in _texts(numbers[rows])]
    doubles = points.bits.view(np.float64)
    for row in np.flatnonzero((points.kind == PointKind.DOUBLE) & ~np.isfinite(doubles)).tolist():
        name = b"NaN" if np.isnan(doubles[row]) else (b"Infinity" if doubles[row] > 0 else b"-Infinity")
        texts[row] = b'"asDouble":"%s"' % name
    return texts.tolist()


class _Rests:
    # The rest of a point as JSON, for each kind that uses it, in two parts: flags are declared between them.

    def __init__(self, value: bytes) -> None:
        self._value = value
        self._parts: dict[int, tuple[bytes, bytes]] = {}

    def around_flags(self, kind: int) -> tuple[bytes, bytes]:
        if kind not in self._parts:
            message = _POINT_MESSAGES.get(kind, _NUMBER_POINT)
            said = to_json(message, self._value)
            names = [field.json_name for field in message.fields]
            place = names.index("flags")
            before, after = ({n: said[n] for n in part if n in said} for part in (names[:place], names[place:]))
            self._parts[kind] = _members(before), _members(after)
        return self._parts[kind]
