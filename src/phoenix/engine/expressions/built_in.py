"""Functions that look at more than their arguments' values: the clock, and the points below a metric."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from phoenix.collector.replay.timeline import DAY, EARLIEST, days_until
from phoenix.engine.columns import Coded, Column, Failed, Space
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level
from phoenix.engine.functions.time.calendar import now
from phoenix.engine.values.nodes import MetricType
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Expression, Literal

BuiltIn = Callable[[Rows, Mapping[str, Expression]], Column]

_ABSENT, _OTHER, _EXPECTED = 0, 1, 2


def _now(rows: Rows, _: Mapping[str, Expression]) -> Column:
    # The harness's clock stands still while a request is processed.
    frame = rows.frame
    if len(frame.arrivals) and days_until(int(frame.arrivals[0]) - 1, EARLIEST + DAY):
        raise NotColumnarError("function Now on telemetry from before 2000")
    moments, which = np.unique(frame.arrivals, return_inverse=True)
    codes = which.reshape(-1).astype(np.int32)
    return Coded(Space(Level.RESOURCE), codes[frame.resources.parent], [now(moment) for moment in moments.tolist()])


def _random(name: str) -> BuiltIn:
    def refuse(_: Rows, __: Mapping[str, Expression]) -> Column:
        raise NotColumnarError(f"function {name}, which is random,")

    return refuse


def _has_attribute(rows: Rows, arguments: Mapping[str, Expression]) -> Column:
    """Return whether the first point with an attribute has the value asked for, or whether there is one at all.

    Follows checkDataPoints of internal/filter/filterottl 0.160: a metric without a type is an error.
    """
    key, wanted = _literal(arguments["key"]), arguments.get("expected_val")
    expected = None if wanted is None else _literal(wanted)
    frame = rows.frame
    pool = frame.pools.attributes
    states = np.zeros(len(pool), dtype=np.uint8)
    for row in rows.used(Space(Level.POINT, by_value=True)).tolist():
        states[row] = _state(pool[row], key, expected)
    held = states[frame.points.attributes]
    alive = frame.alive(Level.POINT)
    shown = np.flatnonzero(held if alive is None else (held != _ABSENT) & alive)
    metrics = frame.points.metric[shown]
    first = np.flatnonzero(np.diff(metrics, prepend=-1))
    codes = np.ones(frame.size(Level.METRIC), dtype=np.int32)
    codes[metrics[first]] += held[shown[first]] == _EXPECTED
    types = np.zeros(len(frame.pools.metrics), dtype=np.bool_)
    for row in rows.used(Space(Level.METRIC, by_value=True)).tolist():
        types[row] = frame.pools.metrics[row].type is MetricType.NONE
    codes[types[frame.metrics.value]] = 3
    return Coded(Space(Level.METRIC), codes, (None, False, True, Failed("unknown metric type")))


def _state(attributes: Map, key: str, expected: str | None) -> int:
    if key not in attributes:
        return _ABSENT
    value: Value = attributes.get(key)
    # Str() of a value that is no string is "".
    return _EXPECTED if expected is None or (value if isinstance(value, str) else "") == expected else _OTHER


def _literal(expression: Expression) -> str:
    assert isinstance(expression, Literal)  # noqa: S101 the checker allows nothing but text written out
    assert isinstance(expression.value, str)  # noqa: S101 see above
    return expression.value


BUILT_IN: Final[Mapping[str, BuiltIn]] = {
    "Now": _now,
    "UUID": _random("UUID"),
    "UUIDv7": _random("UUIDv7"),
    "HasAttrOnDatapoint": _has_attribute,
    "HasAttrKeyOnDatapoint": _has_attribute,
}
