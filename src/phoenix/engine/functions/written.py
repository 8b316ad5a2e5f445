"""Lists and maps written out in a statement: what `[a, b]` and `{"k": a}` make of values.

Called by `engine.expressions`; listGetter and mapGetter of pkg/ottl/expression.go (0.160).
"""

from collections.abc import Iterable

from phoenix.engine.functions.arguments import raw
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Map, Value


def written_list(items: Iterable[Value]) -> Anys:
    """Return a list of values, whatever they are."""
    return Anys(items)


def written_map(pairs: Iterable[tuple[str, Value]]) -> Map:
    """Return a map; of a key that stands twice the last is left.

    Raises:
        OttlRuntimeError: a value is one that the collector does not copy here: a list of telemetry, a time, an id.
    """
    return Map.of((key, _held(value)) for key, value in dict(pairs).items())


def _held(value: Value) -> Value:
    match value:
        case Map():
            return value
        case Anys():
            return tuple(item if isinstance(item, Map) else raw(item) for item in value)
        case _:
            return raw(value)
