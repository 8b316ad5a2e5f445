"""Durations and sizes as people and collectors write them."""

import math
import re

from phoenix.core.errors import InvalidError

NANOSECONDS = 1_000_000_000
SECONDS_PER_HOUR = 3600
# The month of every price list that charges by it: 730 hours.
HOURS_PER_MONTH = 730

_UNIT_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)")


class DurationError(InvalidError):
    """A text is not a duration."""

    code = "DURATION_INVALID"
    user_action = "Write a number and a unit, such as 500ms, 60s, 5m or 1h30m."


def parse_duration(text: str) -> float:
    """Return seconds, for a duration in Go's notation, which is the collector's.

    >>> parse_duration("1m30s")
    90.0

    Raises:
        DurationError: `text` is empty, lacks a unit, is negative, or longer than anything lasts.
    """
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise DurationError(f"{text[:80]!r} is not a duration")
    seconds = sum(float(number) * _UNIT_SECONDS[unit] for number, unit in parts)
    if not math.isfinite(seconds):
        raise DurationError(f"{text[:80]!r} is longer than anything lasts")
    return seconds


def format_duration(seconds: float) -> str:
    """Return the shortest form that the collector reads, to the millisecond.

    >>> format_duration(90), format_duration(0.25), format_duration(60)
    ('1m30s', '250ms', '60s')
    """
    if seconds < 1:
        return f"{round(seconds * 1000)}ms"
    if seconds != int(seconds):
        return f"{seconds:.3f}".rstrip("0") + "s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 2 and not (minutes and rest):
        return f"{int(seconds)}s"
    hours, minutes = divmod(minutes, 60)
    return "".join(f"{value}{unit}" for value, unit in ((hours, "h"), (minutes, "m"), (rest, "s")) if value)


def format_bytes(count: float) -> str:
    """Return a size for people, in powers of ten as vendors bill.

    >>> format_bytes(999), format_bytes(1_234_567)
    ('999 B', '1.2 MB')
    """
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"
