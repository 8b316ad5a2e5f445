"""Indexes into a value that is read. Those behind a path forgive what is missing, those behind a call do not."""

from collections.abc import Iterable

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.values.value import Map, Value


def within_path(held: Value, keys: Iterable[Value]) -> Value:
    """Return what `path[key]...` finds in the value of the path: nil where a key is missing.

    Follows ctxutil.GetMapValue and getIndexableValue of pkg/ottl 0.160.

    Raises:
        OttlRuntimeError: a key of the wrong type, an index out of bounds, or nothing that can be indexed.
    """
    for key in keys:
        match held:
            case Map():
                if not isinstance(key, str):
                    raise OttlRuntimeError("unable to resolve a string index in map")
                if key not in held:
                    return None
                held = held.get(key)
            case tuple():
                held = held[index_in(held, key)]
            case _:
                raise OttlRuntimeError("the value does not support indexing")
    return held


def within_result(held: Value, keys: Iterable[Value]) -> Value:
    """Return what `Function()[key]...` finds in what the function returned (getIndexedValue of pkg/ottl 0.160).

    Raises:
        OttlRuntimeError: a key that is missing or of the wrong type, or nothing that can be indexed.
        NotColumnarError: it is an index into bytes.
    """
    for key in keys:
        if isinstance(key, str):
            if not isinstance(held, Map):
                raise OttlRuntimeError("the value does not support string indexing")
            if key not in held:
                raise OttlRuntimeError("key not found in map")
            held = held.get(key)
        elif isinstance(held, tuple):
            held = held[index_in(held, key)]
        elif isinstance(held, bytes):
            raise NotColumnarError("an index into bytes")
        else:
            raise OttlRuntimeError("the value does not support int indexing")
    return held


def index_in(held: tuple[Value, ...], key: Value) -> int:
    """Return an index into a list.

    Raises:
        OttlRuntimeError: it is no int, or out of bounds.
    """
    if isinstance(key, bool) or not isinstance(key, int):
        raise OttlRuntimeError("unable to resolve an integer index in slice")
    if not 0 <= key < len(held):
        raise OttlRuntimeError(f"index {key} out of bounds")
    return key
