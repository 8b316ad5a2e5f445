"""Attributes between OTLP's bytes and values, exactly: keys that stand twice, map order and text that is no UTF-8 stay.

https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/common/v1/common.proto
"""

import struct
from collections.abc import Iterable
from functools import lru_cache

from phoenix.engine.values.ids import Id
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value
from phoenix.telemetry.values.message import (
    LENGTH,
    fixed64_field,
    length_field,
    read_fields,
    varint_field,
)

_SIGN = 1 << 63


def read_text(payload: bytes) -> str:
    """Return text; bytes that are no UTF-8 stand as lone surrogates."""
    return payload.decode("utf-8", "surrogateescape")


def write_text(text: str) -> bytes:
    """Return the bytes that `read_text` read."""
    return text.encode("utf-8", "surrogateescape")


def read_map(message: bytes) -> Map:
    """Return a KeyValueList."""
    return read_pairs(field.payload for field in read_fields(message) if field.number == 1 and field.wire == LENGTH)


def write_map(held: Map) -> bytes:
    """Return the KeyValueList of a map."""
    return b"".join(length_field(1, pair) for pair in write_pairs(held))


def read_pairs(pairs: Iterable[bytes]) -> Map:
    """Return the map of KeyValue messages."""
    return Map.of(map(_read_pair, pairs))


def write_pairs(held: Map) -> list[bytes]:
    """Return the KeyValue message of each pair. What stays empty in it is not written, as protobuf does."""
    return [_write_text_pair(key, value) if type(value) is str else _write_pair(key, value) for key, value in held]


def read_value(message: bytes) -> Value:
    """Return an AnyValue."""
    value: Value = None
    for field in read_fields(message):
        match field.number, field.wire:
            case 1, 2:
                value = read_text(field.payload)
            case 2, 0:
                value = bool(field.varint)
            case 3, 0:
                value = field.varint - 2 * _SIGN if field.varint >= _SIGN else field.varint
            case 4, 1:
                value = struct.unpack("<d", field.payload)[0]
            case 5, 2:
                items = (part for part in read_fields(field.payload) if part.number == 1 and part.wire == LENGTH)
                value = tuple(read_value(part.payload) for part in items)
            case 6, 2:
                value = read_map(field.payload)
            case 7, 2:
                value = field.payload
            case _:
                continue
    return value


def write_value(value: Value) -> bytes:
    """Return the AnyValue of a value that an attribute can hold.

    Raises:
        TypeError: it is a time, a duration, an id or a part of a point, which no attribute holds.
    """
    match value:
        case None:
            return b""
        case bool():
            return varint_field(2, int(value))
        case str():
            return length_field(1, write_text(value))
        case int():
            return varint_field(3, value)
        case float():
            return fixed64_field(4, struct.pack("<d", value))
        case bytes():
            return length_field(7, value)
        case tuple():
            return length_field(5, b"".join(length_field(1, write_value(item)) for item in value))
        case Map():
            return length_field(6, write_map(value))
        case Time() | Duration() | Id() | Pdata():
            raise TypeError(f"an attribute cannot hold {value!r}")


def _write_pair(key: str, value: Value) -> bytes:
    return (length_field(1, write_text(key)) if key else b"") + length_field(2, write_value(value))


@lru_cache(maxsize=16_384)
def _write_text_pair(key: str, value: str) -> bytes:
    # The pairs of one map stand in many others: a change of one key writes all others again.
    return _write_pair(key, value)


def _read_pair(pair: bytes) -> tuple[str, Value]:
    key, value = "", b""
    for field in read_fields(pair):
        if field.wire == LENGTH and field.number == 1:
            key = read_text(field.payload)
        elif field.wire == LENGTH and field.number == 2:
            # A message that stands twice is merged, and merging is concatenation.
            value += field.payload
    return key, read_value(value)
