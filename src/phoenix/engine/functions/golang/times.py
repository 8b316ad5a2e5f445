"""Times and durations as Go writes them."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.values.value import Duration, Time

_SECOND = 10**9
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS = ((10**6, "ms"), (10**3, "µs"), (1, "ns"))


def rfc3339_nano(time: Time) -> str:
    """Return a time as time.RFC3339Nano: as many digits of the second as there are."""
    local, fraction = _local(time)
    offset = _offset(local)
    zone = "Z" if offset == 0 else _signed(offset, ":")
    return f"{local:%Y-%m-%dT%H:%M:%S}{fraction}{zone}"


def time_string(time: Time) -> str:
    """Return what time.Time.String says: date, time, offset and the zone's name."""
    local, fraction = _local(time)
    return f"{local:%Y-%m-%d %H:%M:%S}{fraction} {_signed(_offset(local), '')} {local.tzname()}"


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


def _local(time: Time) -> tuple[datetime, str]:
    # A datetime knows microseconds only, so the fraction is written apart.
    seconds, fraction = divmod(time.ns, _SECOND)
    digits = f"{fraction:09d}".rstrip("0")
    try:
        local = (_EPOCH + timedelta(seconds=seconds)).astimezone(_zone(time.zone))
    except OverflowError as error:
        raise NotColumnarError(f"a time {time.ns} nanoseconds from 1970") from error
    return local, f".{digits}" if digits else ""


def _offset(local: datetime) -> int:
    return round((local.utcoffset() or timedelta()).total_seconds())


def _signed(offset: int, colon: str) -> str:
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}{colon}{minutes % 60:02d}"


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    if name[:1] in ("+", "-"):
        hours, minutes = int(name[1:3]), int(name[-2:])
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if name[0] == "-" else offset, name)
    return ZoneInfo(name)
