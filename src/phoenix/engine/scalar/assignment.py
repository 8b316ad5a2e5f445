"""What a setter leaves behind: ctxutil.SetMapValue, SetIndexableValue, SetValue and SetMap of pkg/ottl 0.160.

A setter that fails has often changed something already: a key was put before its value turned out to be of no use. So
each function returns what is held afterwards together with what went wrong.
"""

from collections.abc import Sequence

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.scalar.indexing import index_in
from phoenix.engine.values.ids import Id
from phoenix.engine.values.lists import Counts
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value

Assigned = tuple[Value, str | None]
"""What is held now, and why the setter failed or None."""


def assign_map(held: Map, value: Value) -> tuple[Map, str | None]:
    """Return a whole map (attributes, cache) after `set(map, value)`; nil empties it."""
    if value is None:
        return Map(), None
    if isinstance(value, Map):
        return value, None
    return held, "unsupported type provided for setting a pcommon.Map"


def assign_within(held: Map, keys: Sequence[Value], value: Value) -> tuple[Map, str | None]:
    """Return a whole map after `set(map[key]..., value)`."""
    made, why = _assign(held, keys, value)
    assert isinstance(made, Map)  # noqa: S101 a map with keys stays one
    return made, why


def _assign(held: Value, keys: Sequence[Value], value: Value) -> Assigned:
    if not keys:
        return _put(held, value)
    key, rest = keys[0], keys[1:]
    match held:
        case Map():
            return _assign_key(held, key, rest, value)
        case tuple():
            try:
                index = index_in(held, key)
            except OttlRuntimeError as error:
                return held, str(error)
            made, why = _assign(held[index], rest, value)
            return (*held[:index], made, *held[index + 1 :]), why
        case None:
            return _assign_empty(key, rest, value)
        case _:
            return held, "the value does not support indexing"


def _assign_key(held: Map, key: Value, rest: Sequence[Value], value: Value) -> Assigned:
    if not isinstance(key, str):
        return held, "unable to resolve a string index in map"
    made, why = _assign(held.get(key), rest, value)
    return held.put(key, made), why


def _assign_empty(key: Value, rest: Sequence[Value], value: Value) -> Assigned:
    # An empty value becomes a map for a string, and for an int a list just long enough.
    if isinstance(key, str):
        made, why = _assign(None, rest, value)
        return Map(((key, made),)), why
    if isinstance(key, int) and not isinstance(key, bool):
        made, why = _assign(None, rest, value)
        return (*(None,) * max(key, 0), made), why
    return None, "neither a string nor an int index was given"


def _put(held: Value, value: Value) -> Assigned:
    match value:
        case Time() | Duration() | Id() | Pdata() | Counts():
            return held, "unsupported type for set operation"
        case tuple():
            # Only the last item's failure is remembered; what failed stays empty.
            items = [_put(None, item) for item in value]
            return tuple(item for item, _ in items), items[-1][1] if items else None
        case _:
            return value, None
