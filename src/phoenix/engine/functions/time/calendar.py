"""Parts of a time, and the moments around 1970: Year, Month, ... Weekday, Unix and its kind, TruncateTime."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from phoenix.engine.functions.arguments import duration_of, int_of, time_of
from phoenix.engine.functions.golang.numbers import wrap_int64
from phoenix.engine.functions.time.zones import SECOND, civil_seconds, shown
from phoenix.engine.values.value import Time, Value

# Truncating counts from the first moment of the year 1, Go's zero time.
_ZERO: Final = civil_seconds(1, 1, 1)


def _part(name: str) -> Callable[[Value], int]:
    def part(time: Value) -> int:
        number = getattr(shown(time_of(time)), name)
        return wrap_int64(int(number))

    return part


def unix(seconds: Value, nanoseconds: Value = 0) -> Time:
    """Return the time so long after 1970, shown in this machine's zone (func_unix.go)."""
    whole, rest = divmod(int_of(nanoseconds), SECOND)
    return Time(wrap_int64(int_of(seconds) + whole) * SECOND + rest, "Local")


def _since_1970(unit: int) -> Callable[[Value], int]:
    def since_1970(time: Value) -> int:
        return wrap_int64(time_of(time).ns // unit)

    return since_1970


def truncate_time(time: Value, duration: Value) -> Time:
    """Return the time rounded down to a multiple of a duration since the year 1 (func_truncate_time.go)."""
    found, step = time_of(time), duration_of(duration).ns
    if step <= 0:
        return found
    seconds, rest = divmod(found.ns, SECOND)
    since_zero = wrap_int64(seconds - _ZERO) * SECOND + rest
    return Time(found.ns - since_zero % step, found.zone)


def now(arrival: int) -> Time:
    """Return when the request arrived, in nanoseconds since 1970, as a time in this machine's zone (func_now.go)."""
    return Time(arrival, "Local")


CONVERTERS: Final[Mapping[str, Any]] = {
    "Year": _part("year"),
    "Month": _part("month"),
    "Day": _part("day"),
    "Weekday": _part("weekday"),
    "Hour": _part("hour"),
    "Minute": _part("minute"),
    "Second": _part("second"),
    "Nanosecond": _part("nanosecond"),
    "Unix": unix,
    "UnixSeconds": _since_1970(SECOND),
    "UnixMilli": _since_1970(10**6),
    "UnixMicro": _since_1970(10**3),
    "UnixNano": _since_1970(1),
    "TruncateTime": truncate_time,
}
