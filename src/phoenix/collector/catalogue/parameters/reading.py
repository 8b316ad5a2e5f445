"""Readers of parameter values: each takes a text or a value and returns the value, or raises ValueError saying why."""

import math
import re
from collections.abc import Iterable

from phoenix.core.units import parse_duration
from phoenix.telemetry.processes import ProcessPattern

_BYTES = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30, "tib": 2**40}
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)")
_WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def text(given: object) -> str:
    """Return a text without the blanks around it."""
    if not isinstance(given, str):
        raise ValueError(f"{type(given).__name__} is not a text")  # noqa: TRY004 # one kind of error for the caller
    return given.strip()


def duration(given: object) -> float:
    """Return seconds, of a text in Go's notation or a number of seconds."""
    return parse_duration(given.strip()) if isinstance(given, str) else number(given)


def boolean(given: object) -> bool:
    """Return a truth value, of a bool or of the words people write for one."""
    word = given if isinstance(given, bool) else _WORDS.get(text(given).lower())
    if word is None:
        raise ValueError("neither true nor false")
    return word


def integer(given: object) -> int:
    """Return a whole number, of a text, an int, or a float without a fraction."""
    if isinstance(given, str):
        return int(given.strip())
    value = number(given)
    if value != int(value):
        raise ValueError("it has a fraction")
    return int(value)


def number(given: object) -> float:
    """Return a finite number, of a text, an int or a float."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise ValueError(f"{type(given).__name__} is not a number")  # noqa: TRY004 # one kind of error for the caller
    value = float(given)
    if not math.isfinite(value):
        raise ValueError("it is not finite")
    return value


def size(given: object) -> int:
    """Return bytes, of a whole number or a text with a unit (kB, MB, GB, KiB, MiB, GiB, TiB)."""
    if not isinstance(given, str):
        return integer(given)
    found = _SIZE.fullmatch(given.strip())
    if not found or found[2].lower() not in _BYTES:
        raise ValueError("a size is a number with kB, MB, GB, KiB, MiB, GiB, TiB or nothing")
    return round(float(found[1]) * _BYTES[found[2].lower()])


def names(given: object) -> tuple[str, ...]:
    """Return the names of a list, or of a text with commas; blanks and repetitions fall away."""
    if isinstance(given, str):
        parts: Iterable[object] = split(given)
    elif isinstance(given, Iterable):
        parts = given
    else:
        raise ValueError(f"{type(given).__name__} is not a list")  # noqa: TRY004 # one kind of error for the caller
    return tuple(dict.fromkeys(name for part in parts if (name := text(part))))


def patterns(given: object) -> tuple[ProcessPattern, ...]:
    """Return process patterns, of a list of patterns or texts, or of one text with commas."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        return tuple(ProcessPattern.parse(name) for name in names(given))
    items = list(given)
    return tuple(item if isinstance(item, ProcessPattern) else ProcessPattern.parse(text(item)) for item in items)


def split(given: str) -> list[str]:
    """Return the parts between commas; a comma inside brackets, as in `worker-[0-9]{1,3}`, parts nothing.

    >>> split("postgres, worker-[0-9]{1,3}")
    ['postgres', ' worker-[0-9]{1,3}']
    """
    parts, depth, start = [], 0, 0
    for place, character in enumerate(given):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "," and depth <= 0:
            parts.append(given[start:place])
            start = place + 1
    return [*parts, given[start:]]


def format_size(count: float) -> str:
    """Return a size in the largest binary unit that divides it.

    >>> format_size(268435456), format_size(1000)
    ('256MiB', '1000')
    """
    for unit in ("TiB", "GiB", "MiB", "KiB"):
        if count >= _BYTES[unit.lower()] and count % _BYTES[unit.lower()] == 0:
            return f"{int(count // _BYTES[unit.lower()])}{unit}"
    return f"{int(count)}"
