"""ConvertCase, ToLowerCase, ToUpperCase, ToCamelCase and ToSnakeCase.

Camel and snake case are those of github.com/iancoleman/strcase 0.3.0: letters and digits are ASCII only.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.letters import to_lower, to_upper
from phoenix.engine.functions.golang.text import trim_space
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Value

_CAPITALS: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_SMALL: Final = frozenset(b"abcdefghijklmnopqrstuvwxyz")
_DIGITS: Final = frozenset(b"0123456789")
_SEPARATORS: Final = frozenset(b"_ -.")
_CASE_BIT: Final = 0x20
_UNDERSCORE: Final = ord("_")


def camel(text: str) -> str:
    """Return strcase.ToCamel: `some_name` is `SomeName`; what is no letter or digit is left out."""
    made = bytearray()
    capital_next, was_capital = True, False
    for byte in write_text(trim_space(text)):
        written = byte
        is_capital, is_small = byte in _CAPITALS, byte in _SMALL
        if capital_next:
            written = byte ^ _CASE_BIT if is_small else byte
        elif was_capital and is_capital:
            written = byte ^ _CASE_BIT
        was_capital = is_capital
        if is_capital or is_small:
            made.append(written)
            capital_next = False
        elif byte in _DIGITS:
            made.append(byte)
            capital_next = True
        else:
            capital_next = byte in _SEPARATORS
    return read_text(bytes(made))


def snake(text: str) -> str:
    """Return strcase.ToSnake: `someName` is `some_name`, and so is `some-name`."""
    source = write_text(trim_space(text))
    made = bytearray()
    for place, byte in enumerate(source):
        following = source[place + 1] if place + 1 < len(source) else None
        before = source[place - 1] if place else None
        made += _snake_step(before, byte, following)
    return read_text(bytes(made))


def convert_case(target: Value, to_case: str) -> str:
    """Return a text in another letter case."""
    check_case(to_case)
    return CASES[to_case](string_of(target))


def check_case(to_case: str) -> None:
    """Refuse a case that ConvertCase does not know.

    Raises:
        OttlRuntimeError: it is none of those four.
    """
    if to_case not in CASES:
        raise OttlRuntimeError(f"invalid case: {to_case}, allowed cases are: lower, upper, snake, camel")


def _snake_step(before: int | None, byte: int, following: int | None) -> bytes:
    is_capital, is_small, is_digit = byte in _CAPITALS, byte in _SMALL, byte in _DIGITS
    written = byte ^ _CASE_BIT if is_capital else byte
    to_capital, to_small, to_digit = following in _CAPITALS, following in _SMALL, following in _DIGITS
    changes = (
        (is_capital and (to_small or to_digit))
        or (is_small and (to_capital or to_digit))
        or (is_digit and (to_capital or to_small))
    )
    if not changes:
        return bytes([_UNDERSCORE if byte in _SEPARATORS else written])
    step = bytearray()
    if is_capital and to_small and before in _CAPITALS:
        step.append(_UNDERSCORE)
    step.append(written)
    if is_small or is_digit or to_digit:
        step.append(_UNDERSCORE)
    return bytes(step)


def _of(case: Callable[[str], str]) -> Callable[[Value], str]:
    def convert(target: Value) -> str:
        return case(string_of(target))

    return convert


CASES: Final[Mapping[str, Callable[[str], str]]] = {
    "lower": to_lower,
    "upper": to_upper,
    "snake": snake,
    "camel": camel,
}
CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "ConvertCase": convert_case,
    "ToLowerCase": _of(to_lower),
    "ToUpperCase": _of(to_upper),
    "ToCamelCase": _of(camel),
    "ToSnakeCase": _of(snake),
}
