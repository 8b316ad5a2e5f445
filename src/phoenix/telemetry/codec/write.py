"""Writing requests, from the top down, into one buffer of exactly the right size."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec import tags
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.parts import DATA_START, MESSAGE, TAG, TAG_AT, ValueBytes, split
from phoenix.telemetry.codec.sizes import PointColumns
from phoenix.telemetry.codec.wire import Bytes, Int, read_length

_INT, _DOUBLE = 1, 2


class Level(NamedTuple):
    """The nodes of one level.

    Attributes:
        value: int32[n].
        values: the distinct values.
        places: where children go in, by distinct value: int64[V], for metrics int64[V, 5] of `parts.place_points`.
        sizes: int64[n], bytes of each node's message.
        first_child: int64[n + 1], the children's rows.
    """

    value: NDArray[np.int32]
    values: ValueBytes
    places: NDArray[np.int64]
    sizes: NDArray[np.int64]
    first_child: NDArray[np.int64]


class Tree(NamedTuple):
    """Everything that is written.

    Attributes:
        out: uint8[the bytes of all batches], filled.
        resources: level by level.
        scopes: level by level.
        metrics: level by level.
        data_sizes: int64[metrics], bytes of each metric's data message.
        points: the points.
        point_sizes: int64[points], bytes of each point's message.
    """

    out: Bytes
    resources: Level
    scopes: Level
    metrics: Level
    data_sizes: NDArray[np.int64]
    points: PointColumns
    point_sizes: NDArray[np.int64]


@inner
def _copy(out: Bytes, to: Int, data: Bytes, start: Int, stop: Int) -> Int:
    for i in range(stop - start):
        out[np.uint64(to + i)] = data[np.uint64(start + i)]
    return to + stop - start


@inner
def _put_head(out: Bytes, to: Int, tag: Int, value: Int) -> Int:
    # A tag of one byte and a varint that is not negative.
    out[np.uint64(to)] = tag
    to += 1
    while value >= 0x80:
        out[np.uint64(to)] = (value & 0x7F) | 0x80
        to += 1
        value >>= 7
    out[np.uint64(to)] = value
    return to + 1


@inner
def _put_fixed64(out: Bytes, to: Int, tag: Int, value: Int) -> Int:
    out[np.uint64(to)] = tag
    for i in range(8):
        out[np.uint64(to + 1 + i)] = (value >> (8 * i)) & 0xFF
    return to + 9


@inner
def _start(values: ValueBytes, value: Int) -> Int:
    return np.int64(values.offsets[value])


@inner
def _put_attributes(out: Bytes, to: Int, points: PointColumns, row: Int, tag: Int) -> Int:
    values, value = points.attribute_values, points.attributes[row]
    at, end = _start(values, value), _start(values, value + 1)
    while at < end:
        stop = read_length(values.data, at + 1, end)[1]
        out[np.uint64(to)] = tag
        to = _copy(out, to + 1, values.data, at + 1, stop)
        at = stop
    return to


@inner
def _put_point(out: Bytes, to: Int, points: PointColumns, row: Int, message: Int) -> Int:
    # In the order of field numbers, in which protobuf writes; a rest has parts before and behind attributes and flags.
    rest, data = points.rest[row], points.rest_values.data
    start: Int = np.int64(0)
    middle = stop = start
    if rest >= 0:
        start, stop = _start(points.rest_values, rest), _start(points.rest_values, rest + 1)
        middle = split(data, start, stop, tags.rest_splits_at(message))
    if message == tags.EXPONENTIAL_HISTOGRAM_POINT:
        to = _put_attributes(out, to, points, row, tags.attributes_tag(message))
    if points.start_time[row] != 0:
        to = _put_fixed64(out, to, tags.START_TIME, points.start_time[row])
    if points.time[row] != 0:
        to = _put_fixed64(out, to, tags.TIME, points.time[row])
    if points.kind[row] == _DOUBLE:
        to = _put_fixed64(out, to, tags.AS_DOUBLE, points.bits[row])
    to = _copy(out, to, data, start, middle)
    if points.kind[row] == _INT:
        to = _put_fixed64(out, to, tags.AS_INT, points.bits[row])
    if message != tags.EXPONENTIAL_HISTOGRAM_POINT:
        to = _put_attributes(out, to, points, row, tags.attributes_tag(message))
    if points.flags[row] != 0:
        to = _put_head(out, to, tags.flags_tag(message), np.int64(points.flags[row]))
    return _copy(out, to, data, middle, stop)


@inner
def _put_metric(tree: Tree, to: Int, row: Int) -> Int:
    metrics, value = tree.metrics, tree.metrics.value[row]
    data, places = metrics.values.data, metrics.places
    start, stop = _start(metrics.values, value), _start(metrics.values, value + 1)
    message = places[value, MESSAGE]
    if message == tags.NO_DATA:
        return _copy(tree.out, to, data, start, stop)
    to = _copy(tree.out, to, data, start, places[value, TAG_AT])
    to = _put_head(tree.out, to, places[value, TAG], tree.data_sizes[row])
    for point in range(metrics.first_child[row], metrics.first_child[row + 1]):
        to = _put_head(tree.out, to, tags.DATA_POINT, tree.point_sizes[point])
        to = _put_point(tree.out, to, tree.points, point, message)
    return _copy(tree.out, to, data, places[value, DATA_START], stop)


@inner
def _put_scope(tree: Tree, to: Int, row: Int) -> Int:
    scopes, value = tree.scopes, tree.scopes.value[row]
    data, place = scopes.values.data, scopes.places[value]
    to = _copy(tree.out, to, data, _start(scopes.values, value), place)
    for metric in range(scopes.first_child[row], scopes.first_child[row + 1]):
        to = _put_head(tree.out, to, tags.METRIC, tree.metrics.sizes[metric])
        to = _put_metric(tree, to, metric)
    return _copy(tree.out, to, data, place, _start(scopes.values, value + 1))


@inner
def _put_resource(tree: Tree, to: Int, row: Int) -> Int:
    resources, value = tree.resources, tree.resources.value[row]
    data, place = resources.values.data, resources.places[value]
    to = _copy(tree.out, to, data, _start(resources.values, value), place)
    for scope in range(resources.first_child[row], resources.first_child[row + 1]):
        to = _put_head(tree.out, to, tags.SCOPE_METRICS, tree.scopes.sizes[scope])
        to = _put_scope(tree, to, scope)
    return _copy(tree.out, to, data, place, _start(resources.values, value + 1))


@kernel
def write_requests(tree: Tree) -> Int:
    """Write all requests, one behind the other, and return how many bytes they took.

    Resources stand in the order of their batches, so writing them in order writes the batches.
    """
    to: Int = np.int64(0)
    for row in range(len(tree.resources.value)):
        to = _put_head(tree.out, to, tags.RESOURCE_METRICS, tree.resources.sizes[row])
        to = _put_resource(tree, to, row)
    return to
