"""The fields of OTLP metrics under their names in JSON, as tables for the kernel that reads a line."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from numpy.typing import NDArray
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.telemetry.codec.jit import in_python, inner
from phoenix.telemetry.codec.wire import FIXED64, LENGTH, VARINT, Bytes, Int
from phoenix.telemetry.jsonlines.fields import JsonField, fields_by_name

# Columns of `fields`.
TAG, KIND, REPEATED, PRESENCE, GROUP, MESSAGE, LEAST, MOST = 0, 1, 2, 3, 4, 5, 6, 7
# Kinds of a field: how its value stands in JSON and in protobuf.
OBJECT, TEXT, DOUBLE, FIXED, NUMBER, ZIGZAG, ENUM, BOOL = 0, 1, 2, 3, 4, 5, 6, 7
# Columns of `entries`.
_BEGIN, _SIZE, _FIELD = 0, 1, 2

# Field numbers are below this, so that a tag takes one byte.
NUMBERS = 16
REQUEST = 0

_SLOTS = 64
_MOST64 = 2**63 - 1
_KINDS = {
    FieldDescriptor.TYPE_MESSAGE: (OBJECT, LENGTH, 0, 0),
    FieldDescriptor.TYPE_STRING: (TEXT, LENGTH, 0, 0),
    FieldDescriptor.TYPE_DOUBLE: (DOUBLE, FIXED64, 0, 0),
    # What does not fit 63 bits is left to the general reader.
    FieldDescriptor.TYPE_FIXED64: (FIXED, FIXED64, 0, _MOST64),
    FieldDescriptor.TYPE_SFIXED64: (FIXED, FIXED64, -_MOST64, _MOST64),
    FieldDescriptor.TYPE_INT64: (NUMBER, VARINT, -_MOST64, _MOST64),
    FieldDescriptor.TYPE_UINT64: (NUMBER, VARINT, 0, _MOST64),
    FieldDescriptor.TYPE_INT32: (NUMBER, VARINT, -(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_UINT32: (NUMBER, VARINT, 0, 2**32 - 1),
    FieldDescriptor.TYPE_SINT32: (ZIGZAG, VARINT, -(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_ENUM: (ENUM, VARINT, -(2**31), 2**31 - 1),
    FieldDescriptor.TYPE_BOOL: (BOOL, VARINT, 0, 0),
}


class Names(NamedTuple):
    """What the kernel knows of OTLP.

    Attributes:
        fields: int64[fields, 8]: tag, kind, whether a list, whether zero is said too, the bits of the numbers that may
            not stand beside it, the message it holds, and the least and the most of a number.
        slots: int16[messages, 64], a hash table of each message's names: rows of `entries`, or -1.
        entries: int64[names, 3]: where the name begins in `text`, its size, its field's row.
        text: all names.
    """

    fields: NDArray[np.int64]
    slots: NDArray[np.int16]
    entries: NDArray[np.int64]
    text: Bytes


@cache
def names() -> Names:
    """Return the tables of all messages in a request, with both spellings of each name.

    Bytes (in base64 or hexadecimal) and numbers over 15 are left out; what has no name is for the general reader.
    """
    messages = _messages(ExportMetricsServiceRequest.DESCRIPTOR)
    number_of = {message.full_name: number for number, message in enumerate(messages)}
    fields: list[list[int]] = []
    entries: list[list[int]] = []
    text, hashed = bytearray(), in_python(hash_name)
    slots = np.full((len(messages), _SLOTS), -1, dtype=np.int16)
    for message, table in zip(messages, slots, strict=True):
        known = fields_by_name(message)
        rows: dict[int, int] = {}
        for name, field in known.items():
            if field.type not in _KINDS or field.number >= NUMBERS:
                continue
            if field.number not in rows:
                rows[field.number] = len(fields)
                fields.append(_row(field, known.values(), number_of))
            spelled = np.frombuffer(name.encode(), dtype=np.uint8)
            slot = hashed(spelled, 0, len(name))
            while table[slot] >= 0:
                slot = (slot + 1) % _SLOTS
            table[slot] = len(entries)
            entries.append([len(text), len(name), rows[field.number]])
            text += spelled.tobytes()
    return Names(
        np.array(fields, dtype=np.int64),
        slots,
        np.array(entries, dtype=np.int64),
        np.frombuffer(bytes(text), dtype=np.uint8),
    )


def _messages(root: Descriptor) -> list[Descriptor]:
    # The root first, then in the order they are met.
    found = [root]
    for message in found:
        found += [
            held for held in (field.message_type for field in message.fields) if held is not None and held not in found
        ]
    return list(dict.fromkeys(found))


def _row(field: JsonField, beside: Iterable[JsonField], number_of: dict[str, int]) -> list[int]:
    kind, wire, least, most = _KINDS[field.type]
    packed = field.repeated and kind not in (OBJECT, TEXT)
    group = 0
    if field.oneof:
        for other in beside:
            group |= (other.oneof == field.oneof) << other.number
    message = number_of[field.message.full_name] if field.message is not None else 0
    tag = field.number << 3 | (LENGTH if packed else wire)
    return [tag, kind, field.repeated, field.presence, group, message, least, most]


@inner
def hash_name(data: Bytes, at: Int, size: Int) -> Int:
    """Return the slot in which to look for a name first."""
    first, last = np.int64(data[np.uint64(at)]), np.int64(data[np.uint64(at + size - 1)])
    return (size * 5 + first + last * 7 + np.int64(data[np.uint64(at + (size >> 1))]) * 3) & (_SLOTS - 1)


@inner
def _spells(known: Names, entry: Int, data: Bytes, at: Int, size: Int) -> bool:
    if known.entries[entry, _SIZE] != size:
        return False
    begin = known.entries[entry, _BEGIN]
    for i in range(size):  # noqa: SIM110 numba compiles no generator
        if known.text[np.uint64(begin + i)] != data[np.uint64(at + i)]:
            return False
    return True


@inner
def field_of(known: Names, message: Int, data: Bytes, at: Int, size: Int) -> Int:
    """Return the row of the field whose name is `data[at:at + size]` in a message, or -1."""
    if size == 0:
        return np.int64(-1)
    slot: Int = hash_name(data, at, size)
    while known.slots[message, slot] >= 0:
        entry = np.int64(known.slots[message, slot])
        if _spells(known, entry, data, at, size):
            return np.int64(known.entries[entry, _FIELD])
        slot = (slot + 1) & (_SLOTS - 1)
    return np.int64(-1)
