"""Keys, Values, SliceToMap and ToKeyValueString: maps into lists or text, and lists into maps."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import map_of, slice_of
from phoenix.engine.functions.collections.raw import as_string
from phoenix.engine.functions.collections.sorting import STABLE
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value


def keys(target: Value) -> tuple[Value, ...]:
    """Return the keys of a map as a list."""
    return tuple(key for key, _ in map_of(target))


def values(target: Value) -> tuple[Value, ...]:
    """Return the values of a map as a list."""
    return tuple(value for _, value in map_of(target))


def slice_to_map(target: Value, key_path: Sequence[str] | None = None, value_path: Sequence[str] | None = None) -> Map:
    """Return a map of a list's items, by their index or by what stands at a path in each (func_slice_to_map.go).

    Raises:
        OttlRuntimeError: the target is no list, an item is no map where a path is given, or has nothing there.
    """
    made: dict[str, Value] = {}
    for index, item in enumerate(slice_of(target)):
        key, value = str(index), item
        if key_path is not None:
            found = _at(item, key_path)
            if not isinstance(found, str):
                raise OttlRuntimeError(f"element {index}: extracted key attribute is not of type string")
            key = found
        if value_path is not None:
            value = _at(item, value_path)
        made[key] = value
    return Map.of(made.items())


def _at(item: Value, path: Sequence[str]) -> Value:
    if not isinstance(item, Map):
        raise OttlRuntimeError("slice elements must be maps when using `key_path` or `value_path`")
    if not path:
        raise OttlRuntimeError("must provide at least one path item")
    found: Value = item
    for name in path:
        if not isinstance(found, Map) or name not in found:
            raise OttlRuntimeError(f"provided object does not contain the path {list(path)}")
        found = found.get(name)
    return found


def to_key_value_string(
    target: Value, delimiter: str = "=", pair_delimiter: str = " ", *, sort_output: bool = False
) -> str:
    """Return the pairs of a map as text; quotes inside are escaped, and what holds a delimiter is quoted.

    Raises:
        OttlRuntimeError: the target is no map.
        NotColumnarError: to be sorted are more than twelve pairs with a key that stands twice.
    """
    held = map_of(target)
    pairs: Iterable[tuple[str, Value]] = held
    if sort_output:
        if len(held) > STABLE and len({key for key, _ in held}) < len(held):
            raise NotColumnarError("function ToKeyValueString of more than twelve pairs with a key that stands twice")
        pairs = sorted(held, key=lambda pair: write_text(pair[0]))

    def quoted(text: str) -> str:
        text = text.replace('"', '\\"')
        return f'"{text}"' if pair_delimiter in text or delimiter in text else text

    return pair_delimiter.join(f"{quoted(key)}{delimiter}{quoted(as_string(value))}" for key, value in pairs)


CONVERTERS: Final[Mapping[str, Any]] = {
    "Keys": keys,
    "Values": values,
    "SliceToMap": slice_to_map,
    "ToKeyValueString": to_key_value_string,
}
