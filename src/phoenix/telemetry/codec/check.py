"""The kernel that checks one message to its full depth; it runs once per distinct value."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.schema import OPAQUE, PACKED_FIXED64, PACKED_VARINT, length_fields
from phoenix.telemetry.codec.wire import LENGTH, MAX_DEPTH, Bytes, Int, read_length, read_tag, read_varint, skip


class Checker(NamedTuple):
    """What `check_message` works with.

    Attributes:
        fields: `schema.length_fields()`.
        ends: int64[MAX_DEPTH + 1], scratch: where the message of each level ends.
        messages: int64[MAX_DEPTH + 1], scratch: its number.
        room: int64[1], how many levels the next message may nest.
    """

    fields: NDArray[np.int16]
    ends: NDArray[np.int64]
    messages: NDArray[np.int64]
    room: NDArray[np.int64]


def new_checker() -> Checker:
    """Return a checker for the messages of the opentelemetry-proto package."""
    ends, messages = np.empty((2, MAX_DEPTH + 1), dtype=np.int64)
    return Checker(length_fields(), ends, messages, np.full(1, MAX_DEPTH, dtype=np.int64))


@inner
def _check_leaf(data: Bytes, at: Int, end: Int, tag: Int, held: Int) -> Int:
    if held == OPAQUE:
        return skip(data, at, end, tag)
    start, stop = read_length(data, at, end)
    if stop < 0:
        return stop
    if held == PACKED_FIXED64 and (stop - start) % 8:
        return -1 - at
    if held == PACKED_VARINT:
        while start < stop:
            start = read_varint(data, start, stop)[1]
            if start < 0:
                return start
    return stop


@inner
def check_message(checker: Checker, data: Bytes, start: Int, end: Int, message: Int) -> Int:
    """Return `end`, or `-1 - offset` of what upb would refuse in `data[start:end]` as `message` (but for UTF-8)."""
    fields, ends, messages = checker.fields, checker.ends, checker.messages
    depth = 0
    ends[depth] = end
    messages[depth] = message
    at = start
    while depth >= 0:
        stop = ends[depth]
        if at == stop:
            depth -= 1
            continue
        tag, after = read_tag(data, at, stop)
        if after < 0:
            return after
        held: Int = OPAQUE
        if tag & 7 == LENGTH and tag >> 3 < fields.shape[1]:
            held = np.int64(fields[messages[depth], tag >> 3])
        if held < 0:
            at = _check_leaf(data, after, stop, tag, held)
            if at < 0:
                return at
            continue
        at, stop = read_length(data, after, stop)
        if stop < 0 or depth == checker.room[0]:
            return -1 - after
        depth += 1
        ends[depth] = stop
        messages[depth] = held
    return at
