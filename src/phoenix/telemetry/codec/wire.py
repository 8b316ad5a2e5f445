"""Kernels that read protobuf's wire format, as strict as protobuf's own decoder (upb).

A position is an index into `data`. Every reader is given the end of the message it is in and never looks past it; where
the bytes are malformed it returns `-1 - offset` in place of the next position. Strings are not checked to be UTF-8:
the collector does not check either, and a command line may hold any bytes. Groups (wire types 3 and 4), which proto3
cannot declare, count as malformed.
https://protobuf.dev/programming-guides/encoding/
"""

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner

Bytes = NDArray[np.uint8]
# Compiled, both are 64 bits wide.
Int = int | np.int64

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
# Levels of nesting below a request, as in upb.
MAX_DEPTH = 100

_MAX_TAG_BYTES = 5
_MAX_LENGTH = 0x7FFFFFFF


@inner
def _read_long_varint(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    value = np.int64(0)
    shift = 0
    start = at
    while at < end and shift < 70:
        byte = np.int64(data[at])
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    return np.int64(0), -1 - start


@inner
def read_varint(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    """Return (value, next): up to 10 bytes, the value cut to 64 bits."""
    # Positions are never negative: an unsigned index spares numba the test for counting from the end.
    if at < end and data[np.uint64(at)] < 0x80:
        return np.int64(data[np.uint64(at)]), at + 1
    return _read_long_varint(data, at, end)


@inner
def read_tag(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    """Return (field number << 3 | wire type, next): at most 5 bytes and 32 bits, number not 0."""
    tag, after = read_varint(data, at, end)
    if after < 0 or after - at > _MAX_TAG_BYTES or tag < 8 or tag > 0xFFFFFFFF:
        return np.int64(0), -1 - at
    return tag, after


@inner
def read_length(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    """Return (start, stop) of the payload whose length stands at `at`; stop is within `end`."""
    length, after = read_varint(data, at, end)
    if after < 0 or after - at > _MAX_TAG_BYTES or length > _MAX_LENGTH or length > end - after:
        return at, -1 - at
    return after, after + length


@inner
def read_fixed64(data: Bytes, at: Int, end: Int) -> tuple[Int, Int]:
    """Return (the 64 bits as a signed integer, next)."""
    if end - at < 8:
        return np.int64(0), -1 - at
    value = np.int64(0)
    for i in range(8):
        value |= np.int64(data[np.uint64(at + i)]) << (8 * i)
    return value, at + 8


@inner
def skip(data: Bytes, at: Int, end: Int, tag: Int) -> Int:
    """Return the position after the payload of a field whose tag was read."""
    wire = tag & 7
    if wire == LENGTH:
        return read_length(data, at, end)[1]
    if wire == VARINT:
        return read_varint(data, at, end)[1]
    if wire == FIXED64 and end - at >= 8:
        return at + 8
    if wire == FIXED32 and end - at >= 4:
        return at + 4
    return -1 - at
