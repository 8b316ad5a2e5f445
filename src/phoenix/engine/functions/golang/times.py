"""Times and durations as Go writes them."""

from typing import Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.time.zones import Shown, shown
from phoenix.engine.values.value import Duration, Time

_SECOND: Final = 10**9
_UNITS: Final = ((10**6, "ms"), (10**3, "µs"), (1, "ns"))
_YEARS: Final = range(10_000)


def rfc3339_nano(time: Time) -> str:
    """Return a time as time.RFC3339Nano, which its MarshalJSON is: as many digits of the second as there are.

    Raises:
        OttlRuntimeError: the year has not four digits, or the zone is a day away.
    """
    seen = shown(time)
    if seen.year not in _YEARS:
        raise OttlRuntimeError("Time.MarshalJSON: year outside of range [0,9999]")
    if abs(seen.offset) >= 24 * 3600:
        raise OttlRuntimeError("Time.MarshalJSON: timezone hour outside of range [0,23]")
    zone = "Z" if seen.offset == 0 else _signed(seen.offset, ":")
    return f"{_date_and_clock(seen, 'T')}{zone}"


def time_string(time: Time) -> str:
    """Return what time.Time.String says: date, time, offset and the zone's name, or the offset again.

    Raises:
        NotColumnarError: the year has not four digits.
    """
    seen = shown(time)
    if seen.year not in _YEARS:
        raise NotColumnarError(f"Format of a time in the year {seen.year}")
    offset = _signed(seen.offset, "")
    return f"{_date_and_clock(seen, ' ')} {offset} {seen.abbreviation or offset}"


def duration_string(duration: Duration) -> str:
    """Return what time.Duration.String says: `1h2m3.5s`, `1.5ms`."""
    ns = abs(duration.ns)
    sign = "-" if duration.ns < 0 else ""
    if ns < _SECOND:
        if ns == 0:
            return "0s"
        size, unit = next(each for each in _UNITS if ns >= each[0])
        return f"{sign}{_decimal(ns, size)}{unit}"
    minutes, rest = divmod(ns, 60 * _SECOND)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(rest, _SECOND)}s"
    if ns >= 60 * _SECOND:
        text = f"{minutes}m{text}"
    if hours:
        text = f"{hours}h{text}"
    return sign + text


def _decimal(value: int, size: int) -> str:
    whole, fraction = divmod(value, size)
    return f"{whole}.{str(fraction).rjust(len(str(size)) - 1, '0').rstrip('0')}".rstrip(".")


def _date_and_clock(seen: Shown, between: str) -> str:
    date = f"{seen.year:04d}-{seen.month:02d}-{seen.day:02d}"
    fraction = f".{seen.nanosecond:09d}".rstrip("0").rstrip(".")
    return f"{date}{between}{seen.hour:02d}:{seen.minute:02d}:{seen.second:02d}{fraction}"


def _signed(offset: int, colon: str) -> str:
    # Less than a minute west is written as east, since the seconds go first.
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 and minutes else '+'}{minutes // 60:02d}{colon}{minutes % 60:02d}"
