"""Log and IsValidLuhn."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import float_like, string_like
from phoenix.engine.functions.golang.logarithm import natural_logarithm
from phoenix.engine.functions.golang.numbers import format_float
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Value


def logarithm(target: Value) -> float:
    """Return the natural logarithm.

    Raises:
        OttlRuntimeError: it is no number, or none above 0.
    """
    value = float_like(target)
    if value is None:
        raise OttlRuntimeError("invalid input: <nil>")
    if value <= 0:
        raise OttlRuntimeError(f"invalid input: expected number greater than zero but got {format_float(value, 'g')}")
    return natural_logarithm(value)


def is_valid_luhn(target: Value) -> bool:
    """Return whether digits end with the check digit of Luhn; spaces do not count.

    Raises:
        OttlRuntimeError: there is something else than digits and spaces.
    """
    text = string_like(target)
    if text is None:
        raise OttlRuntimeError("invalid input: <nil>")
    digits = write_text(text).replace(b" ", b"")
    if not digits:
        return False
    if not digits.isdigit():
        raise OttlRuntimeError(f'strconv.Atoi: parsing "{text}": invalid syntax')
    numbers = [digit - ord("0") for digit in reversed(digits)]
    doubled = sum(divmod(2 * number, 10)[0] + 2 * number % 10 for number in numbers[1::2])
    return (doubled + sum(numbers[::2])) % 10 == 0


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {"Log": logarithm, "IsValidLuhn": is_valid_luhn}
