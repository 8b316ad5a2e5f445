"""String, Int, Double, Bool and ParseInt."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import bool_like, float_like, int_like, int_of, string_like, string_of
from phoenix.engine.functions.golang import numbers
from phoenix.engine.values.value import Value


def string(target: Value) -> str | None:
    """Return anything as text; nil stays nil."""
    return string_like(target)


def integer(target: Value) -> int | None:
    """Return a number, a boolean or a text as an int64; nil stays nil."""
    return int_like(target)


def double(target: Value) -> float | None:
    """Return a number, a boolean or a text as a double; nil stays nil."""
    return float_like(target)


def boolean(target: Value) -> bool | None:
    """Return a number, a boolean or a text as a boolean; nil stays nil."""
    return bool_like(target)


def parse_int(target: Value, base: Value) -> int:
    """Return the int64 that a text says in a base; 0 goes by the prefix.

    Raises:
        OttlRuntimeError: the text or the base is none.
    """
    text = string_of(target)
    if not text:
        raise OttlRuntimeError("invalid target value for ParseInt function, target cannot be empty")
    number = int_of(base)
    if number < 0:
        raise OttlRuntimeError(f"invalid base value: {number} for ParseInt function, base cannot be negative")
    return numbers.parse_int(text, number)


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "String": string,
    "Int": integer,
    "Double": double,
    "Bool": boolean,
    "ParseInt": parse_int,
}
