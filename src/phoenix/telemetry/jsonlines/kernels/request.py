"""The kernel that reads one line of OTLP/JSON into a serialized request, as long as the line is usual.

It is a strict reader: what it accepts, the general reader (`jsonlines.reading`) reads to the same bytes. Whatever else
stands in a line, right or wrong, is left to that one: unknown keys, bytes, numbers it can't read exactly, names of
enums, keys that stand twice, and everything that is an error.
"""

import numpy as np

from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.wire import Int
from phoenix.telemetry.jsonlines.kernels import names
from phoenix.telemetry.jsonlines.kernels.frames import (
    FIELD,
    ITEMS,
    MAX_DEPTH,
    SPARE,
    Reader,
    begin_field,
    close_frame,
    message_of,
    open_frame,
    put_varint,
)
from phoenix.telemetry.jsonlines.kernels.names import field_of
from phoenix.telemetry.jsonlines.kernels.numbers import NOT_READ, QUOTE, read_double, read_integer
from phoenix.telemetry.jsonlines.kernels.text import find_quote, skip_space, unescape

_COMMA, _COLON, _LINE_FEED = 0x2C, 0x3A, 0x0A
_OPEN_OBJECT, _CLOSE_OBJECT, _OPEN_LIST, _CLOSE_LIST = 0x7B, 0x7D, 0x5B, 0x5D
_NAN_BITS, _INFINITY_BITS, _MINUS_INFINITY_BITS = 0x7FF8 << 48, 0x7FF0 << 48, -(1 << 52)


@inner
def _read_text(reader: Reader, at: Int, to: Int, tag: Int, always: bool) -> tuple[Int, Int]:
    # Every reader of a value returns (position behind it, end of what was written).
    data, out = reader.data, reader.out
    if data[np.uint64(at)] != QUOTE:
        return np.int64(NOT_READ), to
    at += 1
    stop, escaped = find_quote(data, at)
    if stop < 0 or to + 2 * SPARE + (stop - at) > len(out):
        return np.int64(NOT_READ), to
    size = stop - at
    if size == 0 and not always:
        return stop + 1, to
    if escaped:
        # Built behind the longest head, then moved to where its head ends.
        begin = to + SPARE
        end = unescape(data, at, stop, out, begin)
        if end < 0:
            return end, to
        source, at, size = out, begin, end - begin
    else:
        source = data
    out[np.uint64(to)] = tag
    to = put_varint(out, to + 1, size)
    for i in range(size):
        out[np.uint64(to + i)] = source[np.uint64(at + i)]
    return stop + 1, to + size


@inner
def _spelled(reader: Reader, at: Int, word: bytes) -> bool:
    for i in range(len(word)):  # noqa: SIM110 numba compiles no generator
        if reader.data[np.uint64(at + i)] != word[i]:
            return False
    return True


@inner
def _read_double(reader: Reader, at: Int) -> tuple[Int, Int]:
    # The bits of the number, the position behind it.
    if reader.data[np.uint64(at)] != QUOTE:
        reader.double[0], at = read_double(reader.data, at, reader.powers)
        return np.int64(reader.bits[0]), at
    if _spelled(reader, at, b'"NaN"'):
        return np.int64(_NAN_BITS), at + 5
    if _spelled(reader, at, b'"Infinity"'):
        return np.int64(_INFINITY_BITS), at + 10
    if _spelled(reader, at, b'"-Infinity"'):
        return np.int64(_MINUS_INFINITY_BITS), at + 11
    return np.int64(0), np.int64(NOT_READ)


@inner
def _read_bool(reader: Reader, at: Int) -> tuple[Int, Int]:
    if _spelled(reader, at, b"true"):
        return np.int64(1), at + 4
    if _spelled(reader, at, b"false"):
        return np.int64(0), at + 5
    return np.int64(0), np.int64(NOT_READ)


@inner
def _read_number(reader: Reader, at: Int, field: Int) -> tuple[Int, Int]:
    # (What stands in protobuf, as 64 bits; the position behind).
    fields = reader.names.fields
    kind = fields[field, names.KIND]
    if kind == names.DOUBLE:
        return _read_double(reader, at)
    if kind == names.BOOL:
        return _read_bool(reader, at)
    if kind == names.ENUM and reader.data[np.uint64(at)] == QUOTE:
        return np.int64(0), np.int64(NOT_READ)
    value: Int
    value, at = read_integer(reader.data, at)
    if value < fields[field, names.LEAST] or value > fields[field, names.MOST]:
        return np.int64(0), np.int64(NOT_READ)
    if kind == names.ZIGZAG:
        value = (value << 1) ^ (value >> 63)
    return value, at


