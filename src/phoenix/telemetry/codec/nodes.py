"""The pass over the nodes of one level: each one's message without its children, interned."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec import tags
from phoenix.telemetry.codec.check import Checker, check_message
from phoenix.telemetry.codec.intern import Interner, append, append_varint, begin, intern
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.walk import START, STOP
from phoenix.telemetry.codec.wire import MAX_DEPTH, Bytes, Int, read_length, read_tag, skip


class NodeScan(NamedTuple):
    """What a pass over one level reads and fills.

    Attributes:
        data: all requests, one behind the other, found well-formed by the walk.
        spans: int64[n, 4], rows of the walk.
        value: int32[n], filled with numbers of `values`.
        values: the distinct values.
        checker: checks each new value.
    """

    data: Bytes
    spans: NDArray[np.int64]
    value: NDArray[np.int32]
    values: Interner
    checker: Checker


@inner
def _append_others(scan: NodeScan, built: Int, at: Int, end: Int, child: Int) -> Int:
    # Copies all fields of a message but those of one tag.
    while at < end:
        tag, after = read_tag(scan.data, at, end)
        stop = skip(scan.data, after, end, tag)
        if tag != child:
            built = append(scan.values, built, scan.data, at, stop)
        at = stop
    return built


@inner
def _size_others(data: Bytes, at: Int, end: Int, child: Int) -> Int:
    size = np.int64(0)
    while at < end:
        tag, after = read_tag(data, at, end)
        stop = skip(data, after, end, tag)
        if tag != child:
            size += stop - at
        at = stop
    return size


@inner
def _append_metric(scan: NodeScan, built: Int, at: Int, end: Int) -> Int:
    data, values = scan.data, scan.values
    while at < end:
        tag, after = read_tag(data, at, end)
        stop = skip(data, after, end, tag)
        if tags.point_message(tag) == tags.NO_DATA:
            built = append(values, built, data, at, stop)
        else:
            first, last = read_length(data, after, end)
            built = append(values, built, data, at, after)
            built = append_varint(values, built, _size_others(data, first, last, tags.DATA_POINT))
            built = _append_others(scan, built, first, last, tags.DATA_POINT)
        at = stop
    return built


@inner
def _intern_node(scan: NodeScan, row: Int, child: Int, message: Int) -> Int:
    # Returns the number of the value, or -1 when it is malformed inside.
    values, start, stop = scan.values, scan.spans[row, START], scan.spans[row, STOP]
    first = begin(values)
    if child == tags.NO_DATA:
        built = _append_metric(scan, first, start, stop)
    else:
        built = _append_others(scan, first, start, stop, child)
    number, new = intern(values, built)
    if new:
        scan.checker.room[0] = MAX_DEPTH - 1 - message
        if check_message(scan.checker, values.data, first, built, message) < 0:
            return np.int64(-1)
    return number


@kernel
def intern_nodes(scan: NodeScan, child: Int, message: Int) -> Int:
    """Fill the numbers of the nodes' values.

    Args:
        scan: what to read and fill.
        child: tag of the children to leave out; NO_DATA for metrics, whose children stand one level deeper.
        message: number of the nodes' message in `schema`; it is also how many levels stand above it.

    Returns:
        0, or `-1 - offset` of the first node whose value is malformed inside.
    """
    for row in range(len(scan.spans)):
        number = _intern_node(scan, row, child, message)
        if number < 0:
            return -1 - np.int64(scan.spans[row, START])
        scan.value[row] = number
    return np.int64(0)
