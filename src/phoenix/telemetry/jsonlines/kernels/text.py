"""Text in JSON: white space, and strings with their escapes. The whole line was found to be UTF-8 before.

As in `numbers`, a position below zero says that the general reader must look, and no reader goes past the line feed at
the end of `data`.
"""

import numpy as np

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.wire import Bytes, Int
from phoenix.telemetry.jsonlines.kernels.numbers import NOT_READ, QUOTE

_SPACE, _TAB, _RETURN, _BACKSLASH = 0x20, 0x09, 0x0D, 0x5C
_SURROGATES, _LOW_SURROGATES, _AFTER_SURROGATES = 0xD800, 0xDC00, 0xE000


@inner
def skip_space(data: Bytes, at: Int) -> Int:
    """Return the position of the next byte that is no white space; the line feed at the end is none."""
    while data[np.uint64(at)] in (_SPACE, _TAB, _RETURN):
        at += 1
    return at


@inner
def find_quote(data: Bytes, at: Int) -> tuple[Int, bool]:
    """Return (position of the quote that ends the string that `at` is in, whether escapes stand before it)."""
    escaped = False
    byte = data[np.uint64(at)]
    while byte != QUOTE:
        if byte == _BACKSLASH:
            escaped = True
            at += 1
            byte = data[np.uint64(at)]
        if byte < _SPACE:
            return np.int64(NOT_READ), escaped
        at += 1
        byte = data[np.uint64(at)]
    return at, escaped


@inner
def _read_hex(data: Bytes, at: Int) -> Int:
    value = np.int64(0)
    for i in range(4):
        byte = np.int64(data[np.uint64(at + i)])
        if 0x30 <= byte <= 0x39:
            digit = byte - 0x30
        elif 0x61 <= byte | 0x20 <= 0x66:
            digit = (byte | 0x20) - 0x57
        else:
            return np.int64(NOT_READ)
        value = value << 4 | digit
    return value


@inner
def _read_code_point(data: Bytes, at: Int) -> tuple[Int, Int]:
    # (What \uXXXX, or a pair of them, means, the position behind); `at` is behind the first \u.
    code = _read_hex(data, at)
    at += 4
    if code < _SURROGATES or code >= _AFTER_SURROGATES:
        return code, at
    if code >= _LOW_SURROGATES or data[np.uint64(at)] != _BACKSLASH or data[np.uint64(at + 1)] != 0x75:
        return np.int64(NOT_READ), at
    low = _read_hex(data, at + 2)
    if low < _LOW_SURROGATES or low >= _AFTER_SURROGATES:
        return np.int64(NOT_READ), at
    return 0x10000 + ((code - _SURROGATES) << 10) + (low - _LOW_SURROGATES), at + 6


@inner
def _put_code_point(out: Bytes, to: Int, code: Int) -> Int:
    if code < 0x80:
        out[np.uint64(to)] = code
        return to + 1
    if code < 0x800:
        out[np.uint64(to)] = 0xC0 | code >> 6
        out[np.uint64(to + 1)] = 0x80 | code & 0x3F
        return to + 2
    if code < 0x10000:
        out[np.uint64(to)] = 0xE0 | code >> 12
        out[np.uint64(to + 1)] = 0x80 | code >> 6 & 0x3F
        out[np.uint64(to + 2)] = 0x80 | code & 0x3F
        return to + 3
    out[np.uint64(to)] = 0xF0 | code >> 18
    out[np.uint64(to + 1)] = 0x80 | code >> 12 & 0x3F
    out[np.uint64(to + 2)] = 0x80 | code >> 6 & 0x3F
    out[np.uint64(to + 3)] = 0x80 | code & 0x3F
    return to + 4


@inner
def _simple_escape(byte: Int) -> Int:
    if byte in (QUOTE, _BACKSLASH, 0x2F):
        return byte
    if byte == 0x6E:
        return np.int64(0x0A)
    if byte == 0x74:
        return np.int64(0x09)
    if byte == 0x72:
        return np.int64(0x0D)
    if byte == 0x62:
        return np.int64(0x08)
    if byte == 0x66:
        return np.int64(0x0C)
    return np.int64(NOT_READ)


@inner
def unescape(data: Bytes, at: Int, stop: Int, out: Bytes, to: Int) -> Int:
    """Write what the string `data[at:stop]` means to `out`; never longer than the string. Return the end of it."""
    while at < stop:
        byte = np.int64(data[np.uint64(at)])
        at += 1
        if byte != _BACKSLASH:
            out[np.uint64(to)] = byte
            to += 1
            continue
        byte = np.int64(data[np.uint64(at)])
        at += 1
        if byte == 0x75:
            code, at = _read_code_point(data, at)
        else:
            code = _simple_escape(byte)
        if code < 0 or at > stop:
            return np.int64(NOT_READ)
        to = _put_code_point(out, to, code)
    return to
