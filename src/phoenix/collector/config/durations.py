"""Durations as the collector writes and reads them (Go's time.ParseDuration)."""

import re
from typing import Final

_UNITS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART: Final = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?P<unit>ns|us|µs|μs|ms|s|m|h)")


def seconds(value: object) -> float | None:
    """Return a duration in seconds, or None when `value` is not one.

    A bare number is nanoseconds, as everywhere in the collector.

    >>> seconds("1m30s"), seconds("250ms"), seconds("soon"), seconds(5_000_000_000)
    (90.0, 0.25, None, 5.0)
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value / 1e9
    if not isinstance(value, str):
        return None
    text = value.lstrip("+-")
    total, index = 0.0, 0
    while found := _PART.match(text, index):
        total += float(found["number"]) * _UNITS[found["unit"]]
        index = found.end()
    if value.strip("+-") == "0":
        return 0.0
    whole = index == len(text) and index > 0
    return (-total if value.startswith("-") else total) if whole else None
