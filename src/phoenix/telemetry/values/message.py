"""Protobuf's wire format in plain Python, for the few distinct values of a capture; points go through `codec`.

Used to view and edit interned values without loss: whatever is not understood stays as the bytes it was, and text that
is no UTF-8, which the collector lets pass and protobuf's own Python refuses, can be read.
https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator
from typing import NamedTuple

from phoenix.telemetry.errors import CaptureCorruptError

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_FIXED = {FIXED64: 8, FIXED32: 4}
# A byte of a varint from here on is followed by another.
_LONGER = 0x80
# Most tags and lengths.
_ONE_BYTE = tuple(bytes((value,)) for value in range(_LONGER))


class Field(NamedTuple):
    """One field as written.

    Attributes:
        number: field number.
        wire: wire type.
        varint: the value of a VARINT, else 0.
        payload: what a FIXED64, FIXED32 or LENGTH holds, without its length.
        written: the whole field with its tag.
    """

    number: int
    wire: int
    varint: int
    payload: bytes
    written: bytes


def read_fields(message: bytes) -> Iterator[Field]:
    """Yield the fields of a message as they stand.

    Raises:
        CaptureCorruptError: the bytes are no protobuf message.
    """
    at, size = 0, len(message)
    while at < size:
        # Most tags and lengths are one byte, and a call costs more than reading that.
        tag, after = message[at], at + 1
        if tag >= _LONGER:
            tag, after = _read_varint(message, at)
        wire, varint = tag & 7, 0
        start = after
        if wire == VARINT:
            varint, after = _read_varint(message, after)
        elif wire == LENGTH:
            if after < size and message[after] < _LONGER:
                length, start = message[after], after + 1
            else:
                length, start = _read_varint(message, after)
            after = start + length
        elif wire in _FIXED:
            after += _FIXED[wire]
        else:
            raise CaptureCorruptError(f"a value holds wire type {wire} at byte {at}")
        if after > size:
            raise CaptureCorruptError(f"a value of {size} bytes is cut short in the field at byte {at}")
        payload = b"" if wire == VARINT else message[start:after]
        yield Field(tag >> 3, wire, varint, payload, message[at:after])
        at = after


def varint(value: int) -> bytes:
    """Return a varint; negative integers take ten bytes, as protobuf's int64 does."""
    if 0 <= value < len(_ONE_BYTE):
        return _ONE_BYTE[value]
    value &= 0xFFFFFFFFFFFFFFFF
    written = bytearray()
    while value >= 0x80:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)


def length_field(number: int, payload: bytes) -> bytes:
    """Return a field that holds bytes, text or a message."""
    return varint(number << 3 | LENGTH) + varint(len(payload)) + payload


def varint_field(number: int, value: int) -> bytes:
    """Return a field that holds an integer, a boolean or an enum."""
    return varint(number << 3 | VARINT) + varint(value)


def fixed64_field(number: int, payload: bytes) -> bytes:
    """Return a field that holds eight bytes, a double for example."""
    return varint(number << 3 | FIXED64) + payload


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            break
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise CaptureCorruptError(f"a value is cut short in the number before byte {at}")
