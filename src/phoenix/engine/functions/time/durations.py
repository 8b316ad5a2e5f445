"""Durations: Duration out of text, and Hours, Minutes, ... Nanoseconds out of durations."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import duration_of, string_of
from phoenix.engine.functions.golang.numbers import INT64_MAX
from phoenix.engine.values.value import Duration, Value

_MICROSECOND: Final = 10**3
_MILLISECOND: Final = 10**6
_SECOND: Final = 10**9
_MINUTE: Final = 60 * _SECOND
_HOUR: Final = 60 * _MINUTE
_UNITS: Final = {
    "ns": 1,
    "us": _MICROSECOND,
    "\u00b5s": _MICROSECOND,
    "\u03bcs": _MICROSECOND,
    "ms": _MILLISECOND,
    "s": _SECOND,
    "m": _MINUTE,
    "h": _HOUR,
}
_PIECE: Final = re.compile(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)")
_LIMIT: Final = 1 << 63


def parse_duration(duration: Value) -> Duration:
    """Return the duration that a text such as "1h30m" says (func_duration.go, time.ParseDuration).

    Raises:
        OttlRuntimeError: it is no text, or says none.
    """
    text = string_of(duration)
    wrong = OttlRuntimeError(f'time: invalid duration "{text}"')
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return Duration(0)
    pieces = list(_PIECE.finditer(unsigned))
    if not pieces or "".join(piece[0] for piece in pieces) != unsigned:
        raise wrong
    total = 0
    for whole, fraction, unit in (piece.groups() for piece in pieces):
        if unit not in _UNITS or not (whole or fraction):
            raise wrong
        value = int(whole or "0")
        if value > _LIMIT or value > _LIMIT // _UNITS[unit]:
            raise wrong
        total += value * _UNITS[unit] + _part_of(fraction or "", _UNITS[unit])
        if total > _LIMIT:
            raise wrong
    if text.startswith("-"):
        return Duration(-total)
    if total > INT64_MAX:
        raise wrong
    return Duration(total)


def _part_of(fraction: str, unit: int) -> int:
    # leadingFraction in time/format.go: digits that no longer fit 63 bits are left out.
    digits, scale = 0, 1.0
    for digit in fraction:
        longer = digits * 10 + int(digit)
        if digits > (_LIMIT - 1) // 10 or longer > _LIMIT:
            break
        digits, scale = longer, scale * 10
    return int(float(digits) * (float(unit) / scale))


def _divided(unit: int) -> Callable[[Value], float]:
    def divided(duration: Value) -> float:
        whole, rest = _cut(duration_of(duration).ns, unit)
        return float(whole) + float(rest) / float(unit)

    return divided


def _counted(unit: int) -> Callable[[Value], int]:
    def counted(duration: Value) -> int:
        return _cut(duration_of(duration).ns, unit)[0]

    return counted


def _cut(ns: int, unit: int) -> tuple[int, int]:
    # Go divides towards zero.
    whole, rest = divmod(abs(ns), unit)
    return (-whole, -rest) if ns < 0 else (whole, rest)


CONVERTERS: Final[Mapping[str, Any]] = {
    "Duration": parse_duration,
    "Hours": _divided(_HOUR),
    "Minutes": _divided(_MINUTE),
    "Seconds": _divided(_SECOND),
    "Milliseconds": _counted(_MILLISECOND),
    "Microseconds": _counted(_MICROSECOND),
    "Nanoseconds": _counted(1),
}
