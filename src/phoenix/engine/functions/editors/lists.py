"""Editors of lists, and clear: append, delete_index."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import go_type, int_of, slice_of
from phoenix.engine.functions.collections.raw import raw
from phoenix.engine.values.ids import Id
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value

_MISSING: Final = object()


def append(target: Value, value: Any = _MISSING, values: Sequence[Value] = ()) -> tuple[Value, ...]:
    """Return a list of what was there, one value or the items of a list, and what is added (func_append.go).

    Raises:
        OttlRuntimeError: something in it is of a type that no list holds when it comes as it is.
    """
    if target is None:
        held: tuple[Value, ...] = ()
    elif isinstance(target, Anys):
        held = target
    elif isinstance(target, tuple):
        return (*map(raw, target), *_raw_added(value, values))
    else:
        held = (target,)
    return (*map(_raw, held), *_raw_added(value, values))


def _raw_added(value: Any, values: Sequence[Value]) -> tuple[Value, ...]:
    added = ((value,) if value is not _MISSING else ()) + tuple(values)
    return tuple(map(_raw, added))


def _raw(item: Value) -> Value:
    # pcommon.Slice.FromRaw knows Go's own types only.
    if isinstance(item, Anys):
        return tuple(map(_raw, item))
    if isinstance(item, (tuple, Map, Time, Duration, Id, Pdata)):
        raise OttlRuntimeError(f"<Invalid value type {go_type(item)}>")
    return item


def delete_index(target: Value, start_index: Value, end_index: Any = _MISSING) -> tuple[Value, ...]:
    """Return a list without the items from one index up to another, by default the one item (func_delete_index.go).

    Raises:
        OttlRuntimeError: the target is no list, or the indexes are beyond it.
    """
    held = slice_of(target)
    start = int_of(start_index)
    end = start + 1 if end_index is _MISSING else int_of(end_index)
    if start == 0 and end == len(held):
        return ()
    if not 0 <= start < len(held):
        raise OttlRuntimeError(f"startIndex {start} out of bounds for slice of length {len(held)}")
    if end < start:
        raise OttlRuntimeError(f"endIndex {end} cannot be less than startIndex {start}")
    if end > len(held):
        raise OttlRuntimeError(f"deletion range [{start}:{end}] out of bounds for slice of length {len(held)}")
    return held[:start] + held[end:]


def clear(target: Value) -> Value:
    """Return the zero value of what was there: an empty map or list, "", 0, false, or nil (func_clear.go).

    Raises:
        OttlRuntimeError: it has none.
        NotColumnarError: the collector would crash: the zero value of a part of a point points nowhere.
    """
    match target:
        case None:
            return None
        case Map():
            return Map()
        case tuple():
            return ()
        case Time():
            # The first moment of the year 1.
            return Time(-62_135_596_800 * 10**9)
        case Duration():
            return Duration(0)
        case bool() | int() | float() | str() | bytes():
            return type(target)()
        case Pdata():
            raise NotColumnarError(f"function clear of {target.place}, which makes a collector crash,")
        case _:
            raise OttlRuntimeError(f"cannot infer zero value for type {go_type(target)} in clear")


EDITORS: Final[Mapping[str, Any]] = {"append": append, "delete_index": delete_index, "clear": clear}
