"""The actions on a map, one a function: what AttrProc.Process does (attraction.go of 0.160)."""

import hashlib
import struct
from collections.abc import Callable

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.numbers import float_to_int, parse_float, parse_int
from phoenix.engine.processors.attraction.patterns import Pattern
from phoenix.engine.processors.attraction.text import as_string
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value

Change = Callable[[Map], Map]
# The value to write, as a list of one; empty when there is none, which is not the same as an empty value.
Source = Callable[[Map], list[Value]]


def insert(key: str, source: Source) -> Change:
    """Return the change that gives maps without `key` the source's value."""

    def change(held: Map) -> Map:
        found = source(held)
        return held.put(key, found[0]) if found and key not in held else held

    return change


def update(key: str, source: Source) -> Change:
    """Return the change that gives maps with `key` the source's value."""

    def change(held: Map) -> Map:
        found = source(held)
        return held.put(key, found[0]) if found and key in held else held

    return change


def upsert(key: str, source: Source) -> Change:
    """Return the change that gives all maps the source's value."""

    def change(held: Map) -> Map:
        found = source(held)
        return held.put(key, found[0]) if found else held

    return change


def delete(key: str, pattern: Pattern | None) -> Change:
    """Return the change that takes away the first `key`, the empty one too, and all keys that match."""

    def change(held: Map) -> Map:
        held = held.without(key)
        if pattern is None:
            return held
        return Map.of(pair for pair in held if not pattern.matches(pair[0]))

    return change


def hash_values(key: str, pattern: Pattern | None) -> Change:
    """Return the change that hashes the first `key` and then all keys that match."""

    def change(held: Map) -> Map:
        if key in held:
            held = held.put(key, hashed(held.get(key)))
        if pattern is None:
            return held
        return Map.of((name, hashed(value) if pattern.matches(name) else value) for name, value in held)

    return change


def extract(key: str, pattern: Pattern) -> Change:
    """Return the change that puts what the groups of `pattern` find in a string under their names."""

    def change(held: Map) -> Map:
        text = held.get(key)
        found = pattern.groups(text) if isinstance(text, str) else None
        for name, group in zip(pattern.group_names[1:], found[1:] if found else (), strict=False):
            held = held.put(name, group or "")
        return held

    return change


def convert(key: str, to: str) -> Change:
    """Return the change that makes a string, an int or a double of a value, where that can be done."""
    converted = {"string": as_string, "int": _to_int, "double": _to_double}[to]

    def change(held: Map) -> Map:
        return held.put(key, converted(held.get(key))) if key in held else held

    return change


def hashed(value: Value) -> str:
    """Return the SHA-256 of a value in hexadecimal; "" for what is neither text nor a number (hasher.go)."""
    match value:
        case bool():
            written = bytes([value])
        case str():
            written = write_text(value)
        case int():
            written = struct.pack("<q", value)
        case float():
            written = struct.pack("<d", value)
        case _:
            return ""
    return hashlib.sha256(written).hexdigest()


def _to_int(value: Value) -> Value:
    match value:
        case bool():
            return int(value)
        case float():
            return float_to_int(value)
        case str():
            try:
                return parse_int(value)
            except OttlRuntimeError:
                return value
        case _:
            return value


def _to_double(value: Value) -> Value:
    match value:
        case bool() | int():
            return float(value)
        case str():
            try:
                return parse_float(value)
            except OttlRuntimeError:
                return value
        case _:
            return value
