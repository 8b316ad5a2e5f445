"""Index, ContainsValue, Len, Coalesce and When.

When's condition is a lambda without parameters, which `engine.expressions` works out; `when` gets what it said.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.columns import Failed
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import bool_of, go_type, slice_of
from phoenix.engine.functions.comparison.reached import reached
from phoenix.engine.functions.comparison.rules import compare, deeply_equal
from phoenix.engine.functions.golang.text import byte_length
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.lists import Strings
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import CompareOp


def index(target: Value, value: Value) -> int:
    """Return where a text holds another, in bytes, or a list an item; -1 when it does not.

    Raises:
        OttlRuntimeError: the first is neither text nor list, or a text is asked for something else.
    """
    if isinstance(target, str):
        if not isinstance(value, str):
            raise OttlRuntimeError("invalid value type for Index function, value must be a string")
        return write_text(target).find(write_text(value))
    items = slice_of(target)
    return next((place for place, item in enumerate(items) if _is_item(item, value)), -1)


def contains_value(target: Value, item: Value) -> bool:
    """Return whether a list holds an item."""
    return any(_is_item(held, item) for held in slice_of(target))


def length(target: Value) -> int:
    """Return the bytes of a text or of bytes, the items of a list, the pairs of a map.

    Raises:
        OttlRuntimeError: it has no length.
    """
    match target:
        case str():
            return byte_length(target)
        case bytes() | tuple() | Map():
            return len(target)
        case Pdata(size=int(size)):
            return size
        case _:
            raise OttlRuntimeError(f"Len: unsupported target type {go_type(target)}")


def coalesce(values: Sequence[Value | Failed]) -> Value:
    """Return the first value that is not nil; what stands behind it is not worked out."""
    return next((found for found in map(reached, values) if found is not None), None)


def when(condition: Value | Failed, true_value: Value | Failed, false_value: Value | Failed) -> Value:
    """Return one of two values; the other one is not worked out.

    Raises:
        OttlRuntimeError: the condition is no boolean.
    """
    return reached(true_value if bool_of(reached(condition)) else false_value)


def _is_item(item: Value, value: Value) -> bool:
    # Items are compared as AsRaw gives them, so their maps and lists are Go's.
    match item, value:
        case Map(), Map():
            return deeply_equal(item, value)
        case tuple(), Strings():
            return False
        case tuple(), tuple():
            return deeply_equal(tuple(item), value)
        case _:
            return compare(item, value, CompareOp.EQ)


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "Index": index,
    "ContainsValue": contains_value,
    "Len": length,
    "Coalesce": coalesce,
    "When": when,
}
