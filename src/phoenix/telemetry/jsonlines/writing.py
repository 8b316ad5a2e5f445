"""From a capture to lines: a text for each distinct value, from which the kernel puts lines together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import orjson
from google.protobuf.descriptor import Descriptor
from numpy.typing import NDArray
from opentelemetry.proto.metrics.v1 import metrics_pb2

from phoenix.telemetry.buffers import values_list
from phoenix.telemetry.capture import Capture, Nodes, PointKind, Points, children
from phoenix.telemetry.invariants import verify
from phoenix.telemetry.jsonlines.fragments import to_json
from phoenix.telemetry.values.message import length_field, read_fields

if TYPE_CHECKING:
    from phoenix.telemetry.jsonlines.kernels.batch import PointTexts, Texts, Tree

_NUMBER_POINT = metrics_pb2.NumberDataPoint.DESCRIPTOR
_POINT_MESSAGES: dict[int, Descriptor] = {
    PointKind.HISTOGRAM: metrics_pb2.HistogramDataPoint.DESCRIPTOR,
    PointKind.EXPONENTIAL_HISTOGRAM: metrics_pb2.ExponentialHistogramDataPoint.DESCRIPTOR,
    PointKind.SUMMARY: metrics_pb2.SummaryDataPoint.DESCRIPTOR,
}
_DATA = frozenset({"gauge", "sum", "histogram", "exponentialHistogram", "summary"})
_LOW = np.uint64(10**10)


@dataclass(frozen=True, slots=True)
class _Frame:
    # A node's object around its children: members before their list, and members behind it.
    opening: bytes
    before: bytes
    name: bytes
    after: bytes
    closing: bytes

    def texts(self) -> tuple[bytes, bytes, bytes]:
        # Up to the children, behind them, and the whole without any.
        opening = self.opening + self.before + (b"," if self.before else b"") + b'"%s":[' % self.name
        closing = b"]" + (b"," if self.after else b"") + self.after + self.closing
        return opening, closing, self.opening + _joined(self.before, self.after) + self.closing


def request_lines(capture: Capture) -> Iterator[bytes]:
    """Yield the JSON object of each batch's request, without white space, with a line feed.

    Raises:
        CaptureCorruptError: the capture contradicts itself, or a value is no OTLP message.
    """
    from phoenix.telemetry.jsonlines.kernels.batch import write_batch  # noqa: PLC0415 numba is slow to import

    verify(capture)
    tree = _tree(capture)
    first_resource = children(capture.resources, len(capture.batches))
    room = _room(tree, first_resource)
    out = np.empty(int(room.max(initial=0)), dtype=np.uint8)
    for first, last in pairwise(first_resource):
        size = write_batch(tree, out, first, last)
        yield out[:size].tobytes()


def _tree(capture: Capture) -> "Tree":
    from phoenix.telemetry.jsonlines.kernels.batch import Level, Tree  # noqa: PLC0415 numba is slow to import

    def level(nodes: Nodes, frames: list[_Frame], below: Nodes | Points) -> Level:
        return Level(nodes.value, _texts([frame.texts() for frame in frames]), children(below, len(nodes)))

    resources, scopes, metrics = capture.resources, capture.scopes, capture.metrics
    of_resource, of_scope = metrics_pb2.ResourceMetrics.DESCRIPTOR, metrics_pb2.ScopeMetrics.DESCRIPTOR
    return Tree(
        level(resources, [_node_frame(of_resource, v, "scopeMetrics") for v in values_list(resources.values)], scopes),
        level(scopes, [_node_frame(of_scope, value, "metrics") for value in values_list(scopes.values)], metrics),
        level(metrics, [_metric_frame(value) for value in values_list(metrics.values)], capture.points),
        _point_texts(capture.points),
        np.ones(1, dtype=np.int64),
    )


def _room(tree: "Tree", first_resource: NDArray[np.int64]) -> NDArray[np.int64]:
    # The most bytes that each batch's line can take.
    from phoenix.telemetry.jsonlines.kernels.batch import POINT_ROOM, REQUEST_ROOM  # noqa: PLC0415 see above

    points = tree.points
    rest_sizes = np.append(_sizes(points.rest_texts, 2), 0)
    most = POINT_ROOM + _sizes(points.attribute_texts, 1)[points.attributes] + rest_sizes[points.rest]
    for level in (tree.metrics, tree.scopes, tree.resources):
        # A node takes its texts and a comma, and its children.
        most = _summed(most, level.first_child) + 1 + _sizes(level.texts, 3)[level.value]
    return _summed(most, first_resource) + REQUEST_ROOM


def _sizes(texts: "Texts", each: int) -> NDArray[np.int64]:
    return np.diff(texts.offsets[::each])


def _summed(sizes: NDArray[np.int64], offsets: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.diff(np.concatenate(([0], np.cumsum(sizes)))[offsets])


def _texts(groups: Sequence[tuple[bytes, ...]]) -> "Texts":
    from phoenix.telemetry.jsonlines.kernels.batch import Texts  # noqa: PLC0415 numba is slow to import

    texts = [text for group in groups for text in group]
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    return Texts(np.frombuffer(b"".join(texts), dtype=np.uint8), offsets)


def _joined(*members: bytes) -> bytes:
    return b",".join([member for member in members if member])


def _members(said: dict[str, object]) -> bytes:
    return orjson.dumps(said)[1:-1]


def _node_frame(message: Descriptor, value: bytes, child: str) -> _Frame:
    before, after = _split_at(to_json(message, value), message, child)
    return _Frame(b"{", before, child.encode(), after, b"}")


def _split_at(said: dict[str, object], message: Descriptor, name: str) -> tuple[bytes, bytes]:
    # The members declared before one, and those behind it.
    names = [field.json_name for field in message.fields]
    place = names.index(name)
    before, after = ({name: said[name] for name in part if name in said} for part in (names[:place], names[place:]))
    return _members(before), _members(after)


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


def _point_texts(points: Points) -> "PointTexts":
    from phoenix.telemetry.jsonlines.kernels.batch import PointTexts  # noqa: PLC0415 numba is slow to import

    integers = points.kind == PointKind.INT
    # The size of the least integer is its own negative, and right without a sign.
    sizes = np.where(integers, np.where(points.bits < 0, -points.bits, points.bits), 0).view(np.uint64)
    doubles = points.bits.view(np.float64)[points.kind == PointKind.DOUBLE]
    rest, rest_texts = _rests(points)
    return PointTexts(
        attributes=points.attributes,
        attribute_texts=_texts([(_attributes(value),) for value in values_list(points.attribute_values)]),
        rest=rest,
        rest_texts=rest_texts,
        numbers=np.column_stack([*_parts(points.start_time), *_parts(points.time), *_parts(sizes)]),
        negative=integers & (points.bits < 0),
        flags=points.flags,
        kind=points.kind,
        doubles=np.frombuffer(orjson.dumps(doubles, option=orjson.OPT_SERIALIZE_NUMPY), dtype=np.uint8),
        bits=points.bits,
    )


def _parts(numbers: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return (numbers // _LOW).astype(np.int64), (numbers % _LOW).astype(np.int64)


def _attributes(value: bytes) -> bytes:
    # A point's attributes and a KeyValueList hold the same fields under other numbers.
    return _members(to_json(_NUMBER_POINT, b"".join(length_field(7, part.payload) for part in read_fields(value))))


def _rests(points: Points) -> "tuple[NDArray[np.int64], Texts]":
    # The same rest reads otherwise in another kind of point. Number points are all of one message.
    said = points.rest >= 0
    kinds = np.where(points.kind < PointKind.HISTOGRAM, np.uint8(PointKind.NO_VALUE), points.kind)
    used, numbers = np.unique(points.rest[said].astype(np.int64) * len(PointKind) + kinds[said], return_inverse=True)
    rest = np.full(len(points), -1, dtype=np.int64)
    rest[said] = numbers
    values = values_list(points.rest_values)
    texts = []
    for value, kind in zip(*np.divmod(used, len(PointKind)), strict=True):
        message = _POINT_MESSAGES.get(int(kind), _NUMBER_POINT)
        texts.append(_split_at(to_json(message, values[int(value)]), message, "flags"))
    return rest, _texts(texts)
