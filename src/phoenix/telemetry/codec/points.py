"""The pass over the points: times, flags and values into columns, attributes and the rest interned."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec import tags
from phoenix.telemetry.codec.check import Checker, check_message
from phoenix.telemetry.codec.intern import Interner, append, append_byte, begin, intern, start_of
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.schema import KEY_VALUE_LIST, NUMBER_POINT
from phoenix.telemetry.codec.walk import MESSAGE, START, STOP
from phoenix.telemetry.codec.wire import MAX_DEPTH, Bytes, Int, read_fixed64, read_tag, read_varint, skip

# Columns of `numbers`.
START_TIME, TIME, FLAGS, BITS = 0, 1, 2, 3
# Columns of `ids`.
KIND, ATTRIBUTES, REST = 0, 1, 2

# `PointKind`; that of another message than NumberDataPoint is HISTOGRAM's plus the message's number less one.
_NO_VALUE, _INT, _DOUBLE, _HISTOGRAM = 0, 1, 2, 3
_NONE, _MALFORMED = -1, -2


class PointScan(NamedTuple):
    """What the pass reads and fills.

    Attributes:
        data: all requests, one behind the other.
        spans: int64[n, 4], rows of the walk.
        numbers: int64[n, 4], zeros: start time, time, flags and value bits.
        ids: int32[n, 3]: kind, attributes, rest (-1 for none).
        attributes: the distinct attributes.
        rest: the distinct rests.
        checked: uint8[n], zeros: bit m of row r says that rest r was checked as data point message m.
        checker: checks each new value.
    """

    data: Bytes
    spans: NDArray[np.int64]
    numbers: NDArray[np.int64]
    ids: NDArray[np.int32]
    attributes: Interner
    rest: Interner
    checked: NDArray[np.uint8]
    checker: Checker


@inner
def _intern_attributes(scan: PointScan, built: Int) -> Int:
    values = scan.attributes
    first = begin(values)
    number, new = intern(values, built)
    if new and check_message(scan.checker, values.data, first, built, KEY_VALUE_LIST) < 0:
        return np.int64(_MALFORMED)
    return number


@inner
def _intern_rest(scan: PointScan, built: Int, message: Int) -> Int:
    # The same bytes may be well-formed in one kind of point and not in another.
    values, checked = scan.rest, scan.checked
    size = built - begin(values)
    if size == 0:
        return np.int64(_NONE)
    number, new = intern(values, built)
    bit = np.int64(1) << message
    known = np.int64(0) if new else np.int64(checked[number])
    if known & bit == 0:
        start = start_of(values, number)
        if check_message(scan.checker, values.data, start, start + size, NUMBER_POINT + message) < 0:
            return np.int64(_MALFORMED)
        checked[number] = known | bit
    return number


@inner
def _scan_point(scan: PointScan, row: Int) -> tuple[Int, Int, Int]:
    # Returns (end of the attributes built, end of the rest built, next). A scalar that stands twice counts as last
    # written, of a oneof the last member, as in protobuf.
    data, numbers = scan.data, scan.numbers
    at, end, message = scan.spans[row, START], scan.spans[row, STOP], scan.spans[row, MESSAGE]
    kind = _NO_VALUE if message == tags.NUMBER_POINT else _HISTOGRAM + message - 1
    of_attributes, of_flags = tags.attributes_tag(message), tags.flags_tag(message)
    attributes, rest = begin(scan.attributes), begin(scan.rest)
    while at < end:
        tag, after = read_tag(data, at, end)
        if after < 0:
            return attributes, rest, after
        if tag == tags.START_TIME:
            numbers[row, START_TIME], stop = read_fixed64(data, after, end)
        elif tag == tags.TIME:
            numbers[row, TIME], stop = read_fixed64(data, after, end)
        elif tag == of_flags:
            flags, stop = read_varint(data, after, end)
            numbers[row, FLAGS] = flags & 0xFFFFFFFF
        elif message == tags.NUMBER_POINT and tag in (tags.AS_DOUBLE, tags.AS_INT):
            numbers[row, BITS], stop = read_fixed64(data, after, end)
            kind = _DOUBLE if tag == tags.AS_DOUBLE else _INT
        else:
            stop = skip(data, after, end, tag)
            if stop >= 0 and tag == of_attributes:
                attributes = append_byte(scan.attributes, attributes, tags.KEY_VALUE)
                attributes = append(scan.attributes, attributes, data, after, stop)
            elif stop >= 0:
                rest = append(scan.rest, rest, data, at, stop)
        if stop < 0:
            return attributes, rest, stop
        at = stop
    scan.ids[row, KIND] = kind
    return attributes, rest, at


@inner
def _fill_point(scan: PointScan, row: Int) -> Int:
    attributes, rest, after = _scan_point(scan, row)
    if after < 0:
        return after
    scan.checker.room[0] = MAX_DEPTH - 5
    number = _intern_attributes(scan, attributes)
    rest_number = _intern_rest(scan, rest, scan.spans[row, MESSAGE])
    if _MALFORMED in (number, rest_number):
        return -1 - np.int64(scan.spans[row, START])
    scan.ids[row, ATTRIBUTES] = number
    scan.ids[row, REST] = rest_number
    return np.int64(0)


@kernel
def fill_points(scan: PointScan) -> Int:
    """Fill the columns of the points.

    Returns:
        0, or `-1 - offset` of what is malformed; for attributes and rest, of their point.
    """
    for row in range(len(scan.spans)):
        failure = _fill_point(scan, row)
        if failure < 0:
            return failure
    return np.int64(0)
