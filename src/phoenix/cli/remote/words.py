"""Values of the API in the words of people."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from phoenix.core.units import format_duration


def ago(moment: str | None, *, now: datetime | None = None) -> str:
    """Return how long ago a moment was: `12s ago`, or `never`.

    >>> ago("2026-11-24T12:00:00Z", now=datetime(2026, 11, 24, 12, 3, tzinfo=UTC))
    '3m ago'
    """
    if not moment:
        return "never"
    seconds = ((now or datetime.now(UTC)) - datetime.fromisoformat(moment)).total_seconds()
    return f"{format_duration(float(max(0, round(seconds))))} ago" if seconds >= 1 else "now"


def at(moment: str | None) -> str:
    """Return a moment in UTC to the second, or a dash."""
    if not moment:
        return "-"
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def pairs(values: Mapping[str, Any]) -> str:
    """Return `a=1, b=2`, or a dash for none."""
    return ", ".join(f"{name}={value}" for name, value in values.items()) or "-"


def number(value: float | None, digits: int = 0) -> str:
    """Return a number with separators, or a dash for one that is not known.

    >>> number(1234.5), number(None), number(0.25, 2)
    ('1,234', '-', '0.25')
    """
    return "-" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None) -> str:
    """Return a share in percent, or a dash for one that is not known."""
    return "-" if value is None else f"{value:.1f} %"
