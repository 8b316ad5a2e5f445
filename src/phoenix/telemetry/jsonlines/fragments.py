"""From protobuf bytes to parsed JSON, driven by the descriptors; once per distinct value of a capture.

The form is that of the collector's file exporter: fields in the order declared, lowerCamelCase, integers of 64 bits as
text, enums as numbers, NaN and infinities as text, what is zero or empty left out unless leaving it out says something
else. Fields that the opentelemetry-proto package does not know have no name in JSON and are left out.
"""

import base64
import math
import struct
from collections.abc import Callable

from google.protobuf.descriptor import Descriptor, FieldDescriptor

from phoenix.telemetry.jsonlines.fields import JsonField, fields_by_number
from phoenix.telemetry.values.message import FIXED64, LENGTH, VARINT, Field, read_fields

_WIRES = {
    FieldDescriptor.TYPE_DOUBLE: FIXED64,
    FieldDescriptor.TYPE_FIXED64: FIXED64,
    FieldDescriptor.TYPE_SFIXED64: FIXED64,
    FieldDescriptor.TYPE_STRING: LENGTH,
    FieldDescriptor.TYPE_BYTES: LENGTH,
    FieldDescriptor.TYPE_MESSAGE: LENGTH,
}


def to_json(message: Descriptor, written: bytes) -> dict[str, object]:
    """Return what a message says, ready for a JSON writer."""
    parts: dict[int, list[Field]] = {}
    members: dict[str, int] = {}
    known = fields_by_number(message)
    for part in read_fields(written):
        field = known.get(part.number)
        if field is None or not _fits(field, part.wire):
            continue
        if field.oneof and members.get(field.oneof, part.number) != part.number:
            # The last member of a oneof wins; what the others said is gone.
            parts.pop(members[field.oneof], None)
        members[field.oneof] = part.number
        parts.setdefault(part.number, []).append(part)
    said: dict[str, object] = {}
    for number, field in known.items():
        if number in parts:
            value = _value(field, parts[number])
            if field.presence or not _says_nothing(field, value):
                said[field.name] = value
    return said


def _says_nothing(field: JsonField, value: object) -> bool:
    # What is left out where absence says the same; minus zero is not what absence says, nor is the text "0".
    nothing: tuple[object, ...] = ("", []) if field.type == FieldDescriptor.TYPE_STRING else (0, "0", "", [], False)
    return value in nothing and str(value) != "-0.0"


def _fits(field: JsonField, wire: int) -> bool:
    expected = _WIRES.get(field.type, VARINT)
    return wire == expected or (field.repeated and wire == LENGTH)


def _value(field: JsonField, parts: list[Field]) -> object:
    if field.message is not None:
        message = field.message
        if field.repeated:
            return [to_json(message, part.payload) for part in parts]
        # A message that stands twice is merged, and merging is concatenation.
        return to_json(message, b"".join(part.payload for part in parts))
    if not field.repeated:
        return _scalar(field, parts[-1])
    return [_scalar(field, item) for part in parts for item in _unpacked(field, part)]


def _unpacked(field: JsonField, part: Field) -> list[Field]:
    expected = _WIRES.get(field.type, VARINT)
    if part.wire == expected:
        return [part]
    # A packed list is read as if its items stood one by one; the tag of one byte is the item's own.
    payload, items = part.payload, []
    while payload:
        item = next(iter(read_fields(bytes([8 | expected]) + payload)))
        payload = payload[len(item.written) - 1 :]
        items.append(item)
    return items


def _scalar(field: JsonField, part: Field) -> object:
    return _SCALARS[field.type](field, part)


def _double(_: JsonField, part: Field) -> object:
    number = struct.unpack("<d", part.payload)[0]
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else ("Infinity" if number > 0 else "-Infinity")


def _bytes(field: JsonField, part: Field) -> object:
    return part.payload.hex() if field.hexadecimal else base64.b64encode(part.payload).decode()


def _signed(bits: int, width: int) -> int:
    bits &= (1 << width) - 1
    return bits - (1 << width) if bits >> (width - 1) else bits


_SCALARS: dict[int, Callable[[JsonField, Field], object]] = {
    FieldDescriptor.TYPE_DOUBLE: _double,
    FieldDescriptor.TYPE_FIXED64: lambda _, part: str(int.from_bytes(part.payload, "little")),
    FieldDescriptor.TYPE_SFIXED64: lambda _, part: str(int.from_bytes(part.payload, "little", signed=True)),
    FieldDescriptor.TYPE_INT64: lambda _, part: str(_signed(part.varint, 64)),
    FieldDescriptor.TYPE_UINT64: lambda _, part: str(part.varint),
    FieldDescriptor.TYPE_INT32: lambda _, part: _signed(part.varint, 32),
    FieldDescriptor.TYPE_UINT32: lambda _, part: part.varint & 0xFFFFFFFF,
    FieldDescriptor.TYPE_SINT32: lambda _, part: _signed((part.varint >> 1) ^ -(part.varint & 1), 32),
    FieldDescriptor.TYPE_ENUM: lambda _, part: _signed(part.varint, 32),
    FieldDescriptor.TYPE_BOOL: lambda _, part: bool(part.varint),
    FieldDescriptor.TYPE_STRING: lambda _, part: part.payload.decode("utf-8", errors="replace"),
    FieldDescriptor.TYPE_BYTES: _bytes,
}
