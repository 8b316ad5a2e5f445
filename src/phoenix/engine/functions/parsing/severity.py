"""ParseSeverity: the level whose criteria a value meets (func_parse_severity.go)."""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import go_type, map_of
from phoenix.engine.values.value import Map, Value

_RANGES: Final = {"2xx": (200, 299), "3xx": (300, 399), "4xx": (400, 499), "5xx": (500, 599)}


def parse_severity(target: Value, mapping: Value) -> str:
    """Return the name of the first level that a text equals or a number falls into.

    The mapping must be written out: a collector fails on every value otherwise.

    Raises:
        OttlRuntimeError: no level matches, the value is neither text nor int64, or the mapping is none.
        NotColumnarError: several levels match, of which the collector takes any.
    """
    levels = {level: _criteria(criteria) for level, criteria in map_of(mapping)}
    fitting = []
    for level, criteria in levels.items():
        if not criteria:
            continue
        if isinstance(target, bool) or not isinstance(target, (str, int)):
            raise OttlRuntimeError(f"could not map log level: unsupported value type: {go_type(target)}")
        if any(_meets(target, each) for each in criteria):
            fitting.append(level)
    if len(fitting) > 1:
        raise NotColumnarError("function ParseSeverity where several levels match")
    if not fitting:
        raise OttlRuntimeError("could not map log level: no matching log level found")
    return fitting[0]


_Criterion = tuple[frozenset[str], tuple[int, int] | None]


def _criteria(listed: Value) -> list[_Criterion]:
    if not isinstance(listed, tuple):
        raise OttlRuntimeError("severity mapping criteria must be []any")
    return [_criterion(each) for each in listed]


def _criterion(written: Value) -> _Criterion:
    if not isinstance(written, Map):
        raise OttlRuntimeError("severity mapping criteria items must be map[string]any")
    texts: Value = written.get("equals") if "equals" in written else ()
    if not isinstance(texts, tuple):
        raise OttlRuntimeError("invalid severity mapping criteria: equals must be a list")
    equals = frozenset(text for text in texts if isinstance(text, str))
    if not all(isinstance(text, str) for text in texts):
        raise OttlRuntimeError("invalid severity mapping criteria: equals values must be strings")
    return equals, _range(written.get("range")) if "range" in written else None


def _range(written: Value) -> tuple[int, int]:
    if isinstance(written, str) and written in _RANGES:
        return _RANGES[written]
    if not isinstance(written, Map):
        raise OttlRuntimeError("invalid severity mapping criteria: range must be a map or a known placeholder string")
    bounds = [written.get(name) for name in ("min", "max")]
    least, most = bounds
    if not isinstance(least, int) or not isinstance(most, int) or any(isinstance(bound, bool) for bound in bounds):
        raise OttlRuntimeError("invalid severity mapping criteria: min and max must be int64")
    return least, most


def _meets(value: str | int, criterion: _Criterion) -> bool:
    equals, bounds = criterion
    if isinstance(value, str):
        return value in equals
    return bounds is not None and bounds[0] <= value <= bounds[1]


CONVERTERS: Final[Mapping[str, Any]] = {"ParseSeverity": parse_severity}
