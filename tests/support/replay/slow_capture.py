"""A capture made from OTLP requests in plain Python, by the words of phoenix.telemetry.capture."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
from google.protobuf.message import Message
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValueList
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric

from phoenix.telemetry.capture import Capture, Nodes, PointKind, Points


class _Table:
    """Rows of one node table and the values they intern."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, int, int, int]] = []
        self.values: dict[bytes, int] = {}

    def add(self, batch: int, parent: int, position: int, value: bytes) -> int:
        self.rows.append((batch, parent, position, self.values.setdefault(value, len(self.values))))
        return len(self.rows) - 1

    def nodes(self) -> Nodes:
        columns = np.array(self.rows, np.int32).reshape(-1, 4).T
        return Nodes(columns[0], columns[1], columns[2], columns[3], pa.array(list(self.values), pa.binary()))


def capture_of(requests: Iterable[ExportMetricsServiceRequest]) -> Capture:
    """Return the capture of number points that these requests are."""
    resources, scopes, metrics = _Table(), _Table(), _Table()
    attributes: dict[bytes, int] = {}
    points: list[tuple[int, ...]] = []
    batches = 0
    for batch, request in enumerate(requests):
        batches += 1
        for place, resource in enumerate(request.resource_metrics):
            row = resources.add(batch, batch, place, _without(resource, lambda m: m.ClearField("scope_metrics")))
            for inner, scope in enumerate(resource.scope_metrics):
                below = scopes.add(batch, row, inner, _without(scope, lambda m: m.ClearField("metrics")))
                for last, metric in enumerate(scope.metrics):
                    node = metrics.add(batch, below, last, _without(metric, _empty))
                    for point in _body(metric).data_points:
                        said = KeyValueList(values=point.attributes).SerializeToString()
                        whole = point.WhichOneof("value") == "as_int"
                        bits = point.as_int if whole else int(np.float64(point.as_double).view(np.int64))
                        kind = PointKind.INT if whole else PointKind.DOUBLE
                        own = attributes.setdefault(said, len(attributes))
                        points.append(
                            (node, own, point.start_time_unix_nano, point.time_unix_nano, point.flags, kind, bits)
                        )
    return Capture(
        np.zeros(batches, np.uint64), resources.nodes(), scopes.nodes(), metrics.nodes(), _points(points, attributes)
    )


def _points(rows: list[tuple[int, ...]], attributes: Iterable[bytes]) -> Points:
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return Points(
        metric=np.array(columns[0], np.int32),
        attributes=np.array(columns[1], np.int32),
        start_time=np.array(columns[2], np.uint64),
        time=np.array(columns[3], np.uint64),
        flags=np.array(columns[4], np.uint32),
        kind=np.array(columns[5], np.uint8),
        bits=np.array(columns[6], np.int64),
        rest=np.full(len(rows), -1, np.int32),
        attribute_values=pa.array(list(attributes), pa.binary()),
        rest_values=pa.array([], pa.binary()),
    )


def _without(message: Message, strip: Callable[[Any], None]) -> bytes:
    copy = type(message)()
    copy.CopyFrom(message)
    strip(copy)
    text: bytes = copy.SerializeToString(deterministic=True)
    return text


def _body(metric: Metric) -> Any:
    return getattr(metric, metric.WhichOneof("data") or "")


def _empty(metric: Metric) -> None:
    _body(metric).ClearField("data_points")
