"""The fields of OTLP metrics with their names in JSON, from the descriptors of the opentelemetry-proto package."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from google.protobuf.descriptor import Descriptor, FieldDescriptor

# Two fields of Exemplar are bytes that OTLP writes in hexadecimal, against the rule for bytes in JSON.
# https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
_HEXADECIMAL = frozenset({"trace_id", "span_id", "parent_span_id"})


@dataclass(frozen=True, slots=True)
class JsonField:
    """One field of a message.

    Attributes:
        number: its number.
        name: in JSON, lowerCamelCase.
        type: a `FieldDescriptor.TYPE_*`.
        repeated: holds a list.
        presence: zero is said too, because absent means something else.
        oneof: name of the group of which only one may stand, or "".
        hexadecimal: bytes that are written so, not in base64.
        message: full name of the message it holds, or "".
        enum: numbers by name.
    """

    number: int
    name: str
    type: int
    repeated: bool
    presence: bool
    oneof: str
    hexadecimal: bool
    message: Descriptor | None
    enum: Mapping[str, int]


@cache
def fields_by_number(message: Descriptor) -> dict[int, JsonField]:
    """Return the fields of a message, in the order it declares them, which is the order the collector writes."""
    return {field.number: _json_field(field) for field in message.fields}


@cache
def fields_by_name(message: Descriptor) -> dict[str, JsonField]:
    """Return the fields of a message under their name in JSON and under their own, as the collector accepts both."""
    fields = fields_by_number(message)
    return {name: fields[field.number] for field in message.fields for name in (field.json_name, field.name)}


def _json_field(field: FieldDescriptor) -> JsonField:
    oneof = field.containing_oneof
    # An optional scalar is a oneof of its own, whose name begins with an underscore.
    group = oneof.name if oneof is not None and not oneof.name.startswith("_") else ""
    return JsonField(
        number=field.number,
        name=field.json_name,
        type=field.type,
        repeated=field.is_repeated,
        presence=field.has_presence,
        oneof=group,
        hexadecimal=field.name in _HEXADECIMAL,
        message=field.message_type,
        enum={value.name: value.number for value in field.enum_type.values} if field.enum_type else {},
    )
