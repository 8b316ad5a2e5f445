"""What is a literal once parsed, and which literals a typed getter takes.

The collector evaluates a literal argument when it builds the function, so a wrong one is refused with the config
(newStandard*Getter in expression.go of pkg/ottl 0.160); what is computed fails only when it is run.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from phoenix.ottl.signatures.signature import Kind
from phoenix.ottl.syntax import Enum, Expression, Lambda, ListOf, Literal, MapOf

_INTEGER: Final = re.compile(r"[+-]?[0-9]+\Z", re.ASCII)
_FIRST_INT, _LAST_INT = -(2**63), 2**63 - 1
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z", re.ASCII)
_HEXADECIMAL: Final = re.compile(r"[+-]?0[xX](?:[0-9a-fA-F]+\.?[0-9a-fA-F]*|\.[0-9a-fA-F]+)[pP][+-]?[0-9]+\Z", re.ASCII)
# Go takes one underscore between two digits, or between 0x and the first digit.
_DECIMAL_GAP: Final = re.compile(r"(?<=[0-9])_(?=[0-9])")
_HEXADECIMAL_GAP: Final = re.compile(r"(?<=[0-9a-fA-FxX])_(?=[0-9a-fA-F])")
_NO_NUMBER: Final = re.compile(r"(?:[+-]?(?:inf|infinity)|nan)\Z", re.ASCII | re.IGNORECASE)
_BOOLEANS: Final = frozenset(("1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"))


def is_literal(value: Expression) -> bool:
    """Whether the collector knows the value when it builds the statement; computations are not folded."""
    if isinstance(value, ListOf):
        return all(is_literal(item) for item in value.items)
    if isinstance(value, MapOf):
        return all(is_literal(item) for item in dict(value.items).values())
    return isinstance(value, Literal | Enum | Lambda)


def is_raw(value: Expression) -> bool:
    """Whether a list may hold the literal when it becomes telemetry: a map inside a list is not taken."""
    if isinstance(value, ListOf):
        return all(is_raw(item) for item in value.items)
    return isinstance(value, Literal | Enum)


def is_buildable(value: MapOf) -> bool:
    """Whether a map of literals can become telemetry (mapGetter.Get)."""
    return all(
        isinstance(item, MapOf)
        or is_raw(item)
        or (isinstance(item, ListOf) and all(isinstance(part, MapOf) or is_raw(part) for part in item.items))
        for item in dict(value.items).values()
    )


def fits(kind: Kind, value: Expression) -> bool:
    """Whether a getter of `kind` takes the value; anything but a literal is taken."""
    if not is_literal(value):
        return True
    if isinstance(value, Enum):
        value = Literal(value.value)
    test = _TESTS.get(kind)
    return test is None or test(value)


def describe(value: Expression) -> str:
    """Return what a literal is, in a few words."""
    if isinstance(value, Literal):
        return _NAMES[type(value.value)]
    if isinstance(value, ListOf):
        return "a list" if is_raw(value) else "a list with a map in it"
    if isinstance(value, Enum):
        return "an integer"
    return "a map" if isinstance(value, MapOf) else "a lambda"


_NAMES: Final = {
    type(None): "nil",
    bool: "a boolean",
    int: "an integer",
    float: "a double",
    str: "a string",
    bytes: "bytes",
}


def _of(*types: type) -> Callable[[Expression], bool]:
    return lambda value: isinstance(value, Literal) and type(value.value) in types


def _integer_like(value: Expression) -> bool:
    if not isinstance(value, Literal):
        return False
    if isinstance(value.value, str):
        return bool(_INTEGER.match(value.value)) and _FIRST_INT <= int(value.value) <= _LAST_INT
    return not isinstance(value.value, bytes)


def _float_like(value: Expression) -> bool:
    if not isinstance(value, Literal):
        return False
    if isinstance(value.value, str):
        return _is_float(value.value)
    return not isinstance(value.value, bytes)


def _is_float(text: str) -> bool:
    # strconv.ParseFloat; what does not fit a double is an error there too.
    if _NO_NUMBER.match(text):
        return True
    whole = _HEXADECIMAL_GAP.sub("", text)
    if _HEXADECIMAL.match(whole):
        try:
            float.fromhex(whole)
        except OverflowError:
            return False
        return True
    whole = _DECIMAL_GAP.sub("", text)
    return bool(_DECIMAL.match(whole)) and abs(float(whole)) != float("inf")


def _boolean_like(value: Expression) -> bool:
    if not isinstance(value, Literal):
        return False
    if isinstance(value.value, str):
        return value.value in _BOOLEANS
    return not isinstance(value.value, bytes)


def _never(_value: Expression) -> bool:
    # There are no literals of times and durations.
    return False


_TESTS: Final[Mapping[Kind, Callable[[Expression], bool]]] = MappingProxyType(
    {
        Kind.STRING: _of(str),
        Kind.INT: _of(int),
        Kind.INT_LIKE: _integer_like,
        Kind.FLOAT: _of(float),
        Kind.FLOAT_LIKE: _float_like,
        Kind.BOOL: _of(bool),
        Kind.BOOL_LIKE: _boolean_like,
        Kind.BYTES_LIKE: lambda value: isinstance(value, Literal),
        Kind.MAP: lambda value: isinstance(value, MapOf),
        Kind.SLICE: lambda value: isinstance(value, ListOf) and is_raw(value),
        Kind.TIME: _never,
        Kind.DURATION: _never,
    }
)
