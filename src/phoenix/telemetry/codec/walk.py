"""The pass that finds every node and point: where it stands and what it belongs to."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec import tags
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.wire import Bytes, Int, read_length, read_tag, skip

# Indexes of `rows`.
RESOURCES, SCOPES, METRICS, POINTS, UNUSUAL, REQUEST = 0, 1, 2, 3, 4, 5
# Columns of `spans`.
START, STOP, PARENT, MESSAGE = 0, 1, 2, 3


class Walk(NamedTuple):
    """What a walk reads and fills.

    Attributes:
        data: all requests, one behind the other.
        offsets: int64[requests + 1], request i is `data[offsets[i]:offsets[i + 1]]`.
        spans: int64[rows of all levels, 4], filled with start, stop, parent row and, for points, the message; or no
            rows at all, to only count.
        rows: int64[6], the next row of each level, the count of unusual metrics, and the request last looked at.
        unusual: bool[requests], set for requests to rewrite.
    """

    data: Bytes
    offsets: NDArray[np.int64]
    spans: NDArray[np.int64]
    rows: NDArray[np.int64]
    unusual: NDArray[np.bool_]


@inner
def _add(walk: Walk, level: Int, start: Int, stop: Int, parent: Int) -> Int:
    row = np.int64(walk.rows[level])
    walk.rows[level] = row + 1
    if len(walk.spans):
        walk.spans[row, START] = start
        walk.spans[row, STOP] = stop
        walk.spans[row, PARENT] = parent
        walk.spans[row, MESSAGE] = tags.NO_DATA
    return row


@inner
def _walk_data(walk: Walk, at: Int, end: Int, metric: Int, message: Int) -> Int:
    while at < end:
        tag, after = read_tag(walk.data, at, end)
        if after < 0:
            return after
        at = skip(walk.data, after, end, tag)
        if at < 0:
            return at
        if tag == tags.DATA_POINT:
            start, stop = read_length(walk.data, after, end)
            row = _add(walk, POINTS, start, stop, metric)
            if len(walk.spans):
                walk.spans[row, MESSAGE] = message
    return at


@inner
def _walk_metric(walk: Walk, at: Int, end: Int, row: Int) -> Int:
    seen = 0
    while at < end:
        tag, after = read_tag(walk.data, at, end)
        if after < 0:
            return after
        at = skip(walk.data, after, end, tag)
        if at < 0:
            return at
        message = tags.point_message(tag)
        if message != tags.NO_DATA:
            seen += 1
            start, stop = read_length(walk.data, after, end)
            inside = _walk_data(walk, start, stop, row, message)
            if inside < 0:
                return inside
    if seen > 1:
        walk.rows[UNUSUAL] += 1
    return at


@inner
def _walk_scope(walk: Walk, at: Int, end: Int, row: Int) -> Int:
    while at < end:
        tag, after = read_tag(walk.data, at, end)
        if after < 0:
            return after
        at = skip(walk.data, after, end, tag)
        if at < 0:
            return at
        if tag == tags.METRIC:
            start, stop = read_length(walk.data, after, end)
            inside = _walk_metric(walk, start, stop, _add(walk, METRICS, start, stop, row))
            if inside < 0:
                return inside
    return at


@inner
def _walk_resource(walk: Walk, at: Int, end: Int, row: Int) -> Int:
    while at < end:
        tag, after = read_tag(walk.data, at, end)
        if after < 0:
            return after
        at = skip(walk.data, after, end, tag)
        if at < 0:
            return at
        if tag == tags.SCOPE_METRICS:
            start, stop = read_length(walk.data, after, end)
            inside = _walk_scope(walk, start, stop, _add(walk, SCOPES, start, stop, row))
            if inside < 0:
                return inside
    return at


@inner
def _walk_request(walk: Walk, request: Int) -> Int:
    at: Int = np.int64(walk.offsets[request])
    end = np.int64(walk.offsets[request + 1])
    while at < end:
        tag, after = read_tag(walk.data, at, end)
        if after < 0:
            return after
        if tag != tags.RESOURCE_METRICS:
            return -1 - at
        start, stop = read_length(walk.data, after, end)
        if stop < 0:
            return stop
        inside = _walk_resource(walk, start, stop, _add(walk, RESOURCES, start, stop, request))
        if inside < 0:
            return inside
        at = stop
    return at


@kernel
def walk_requests(walk: Walk) -> Int:
    """Find the nodes and points of all requests; points are found, not looked into.

    A metric whose data stands twice is unusual: protobuf merges the two or lets the last win, so its request must be
    rewritten before it can be taken apart. A field of the request itself that is not known has no place in a capture
    and counts as malformed.

    Returns:
        0, or `-1 - offset` of the first malformed thing.
    """
    for request in range(len(walk.offsets) - 1):
        before = walk.rows[UNUSUAL]
        walk.rows[REQUEST] = request
        at = _walk_request(walk, request)
        if at < 0:
            return at
        walk.unusual[request] = walk.rows[UNUSUAL] > before
    return np.int64(0)
