"""What the encoder must know of each distinct value: where children go in, and that it can be written at all."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec import tags
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.wire import Bytes, Int, read_length, read_tag, skip

# Columns of a metric's place.
TAG_AT, TAG, DATA_START, DATA_STOP, MESSAGE = 0, 1, 2, 3, 4


class ValueBytes(NamedTuple):
    """Interned values as kernels read them: value i is `data[offsets[i]:offsets[i + 1]]`."""

    data: Bytes
    offsets: NDArray[np.int32]


@inner
def split(data: Bytes, at: Int, end: Int, number: Int) -> Int:
    """Return where the first field numbered `number` or higher begins in a message: protobuf writes in that order.

    Returns:
        A position, or `-1 - offset` of what is malformed.
    """
    found = end
    while at < end:
        tag, after = read_tag(data, at, end)
        if after < 0:
            return after
        if tag >> 3 >= number and found == end:
            found = at
        at = skip(data, after, end, tag)
        if at < 0:
            return at
    return found


@inner
def _place_data(data: Bytes, at: Int, end: Int, place: NDArray[np.int64]) -> bool:
    place[MESSAGE] = tags.NO_DATA
    while at < end:
        tag, after = read_tag(data, at, end)
        if after < 0:
            return False
        stop = skip(data, after, end, tag)
        if stop < 0:
            return False
        message = tags.point_message(tag)
        if message != tags.NO_DATA:
            if place[MESSAGE] != tags.NO_DATA:
                return False
            place[TAG_AT] = at
            place[TAG] = tag
            place[DATA_START], place[DATA_STOP] = read_length(data, after, end)
            place[MESSAGE] = message
        at = stop
    return True


@inner
def _only_key_values(data: Bytes, at: Int, end: Int) -> bool:
    while at < end:
        if data[at] != tags.KEY_VALUE:
            return False
        at = read_length(data, at + 1, end)[1]
        if at < 0:
            return False
    return True


@kernel
def place_children(values: ValueBytes, number: Int, places: NDArray[np.int64]) -> Int:
    """Fill `places` with where, in each value, children of field `number` go in.

    Returns:
        -1, or the first value that is malformed.
    """
    for value in range(len(places)):
        places[value] = split(values.data, values.offsets[value], values.offsets[value + 1], number)
        if places[value] < 0:
            return value
    return -1


@kernel
def place_points(values: ValueBytes, places: NDArray[np.int64]) -> Int:
    """Fill int64[V, 5]: where the data of each metric value stands and what it is.

    Returns:
        -1, or the first value that is malformed or has data twice.
    """
    for value in range(len(places)):
        if not _place_data(values.data, values.offsets[value], values.offsets[value + 1], places[value]):
            return value
    return -1


@kernel
def check_attributes(values: ValueBytes) -> Int:
    """Return -1, or the first value that is not a plain list of key-values."""
    for value in range(len(values.offsets) - 1):
        if not _only_key_values(values.data, values.offsets[value], values.offsets[value + 1]):
            return value
    return -1