@inner
def _read_scalar(reader: Reader, at: Int, to: Int, field: Int, in_list: bool) -> tuple[Int, Int]:
    fields, out = reader.names.fields, reader.out
    kind, tag = fields[field, names.KIND], fields[field, names.TAG]
    always = in_list or fields[field, names.PRESENCE] != 0
    if kind == names.TEXT:
        return _read_text(reader, at, to, tag, always)
    value, at = _read_number(reader, at, field)
    if at < 0 or (value == 0 and not always):
        return at, to
    if not in_list:
        out[np.uint64(to)] = tag
        to += 1
    if kind in (names.DOUBLE, names.FIXED):
        for i in range(8):
            out[np.uint64(to + i)] = (value >> (8 * i)) & 0xFF
        return at, to + 8
    return at, put_varint(out, to, value)


@inner
def _read_name(reader: Reader, at: Int, depth: Int, to: Int) -> tuple[Int, Int]:
    # (The field's row, the position of its value); the row is -1 for null, which says as little as no field.
    data = reader.data
    not_read = np.int64(NOT_READ)
    if data[np.uint64(at)] != QUOTE:
        return not_read, not_read
    at += 1
    stop, _ = find_quote(data, at)
    if stop < 0:
        return not_read, not_read
    field = field_of(reader.names, message_of(reader, depth), data, at, stop - at)
    if field < 0:
        return not_read, not_read
    at = skip_space(data, stop + 1)
    if data[np.uint64(at)] != _COLON:
        return not_read, not_read
    fields = reader.names.fields
    if not begin_field(reader, depth, fields[field, names.TAG] >> 3, fields[field, names.GROUP], to):
        return not_read, not_read
    return field, skip_space(data, at + 1)


@inner
def _read_value(reader: Reader, at: Int, to: Int, depth: Int, field: Int) -> tuple[Int, Int, Int]:
    # Returns (position, end of what was written, depth): a scalar whole, of an object or a list the opening.
    fields, data, out = reader.names.fields, reader.data, reader.out
    kind, message = fields[field, names.KIND], fields[field, names.MESSAGE]
    in_list = reader.frames[depth, FIELD] >= 0
    byte = data[np.uint64(at)]
    if fields[field, names.REPEATED] and not in_list:
        if byte != _OPEN_LIST:
            return np.int64(NOT_READ), to, depth
        if kind in (names.OBJECT, names.TEXT):
            open_frame(reader, depth + 1, message, field, np.int64(-1))
            return at + 1, to, depth + 1
        out[np.uint64(to)] = fields[field, names.TAG]
        return at + 1, open_frame(reader, depth + 1, message, field, to + 1), depth + 1
    if kind == names.OBJECT:
        if byte != _OPEN_OBJECT:
            return np.int64(NOT_READ), to, depth
        out[np.uint64(to)] = fields[field, names.TAG]
        return at + 1, open_frame(reader, depth + 1, message, np.int64(-1), to + 1), depth + 1
    at, to = _read_scalar(reader, at, to, field, in_list)
    return at, to, depth


@inner
def _read_member(reader: Reader, at: Int, to: Int, depth: Int) -> tuple[Int, Int, Int]:
    # One member of an object or item of a list, with the comma before it.
    data, frames = reader.data, reader.frames
    if frames[depth, ITEMS] > 0:
        if data[np.uint64(at)] != _COMMA:
            return np.int64(NOT_READ), to, depth
        at = skip_space(data, at + 1)
    frames[depth, ITEMS] += 1
    field: Int = np.int64(frames[depth, FIELD])
    if field < 0:
        field, at = _read_name(reader, at, depth, to)
        if at < 0:
            return at, to, depth
        if data[np.uint64(at)] == 0x6E and _spelled(reader, at, b"null"):
            return at + 4, to, depth
    if depth + 2 >= MAX_DEPTH or to + SPARE > len(reader.out):
        return np.int64(NOT_READ), to, depth
    return _read_value(reader, at, to, depth, field)


@kernel
def read_request(reader: Reader) -> Int:
    """Write the request that a line holds to `reader.out`.

    Returns:
        Its size, or -1 when the general reader must look.
    """
    data, frames = reader.data, reader.frames
    not_read = np.int64(NOT_READ)
    at: Int = skip_space(data, np.int64(0))
    if data[np.uint64(at)] != _OPEN_OBJECT:
        return not_read
    open_frame(reader, np.int64(0), np.int64(names.REQUEST), not_read, not_read)
    to: Int = np.int64(0)
    depth: Int = np.int64(0)
    at += 1
    while depth >= 0:
        at = skip_space(data, at)
        if data[np.uint64(at)] == (_CLOSE_OBJECT if frames[depth, FIELD] < 0 else _CLOSE_LIST):
            to = close_frame(reader, depth, to)
            if to < 0:
                return not_read
            depth -= 1
            at += 1
            continue
        at, to, depth = _read_member(reader, at, to, depth)
        if at < 0:
            return not_read
    return to if data[np.uint64(skip_space(data, at))] == _LINE_FEED else not_read
