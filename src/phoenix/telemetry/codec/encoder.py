"""From a capture to requests: sizes from the points up, then bytes from the top down."""

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.telemetry.buffers import binary_parts
from phoenix.telemetry.capture import Capture, Nodes, Points, children
from phoenix.telemetry.errors import CaptureCorruptError
from phoenix.telemetry.invariants import verify

if TYPE_CHECKING:
    from phoenix.telemetry.codec.parts import ValueBytes
    from phoenix.telemetry.codec.sizes import PointColumns


class _Places(NamedTuple):
    # By distinct value: where children go in.
    resources: NDArray[np.int64]
    scopes: NDArray[np.int64]
    metrics: NDArray[np.int64]


class MessageSizes(NamedTuple):
    """Bytes of each message of a capture, and of each metric's data, by row of its table; without tag and length."""

    batches: NDArray[np.int64]
    resources: NDArray[np.int64]
    scopes: NDArray[np.int64]
    metrics: NDArray[np.int64]
    data: NDArray[np.int64]
    points: NDArray[np.int64]


def encode(capture: Capture) -> list[bytes]:
    """Return one serialized ExportMetricsServiceRequest a batch, in order.

    Known fields are written in the order of their numbers, so a request that protobuf wrote comes back byte for byte.

    Raises:
        CaptureCorruptError: the capture contradicts itself, or a value is no OTLP message; names the table and row.
    """
    from phoenix.telemetry.codec.write import Level, Tree, write_requests  # noqa: PLC0415 numba is slow to import

    verify(capture)
    places = _places(capture)
    sizes = _sizes(capture, places)
    offsets = np.concatenate(([0], np.cumsum(sizes.batches)))

    def level(nodes: Nodes, place: NDArray[np.int64], size: NDArray[np.int64], below: Nodes | Points) -> Level:
        return Level(nodes.value, _values(nodes.values), place, size, children(below, len(nodes)))

    tree = Tree(
        np.empty(offsets[-1], dtype=np.uint8),
        level(capture.resources, places.resources, sizes.resources, capture.scopes),
        level(capture.scopes, places.scopes, sizes.scopes, capture.metrics),
        level(capture.metrics, places.metrics, sizes.metrics, capture.points),
        sizes.data,
        _point_columns(capture.points),
        sizes.points,
    )
    written = write_requests(tree)
    if written != offsets[-1]:
        raise AssertionError(f"wrote {written} bytes where {offsets[-1]} were counted")
    return [tree.out[first:last].tobytes() for first, last in pairwise(offsets)]


def encoded_sizes(capture: Capture) -> NDArray[np.int64]:
    """Return int64[batches]: the bytes of each request that `encode` would return, without building them.

    Raises:
        CaptureCorruptError: as `encode`.
    """
    return message_sizes(capture).batches


def message_sizes(capture: Capture) -> MessageSizes:
    """Return the bytes of every message that `encode` would write, without building any.

    Raises:
        CaptureCorruptError: as `encode`.
    """
    verify(capture)
    return _sizes(capture, _places(capture))


def _places(capture: Capture) -> _Places:
    from phoenix.telemetry.codec.parts import check_attributes, place_children, place_points  # noqa: PLC0415 see above

    resources, scopes, rests = (
        np.empty(len(values), dtype=np.int64)
        for values in (capture.resources.values, capture.scopes.values, capture.points.rest_values)
    )
    metrics = np.empty((len(capture.metrics.values), 5), dtype=np.int64)
    for table, failure in (
        ("resources", place_children(_values(capture.resources.values), 2, resources)),
        ("scopes", place_children(_values(capture.scopes.values), 2, scopes)),
        ("metrics", place_points(_values(capture.metrics.values), metrics)),
        ("rest", place_children(_values(capture.points.rest_values), 0, rests)),
        ("attributes", check_attributes(_values(capture.points.attribute_values))),
    ):
        if failure >= 0:
            raise CaptureCorruptError(f"value {failure} of {table} is not the OTLP message it should be")
    return _Places(resources, scopes, metrics)


def _sizes(capture: Capture, places: _Places) -> MessageSizes:
    from phoenix.telemetry.codec import sizes  # noqa: PLC0415 see above

    columns = _point_columns(capture.points)
    points = np.empty(len(capture.points), dtype=np.int64)
    sizes.size_points(columns, points)
    data, metrics = np.zeros((2, len(capture.metrics)), dtype=np.int64)
    failure = sizes.size_data(columns, points, capture.metrics.value, places.metrics, data)
    if failure >= 0:
        metric = capture.points.metric[failure]
        raise CaptureCorruptError(f"point {failure} is of a kind that its metric, row {metric}, does not hold")
    sizes.size_metrics(capture.metrics.value, _values(capture.metrics.values), places.metrics, data, metrics)
    scopes = np.empty(len(capture.scopes), dtype=np.int64)
    sizes.size_parents(capture.metrics.parent, metrics, capture.scopes.value, _values(capture.scopes.values), scopes)
    resources = np.empty(len(capture.resources), dtype=np.int64)
    sizes.size_parents(
        capture.scopes.parent, scopes, capture.resources.value, _values(capture.resources.values), resources
    )
    batches = np.zeros(len(capture.batches), dtype=np.int64)
    sizes.size_batches(capture.resources.parent, resources, batches)
    return MessageSizes(batches, resources, scopes, metrics, data, points)


def _point_columns(points: Points) -> "PointColumns":
    from phoenix.telemetry.codec.sizes import PointColumns  # noqa: PLC0415 see above

    return PointColumns(
        points.metric,
        points.attributes,
        points.start_time.view(np.int64),
        points.time.view(np.int64),
        points.flags,
        points.kind,
        points.bits,
        points.rest,
        _values(points.attribute_values),
        _values(points.rest_values),
    )


def _values(values: pa.BinaryArray) -> "ValueBytes":
    from phoenix.telemetry.codec.parts import ValueBytes  # noqa: PLC0415 see above

    return ValueBytes(*binary_parts(values))
