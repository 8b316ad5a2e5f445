"""From OTLP/JSON to protobuf bytes, driven by the descriptors.

The rules are OTLP's: integers of 64 bits as text or number, enums as number or name, bytes in base64, ids in
hexadecimal, NaN and infinities as text, unknown keys passed over, null as absent. Both spellings of a key are taken, as
by the collector. Fields are written in the order of their numbers, as protobuf writes them.
https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
"""

import base64
import binascii
import contextlib
import itertools
import operator
import struct
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from phoenix.telemetry.jsonlines.fields import JsonField, fields_by_name
from phoenix.telemetry.values.message import FIXED64, LENGTH, VARINT, varint

Writer = Callable[[object], bytes]

_pack_double = struct.Struct("<d").pack
_pack_unsigned = struct.Struct("<Q").pack
_pack_signed = struct.Struct("<q").pack


# Text up to this long is worth remembering, and so many of them.
_SHORT = 256
_MOST_KNOWN = 8192


class JsonFieldError(ValueError):
    """A value in a request does not fit its field.

    Attributes:
        path: where, as in `resourceMetrics[0].resource`; grows from the inside out.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.path = ""

    def inside(self, place: str) -> None:
        """Say that the place so far is inside `place`."""
        joint = "." if self.path and not self.path.startswith("[") else ""
        self.path = f"{place}{joint}{self.path}"


def write_message(message: Descriptor, said: object) -> bytes:
    """Return the protobuf bytes of a message given as parsed JSON.

    Raises:
        JsonFieldError: names the place and what is wrong there.
    """
    return _message_writer(message)(said)


class _Member(NamedTuple):
    # A field as an object's key leads to it.
    number: int
    oneof: str
    write: Writer


@cache
def _message_writer(message: Descriptor) -> Writer:
    members: dict[str, _Member] = {}

    def write(said: object) -> bytes:
        if not isinstance(said, dict):
            raise JsonFieldError(f"{_shown(said)} stands where an object should")
        if not members:
            # Not before the first use: a value may hold values.
            members.update({name: _member(field) for name, field in fields_by_name(message).items()})
        parts: list[tuple[int, bytes]] = []
        chosen = ""
        for name, value in said.items():
            member = members.get(name)
            if member is None or value is None:
                continue
            number, oneof, write_field = member
            try:
                parts.append((number, write_field(value)))
            except JsonFieldError as error:
                error.inside(name)
                raise
            if oneof:
                if chosen:
                    raise JsonFieldError(f"{name} stands beside {chosen}, and only one {oneof} may")
                chosen = name
        if len(parts) > 1:
            parts.sort(key=_number)
        return b"".join([written for _, written in parts])

    return write


_number = operator.itemgetter(0)


def _member(field: JsonField) -> _Member:
    return _Member(field.number, field.oneof, _field_writer(field))


def _field_writer(field: JsonField) -> Writer:
    # A function from parsed JSON to the whole field.
    if field.message is not None:
        write = _length_writer(field.number, _message_writer(field.message))
        return (lambda value: b"".join(_each(value, write))) if field.repeated else write
    wire, payload = _payload(field)
    tag = varint(field.number << 3 | wire)
    if not field.repeated:
        return _scalar_writer(tag, payload, None if field.presence else (b"\x00" * 8 if wire == FIXED64 else b"\x00"))
    if wire == LENGTH:
        return lambda value: b"".join([tag + written for written in _each(value, payload)])
    packed = _length_writer(field.number, lambda value: b"".join(_each(value, payload)))
    return lambda value: packed(value) if value != [] else b""


def _scalar_writer(tag: bytes, payload: Writer, left_out: bytes | None) -> Writer:
    # Names, attributes and times come again and again as the same short text.
    known: dict[str, bytes] = {}

    def write(value: object) -> bytes:
        if isinstance(value, str) and value in known:
            return known[value]
        written = payload(value)
        field = b"" if written == left_out else tag + written
        if isinstance(value, str) and len(value) <= _SHORT:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[value] = field
        return field

    return write


def _length_writer(number: int, payload: Writer) -> Writer:
    tag = varint(number << 3 | LENGTH)
    heads = [tag + varint(size) for size in range(_SHORT)]

    def write(value: object) -> bytes:
        written = payload(value)
        size = len(written)
        return (heads[size] if size < _SHORT else tag + varint(size)) + written

    return write


def _each(values: object, write: Writer) -> list[bytes]:
    if not isinstance(values, list):
        raise JsonFieldError(f"{_shown(values)} stands where a list should")
    position = itertools.count()
    try:
        return [write(value) for value, _ in zip(values, position, strict=False)]
    except JsonFieldError as error:
        error.inside(f"[{next(position) - 1}]")
        raise


def _payload(field: JsonField) -> tuple[int, Writer]:
    # The wire type of a scalar, and what writes it behind its tag.
    match field.type:
        case FieldDescriptor.TYPE_DOUBLE:
            return FIXED64, lambda value: _pack_double(_double(value))
        case FieldDescriptor.TYPE_FIXED64:
            return FIXED64, lambda value: _pack_unsigned(_integer(value, 0, 1 << 64))
        case FieldDescriptor.TYPE_SFIXED64:
            return FIXED64, lambda value: _pack_signed(_integer(value, -(1 << 63), 1 << 63))
        case FieldDescriptor.TYPE_INT64:
            return VARINT, lambda value: varint(_integer(value, -(1 << 63), 1 << 63))
        case FieldDescriptor.TYPE_INT32:
            return VARINT, lambda value: varint(_integer(value, -(1 << 31), 1 << 31))
        case FieldDescriptor.TYPE_UINT64:
            return VARINT, lambda value: varint(_integer(value, 0, 1 << 64))
        case FieldDescriptor.TYPE_UINT32:
            return VARINT, lambda value: varint(_integer(value, 0, 1 << 32))
        case FieldDescriptor.TYPE_SINT32:
            return VARINT, lambda value: varint(_zigzag(_integer(value, -(1 << 31), 1 << 31)))
        case FieldDescriptor.TYPE_ENUM:
            return VARINT, lambda value: varint(_enum(value, field))
        case FieldDescriptor.TYPE_BOOL:
            return VARINT, _bool
        case FieldDescriptor.TYPE_STRING:
            return LENGTH, _string
        case FieldDescriptor.TYPE_BYTES:
            return LENGTH, _hexadecimal if field.hexadecimal else _base64
    raise AssertionError(f"OTLP metrics have no field of type {field.type}")


def _sized(payload: bytes) -> bytes:
    return varint(len(payload)) + payload


def _string(value: object) -> bytes:
    if not isinstance(value, str):
        raise JsonFieldError(f"{_shown(value)} is no text")
    return _sized(value.encode())


def _base64(value: object) -> bytes:
    if isinstance(value, str):
        # Both alphabets, and padding or not, as protobuf's JSON allows.
        text = value.translate(_URL_SAFE).rstrip("=")
        with contextlib.suppress(binascii.Error, ValueError):
            return _sized(base64.b64decode(text + "=" * (-len(text) % 4), validate=True))
    raise JsonFieldError(f"{_shown(value)} is not base64")


def _hexadecimal(value: object) -> bytes:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return _sized(bytes.fromhex(value))
    raise JsonFieldError(f"{_shown(value)} is not hexadecimal")


def _bool(value: object) -> bytes:
    if not isinstance(value, bool):
        raise JsonFieldError(f"{_shown(value)} is neither true nor false")
    return b"\x01" if value else b"\x00"


def _integer(value: object, least: int, bound: int) -> int:
    number = value
    if (isinstance(value, str) and value.isascii() and value.removeprefix("-").isdigit()) or (
        isinstance(value, float) and value.is_integer()
    ):
        number = int(value)
    if not isinstance(number, int) or isinstance(number, bool):
        raise JsonFieldError(f"{_shown(value)} is not an integer")
    if not least <= number < bound:
        raise JsonFieldError(f"{_shown(value)} is out of range")
    return number


def _zigzag(number: int) -> int:
    return number << 1 ^ number >> 31


def _double(value: object) -> float:
    if isinstance(value, float):
        return value
    if isinstance(value, (int, str)) and not isinstance(value, bool) and "_" not in str(value):
        with contextlib.suppress(ValueError, OverflowError):
            return float(value)
    raise JsonFieldError(f"{_shown(value)} is not a number")


def _enum(value: object, field: JsonField) -> int:
    if isinstance(value, str) and value in field.enum:
        return field.enum[value]
    if isinstance(value, str):
        raise JsonFieldError(f"{_shown(value)} is none of {', '.join(field.enum)}")
    return _integer(value, -(1 << 31), 1 << 31)


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


_URL_SAFE = str.maketrans("-_", "+/")
