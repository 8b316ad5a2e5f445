"""Sort: a list in order, its items compared as what they have in common (func_sort.go)."""

import math
from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import go_type, slice_of
from phoenix.engine.functions.collections.raw import as_string
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.lists import Anys, Counts, Strings
from phoenix.engine.values.value import Map, Value, identity

STABLE: Final = 12


def sort(target: Value, order: str = "asc") -> tuple[Value, ...]:
    """Return a list in order: numbers as numbers, anything with text, booleans or nils in it as text.

    A list with maps, lists or bytes in it stays as it is.

    Raises:
        OttlRuntimeError: it is no list.
        NotColumnarError: more than twelve items, some of which differ and compare as equal.
    """
    if not isinstance(target, tuple) or isinstance(target, Counts):
        raise OttlRuntimeError(f"sort with unsupported type: '{go_type(target)}'. Target is not a list")
    items = slice_of(target)
    if not items or any(isinstance(item, (Map, tuple, bytes)) for item in items):
        return items
    numeric = all(isinstance(item, (int, float)) and not isinstance(item, bool) for item in items)
    if not numeric:
        ordered = _ordered(items, [write_text(as_string(item)) for item in items], order)
    elif all(isinstance(item, int) for item in items):
        ordered = _ordered(items, list(items), order)
    else:
        ordered = _ordered(items, [_ascending(float(item)) for item in items], order)  # type: ignore[arg-type]
    if isinstance(target, Strings):
        return Strings(str(item) for item in ordered)
    return Anys(ordered)


def _ascending(number: float) -> tuple[bool, float]:
    # cmp.Compare puts NaN before all else.
    return (False, 0.0) if math.isnan(number) else (True, number)


def _ordered(items: tuple[Value, ...], by: list[Any], order: str) -> list[Value]:
    # Go's sort keeps the order of equals among so few only.
    if len(items) > STABLE and len(set(by)) < len(set(map(identity, items))):
        raise NotColumnarError("function Sort of more than twelve items, some of them equal but not the same,")
    rows = sorted(range(len(items)), key=by.__getitem__, reverse=order == "desc")
    return [items[row] for row in rows]


CONVERTERS: Final[Mapping[str, Any]] = {"Sort": sort}
