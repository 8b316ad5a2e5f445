"""How many bytes everything takes, from the points up: a message's length stands before it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec import tags
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.parts import DATA_START, DATA_STOP, MESSAGE, TAG_AT, ValueBytes
from phoenix.telemetry.codec.wire import Int

_INT, _DOUBLE, _HISTOGRAM = 1, 2, 3


class PointColumns(NamedTuple):
    """The columns of `capture.Points`, times as signed integers of the same bits."""

    metric: NDArray[np.int32]
    attributes: NDArray[np.int32]
    start_time: NDArray[np.int64]
    time: NDArray[np.int64]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    rest: NDArray[np.int32]
    attribute_values: ValueBytes
    rest_values: ValueBytes


@inner
def varint_size(value: Int) -> Int:
    """Return the bytes of a varint."""
    size = np.int64(1)
    while value >= 0x80:
        value >>= 7
        size += 1
    return size


@inner
def field_size(length: Int) -> Int:
    """Return the bytes of a field that holds a message, with a tag of one byte."""
    return 1 + varint_size(length) + length


@inner
def _value_size(values: ValueBytes, value: Int) -> Int:
    return np.int64(values.offsets[value + 1]) - np.int64(values.offsets[value])


@inner
def _point_size(points: PointColumns, row: Int) -> Int:
    size = _value_size(points.attribute_values, points.attributes[row])
    if points.start_time[row] != 0:
        size += 9
    if points.time[row] != 0:
        size += 9
    if points.kind[row] in (_INT, _DOUBLE):
        size += 9
    if points.flags[row] != 0:
        size += 1 + varint_size(np.int64(points.flags[row]))
    if points.rest[row] >= 0:
        size += _value_size(points.rest_values, points.rest[row])
    return size


@kernel
def size_points(points: PointColumns, sizes: NDArray[np.int64]) -> None:
    """Fill `sizes` with the bytes of each data point message."""
    for row in range(len(sizes)):
        sizes[row] = _point_size(points, row)


@kernel
def size_data(
    points: PointColumns,
    point_sizes: NDArray[np.int64],
    value: NDArray[np.int32],
    places: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> Int:
    """Fill `sizes`, zeros, with the bytes of each metric's data message: its points and what its value says of it.

    Args:
        points: the points.
        point_sizes: of `size_points`.
        value: of the metrics.
        places: of `parts.place_points`.
        sizes: int64[metrics].

    Returns:
        -1, or the first point whose metric holds no data, or data of another kind.
    """
    for row in range(len(point_sizes)):
        metric = points.metric[row]
        kind = np.int64(points.kind[row])
        message = tags.NUMBER_POINT if kind < _HISTOGRAM else kind - _HISTOGRAM + 1
        if places[value[metric], MESSAGE] != message:
            return np.int64(row)
        sizes[metric] += field_size(point_sizes[row])
    for row in range(len(sizes)):
        number = value[row]
        if places[number, MESSAGE] != tags.NO_DATA:
            sizes[row] += places[number, DATA_STOP] - places[number, DATA_START]
    return np.int64(-1)


@kernel
def size_metrics(
    value: NDArray[np.int32],
    values: ValueBytes,
    places: NDArray[np.int64],
    data: NDArray[np.int64],
    sizes: NDArray[np.int64],
) -> None:
    """Fill `sizes` with the bytes of each Metric, whose data message takes `data` bytes."""
    for row in range(len(sizes)):
        number = value[row]
        size = _value_size(values, number)
        if places[number, MESSAGE] != tags.NO_DATA:
            # Tag and length may have been written longer than needed; they are written anew.
            size += field_size(data[row]) - (places[number, DATA_STOP] - places[number, TAG_AT])
        sizes[row] = size


@kernel
def size_parents(
    parent: NDArray[np.int32],
    children: NDArray[np.int64],
    value: NDArray[np.int32],
    values: ValueBytes,
    sizes: NDArray[np.int64],
) -> None:
    """Fill `sizes` with the bytes of nodes: their value and their children."""
    for row in range(len(sizes)):
        sizes[row] = _value_size(values, value[row])
    for row in range(len(children)):
        sizes[parent[row]] += field_size(children[row])


@kernel
def size_batches(parent: NDArray[np.int32], children: NDArray[np.int64], sizes: NDArray[np.int64]) -> None:
    """Add to `sizes`, zeros, the bytes of the resources in each batch."""
    for row in range(len(children)):
        sizes[parent[row]] += field_size(children[row])
