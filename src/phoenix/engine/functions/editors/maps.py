"""Editors that take pairs out of a map or put others in: delete_key, keep_keys, limit, merge_maps and their kind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.functions.arguments import map_of, string_of
from phoenix.engine.functions.collections.raw import as_string
from phoenix.engine.functions.text.patterns import compile_pattern
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Map, Value


def delete_key(target: Value, key: Value) -> Map:
    """Return the map without the first pair of a key."""
    return map_of(target).without(string_of(key))


def delete_matching_keys(target: Value, pattern: Value) -> Map:
    """Return the map without the pairs in whose key a regular expression is found."""
    compiled = compile_pattern(string_of(pattern))
    return _kept(target, lambda key: not compiled.matches(key))


def keep_matching_keys(target: Value, pattern: Value) -> Map:
    """Return only the pairs in whose key a regular expression is found."""
    compiled = compile_pattern(string_of(pattern))
    return _kept(target, compiled.matches)


def keep_keys(target: Value, keys: Sequence[Value]) -> Map:
    """Return only the pairs of these keys."""
    held = map_of(target)
    wanted = {string_of(key) for key in keys}
    return Map.of((key, value) for key, value in held if key in wanted)


def limit(target: Value, limit: int, priority_keys: Sequence[str]) -> Map:
    """Return at most so many pairs: those of the priority keys, then the first others (func_limit.go).

    Raises:
        OttlRuntimeError: the target is no map.
    """
    held = map_of(target)
    if len(held) <= limit:
        return held
    # A priority key counts as often as it is named, and once where it stands twice.
    count = sum(key in held for key in priority_keys)
    kept = []
    for key, value in held:
        if key not in priority_keys:
            if count >= limit:
                continue
            count += 1
        kept.append((key, value))
    return Map.of(kept)


def merge_maps(target: Value, source: Value, strategy: str) -> Map:
    """Return the map with the pairs of another: only new keys, only known ones, or all (func_merge_maps.go).

    Raises:
        OttlRuntimeError: one is no map.
    """
    held, others = map_of(target), map_of(source)
    for key, value in others:
        if strategy == "upsert" or (key in held) == (strategy == "update"):
            held = held.put(key, value)
    return held


def stringify_all(target: Value) -> Map:
    """Return the map with every value as text."""
    return Map.of((key, as_string(value)) for key, value in map_of(target))


def truncate_all(target: Value, limit: int, *, utf8_safe: bool = True, truncation_marker: str = "") -> Map:
    """Return the map with longer text values cut to so many bytes, the marker's included (func_truncate_all.go).

    Raises:
        OttlRuntimeError: the target is no map.
    """
    marker = write_text(truncation_marker)
    return Map.of((key, _truncated(value, limit, marker, utf8_safe=utf8_safe)) for key, value in map_of(target))


def _truncated(value: Value, limit: int, marker: bytes, *, utf8_safe: bool) -> Value:
    if not isinstance(value, str):
        return value
    written = write_text(value)
    if len(written) <= limit:
        return value
    stop = limit - len(marker)
    while utf8_safe and stop > 0 and written[stop] & 0xC0 == 0x80:
        stop -= 1
    return read_text(written[:stop] + marker)


def _kept(target: Value, wanted: Callable[[str], bool]) -> Map:
    return Map.of((key, value) for key, value in map_of(target) if wanted(key))


EDITORS: Final[Mapping[str, Any]] = {
    "delete_key": delete_key,
    "delete_matching_keys": delete_matching_keys,
    "keep_keys": keep_keys,
    "keep_matching_keys": keep_matching_keys,
    "limit": limit,
    "merge_maps": merge_maps,
    "stringify_all": stringify_all,
    "truncate_all": truncate_all,
}
