"""Maps written out in a statement (mapGetter of pkg/ottl 0.160): what may stand in one."""

from collections.abc import Sequence

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Map, Value


def literal_map(keys: Sequence[str], values: Sequence[Value]) -> Map:
    """Return the map; of a key that stands twice the later value wins.

    Raises:
        OttlRuntimeError: a value that pcommon.Value.FromRaw does not take: a list of telemetry, a time, an id.
    """
    return Map.of({key: _value(value) for key, value in zip(keys, values, strict=True)}.items())


def _value(value: Value) -> Value:
    if isinstance(value, Anys):
        return tuple(item if isinstance(item, Map) else _raw(item) for item in value)
    return value if isinstance(value, Map) else _raw(value)


def _raw(value: Value) -> Value:
    if isinstance(value, Anys):
        return tuple(map(_raw, value))
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return value
    raise OttlRuntimeError("invalid value type in a map")
