"""From requests to a capture: find the nodes and points, rewrite what is written unusually, fill the columns."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.telemetry.buffers import MAX_VALUE_BYTES, binary_array
from phoenix.telemetry.capture import Capture, Nodes, Origin, Points
from phoenix.telemetry.errors import TelemetryInvalidError, TelemetryTooLargeError

if TYPE_CHECKING:
    from phoenix.telemetry.codec.wire import Int

_Item = TypeVar("_Item", bound=np.generic)

# Rows are numbered by int32.
_MAX_ROWS = 2**31 - 2


def decode(
    requests: Sequence[bytes],
    *,
    received_at: Sequence[int] | None = None,
    origin: Origin | None = None,
    max_rows: int = _MAX_ROWS,
) -> Capture:
    """Return the capture of these ExportMetricsServiceRequests, one batch each, in their order.

    Nothing is lost: unknown fields, empty nodes and the order of maps stay. Legal but unusual writing (fields in any
    order, the data of a metric twice, packed or not) means what it means to protobuf. Text need not be UTF-8.

    Args:
        requests: serialized messages.
        received_at: nanoseconds since 1970 for each request; 0 when left out.
        origin: where they came from.
        max_rows: refuse more points, or more nodes of a level, before memory is taken for them: an empty point takes
            two bytes in a request and a hundred times that in columns.

    Raises:
        TelemetryInvalidError: a request is malformed or holds what is no metrics; names its index and the byte offset.
        TelemetryTooLargeError: over `max_rows` rows of a kind, or 2 GiB of distinct values.
    """
    batches = np.zeros(len(requests), dtype=np.uint64)
    if received_at is not None:
        batches[:] = np.fromiter(received_at, dtype=np.uint64, count=len(requests))
    data, offsets, rows = _usual(list(requests), max_rows)
    return _columns(_Source(data, offsets), rows, _read_only(batches), origin or Origin())


def _usual(requests: list[bytes], max_rows: int) -> tuple[NDArray[np.uint8], NDArray[np.int64], list[int]]:
    # All requests in one array, their offsets, and how many rows each level has; unusual requests are rewritten.
    from phoenix.telemetry.codec.walk import REQUEST, Walk, walk_requests  # noqa: PLC0415 numba is slow to import

    while True:
        data = np.frombuffer(b"".join(requests), dtype=np.uint8)
        offsets = np.zeros(len(requests) + 1, dtype=np.int64)
        np.cumsum([len(request) for request in requests], out=offsets[1:])
        rows, unusual = np.zeros(6, dtype=np.int64), np.zeros(len(requests), dtype=np.bool_)
        failure = walk_requests(Walk(data, offsets, np.empty((0, 4), dtype=np.int64), rows, unusual))
        _raise_malformed(failure, offsets, int(rows[REQUEST]))
        if max(len(requests), *rows[:4].tolist()) > max_rows:
            counted = f"{rows[3]:,} points in {rows[2]:,} metrics"
            raise TelemetryTooLargeError(f"{counted} are more than the {max_rows:,} rows allowed")
        if not unusual.any():
            return data, offsets, rows[:4].tolist()
        for index in np.flatnonzero(unusual).tolist():
            requests[index] = _rewritten(requests[index], index)


def _rewritten(request: bytes, index: int) -> bytes:
    try:
        return ExportMetricsServiceRequest.FromString(request).SerializeToString(deterministic=True)
    except DecodeError as error:
        raise TelemetryInvalidError(f"request {index} is malformed: {error}", request=index) from error


def _raise_malformed(failure: "Int", offsets: NDArray[np.int64], request: int | None = None) -> None:
    if failure >= 0:
        return
    at = -1 - int(failure)
    if request is None:
        # What is cut short is named by its end, which is where the next request begins.
        request = int(np.searchsorted(offsets, at - 1, side="right")) - 1
    offset, size = at - int(offsets[request]), int(offsets[request + 1] - offsets[request])
    raise TelemetryInvalidError(
        f"request {request} is not well-formed OTLP metrics at byte {offset} of {size}", request=request, offset=offset
    )


class _Source(NamedTuple):
    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]


def _columns(source: _Source, rows: list[int], batches: NDArray[np.uint64], origin: Origin) -> Capture:
    from phoenix.telemetry.codec import tags  # noqa: PLC0415 numba is slow to import
    from phoenix.telemetry.codec.walk import PARENT, Walk, walk_requests  # noqa: PLC0415

    ends = np.cumsum([0, *rows])
    spans = np.empty((ends[-1], 4), dtype=np.int64)
    next_rows = np.array([*ends[:4], 0, 0], dtype=np.int64)
    walk_requests(Walk(source.data, source.offsets, spans, next_rows, np.zeros(len(batches), dtype=np.bool_)))
    levels = [spans[first:last] for first, last in pairwise(ends)]
    # The walk numbers rows over all levels; a resource's parent is its batch.
    parents = [level[:, PARENT] - first for level, first in zip(levels, (0, *ends[:3]), strict=True)]
    resources = _nodes(source, levels[0], parents[0], tags.SCOPE_METRICS, 0)
    scopes = _nodes(source, levels[1], parents[1], tags.METRIC, 1)
    metrics = _nodes(source, levels[2], parents[2], tags.NO_DATA, 2)
    scopes = replace(scopes, batch=_read_only(resources.batch[scopes.parent]))
    metrics = replace(metrics, batch=_read_only(scopes.batch[metrics.parent]))
    points = _points(source, levels[3], parents[3])
    return Capture(batches=batches, resources=resources, scopes=scopes, metrics=metrics, points=points, origin=origin)


def _nodes(source: _Source, spans: NDArray[np.int64], parent: NDArray[np.int64], child: int, message: int) -> Nodes:
    from phoenix.telemetry.codec.check import new_checker  # noqa: PLC0415 numba is slow to import
    from phoenix.telemetry.codec.intern import new_interner  # noqa: PLC0415
    from phoenix.telemetry.codec.nodes import NodeScan, intern_nodes  # noqa: PLC0415

    # The parts of a value are pieces of the input, and a rewritten length is never longer than before.
    values = new_interner(len(spans), len(source.data))
    scan = NodeScan(source.data, spans, np.empty(len(spans), dtype=np.int32), values, new_checker())
    _raise_malformed(intern_nodes(scan, child, message), source.offsets)
    position = np.arange(len(spans)) - np.searchsorted(parent, parent)
    parents = _read_only(parent.astype(np.int32))
    return Nodes(
        batch=parents,
        parent=parents,
        position=_read_only(position.astype(np.int32)),
        value=_read_only(scan.value),
        values=_values(values.data, values.entries),
    )


def _points(source: _Source, spans: NDArray[np.int64], metric: NDArray[np.int64]) -> Points:
    from phoenix.telemetry.codec import points  # noqa: PLC0415 numba is slow to import
    from phoenix.telemetry.codec.check import new_checker  # noqa: PLC0415
    from phoenix.telemetry.codec.intern import new_interner  # noqa: PLC0415

    count, room = len(spans), len(source.data)
    scan = points.PointScan(
        data=source.data,
        spans=spans,
        numbers=np.zeros((count, 4), dtype=np.int64),
        ids=np.empty((count, 3), dtype=np.int32),
        attributes=new_interner(count, room),
        rest=new_interner(count, room),
        checked=np.zeros(count, dtype=np.uint8),
        checker=new_checker(),
    )
    _raise_malformed(points.fill_points(scan), source.offsets)
    return Points(
        metric=_read_only(metric.astype(np.int32)),
        attributes=_read_only(scan.ids[:, points.ATTRIBUTES].copy()),
        start_time=_read_only(scan.numbers[:, points.START_TIME].astype(np.uint64)),
        time=_read_only(scan.numbers[:, points.TIME].astype(np.uint64)),
        flags=_read_only(scan.numbers[:, points.FLAGS].astype(np.uint32)),
        kind=_read_only(scan.ids[:, points.KIND].astype(np.uint8)),
        bits=_read_only(scan.numbers[:, points.BITS].copy()),
        rest=_read_only(scan.ids[:, points.REST].copy()),
        attribute_values=_values(scan.attributes.data, scan.attributes.entries),
        rest_values=_values(scan.rest.data, scan.rest.entries),
    )


def _values(data: NDArray[np.uint8], entries: NDArray[np.int64]) -> pa.BinaryArray:
    count = int(entries[-1, 0])
    offsets = entries[: count + 1, 0]
    used = int(offsets[-1])
    if used > MAX_VALUE_BYTES:
        raise TelemetryTooLargeError(f"{count} distinct values take {used} bytes, too many for one capture")
    # Copied, so that the room to spare behind the values is freed.
    return binary_array(offsets.astype(np.int32), data[:used].copy())


def _read_only(array: NDArray[_Item]) -> NDArray[_Item]:
    array.flags.writeable = False
    return array
