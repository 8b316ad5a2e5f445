"""IsString, IsInt, IsDouble, IsBool, IsMap, IsList and IsEmpty.

IsRootSpan belongs to spans; there is no way to write it in a statement about metrics.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.values.ids import Id
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value

# The first second of year 1, which is Go's zero time.
_ZERO_TIME: Final = -62_135_596_800 * 10**9


def is_string(target: Value) -> bool:
    """Return whether it is a string."""
    return isinstance(target, str)


def is_int(target: Value) -> bool:
    """Return whether it is an int64."""
    return isinstance(target, int) and not isinstance(target, bool)


def is_double(target: Value) -> bool:
    """Return whether it is a double."""
    return isinstance(target, float)


def is_bool(target: Value) -> bool:
    """Return whether it is a boolean."""
    return isinstance(target, bool)


def is_map(target: Value) -> bool:
    """Return whether it is a map."""
    return isinstance(target, Map)


def is_list(target: Value) -> bool:
    """Return whether it is a list; bytes are none."""
    return isinstance(target, tuple) or (isinstance(target, Pdata) and target.size is not None)


def is_empty(target: Value) -> bool:
    """Return whether it is nil, has no items or bytes, or is the zero of its type: 0, -0.0, false."""
    match target:
        case None:
            return True
        case str() | bytes() | tuple() | Map():
            return len(target) == 0
        case bool() | int() | float():
            return not target
        case Time():
            return target.ns == _ZERO_TIME
        case Duration():
            return target.ns == 0
        case Id():
            return not any(target.bytes)
        case Pdata():
            # A struct that points somewhere.
            return False


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "IsString": is_string,
    "IsInt": is_int,
    "IsDouble": is_double,
    "IsBool": is_bool,
    "IsMap": is_map,
    "IsList": is_list,
    "IsEmpty": is_empty,
}
