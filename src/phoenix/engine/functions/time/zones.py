"""Time zones as Go's package time sees them, read from the same files, and calendar fields in them.

A zone is named in `Time.zone`: "UTC", "Local" (that of this machine, as in the collector), a name of the time zone
database, or an offset with an optional abbreviation before it ("+02:00", "EST-05:00"), which is Go's FixedZone.
Called by the other modules of this folder.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.values.value import Time

SECOND: Final = 1_000_000_000
DAY_SECONDS: Final = 86_400
# Days in 400 years, after which the calendar and the rules of every zone repeat.
CYCLE_DAYS: Final = 146_097
MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_FIXED: Final = re.compile(r"(.*)([+-])(\d\d+):(\d\d)(?::(\d\d))?", re.DOTALL)
_SOURCES: Final = ("/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/locale/TZ", "/etc/zoneinfo")
_UNIX_DAYS: Final = 719_468
_WORD: Final = 1 << 64


class Shown(NamedTuple):
    """What a clock in some zone shows."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    nanosecond: int
    weekday: int
    yearday: int
    abbreviation: str
    offset: int


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone to look times up in.

    Attributes:
        name: as `Time.zone` says it.
        rules: None for a zone of one offset.
        fixed: abbreviation and seconds east of Greenwich, for a zone of one offset.
        kinds: every abbreviation and offset of the zone's file, in its order.
    """

    name: str
    rules: ZoneInfo | None
    fixed: tuple[str, int] = ("UTC", 0)
    kinds: tuple[tuple[str, int], ...] = ()

    def at(self, seconds: int) -> tuple[str, int]:
        """Return abbreviation and offset, in seconds, at a moment (time.Location.lookup)."""
        if self.rules is None:
            return self.fixed
        # datetime knows the years 1 to 9999; those around repeat every 400 years, before any rule there was none.
        cycle = CYCLE_DAYS * DAY_SECONDS
        if seconds > _LAST:
            seconds = _LAST - cycle + (seconds - _LAST) % cycle
        shown = datetime.fromtimestamp(max(seconds, _FIRST), self.rules)
        offset = shown.utcoffset()
        return shown.tzname() or "", 0 if offset is None else offset.days * DAY_SECONDS + offset.seconds

    def named(self, abbreviation: str, seconds: int) -> int | None:
        """Return the offset that an abbreviation stands for around a moment (time.Location.lookupName)."""
        offsets = [offset for name, offset in self.kinds if name == abbreviation]
        for offset in offsets:
            if self.at(seconds - offset)[0] == abbreviation:
                return self.at(seconds - offset)[1]
        return offsets[0] if offsets else None


_FIRST: Final = int(datetime(1, 1, 3, tzinfo=UTC).timestamp())
_LAST: Final = int(datetime(9999, 12, 28, tzinfo=UTC).timestamp())
UTC_ZONE: Final = Zone("UTC", None, ("UTC", 0))


def fixed_zone(abbreviation: str, offset: int) -> str:
    """Return the name of a zone of one offset, in seconds east of Greenwich."""
    sign, size = ("-", -offset) if offset < 0 else ("+", offset)
    return f"{abbreviation}{sign}{size // 3600:02}:{size // 60 % 60:02}:{size % 60:02}"


@lru_cache(maxsize=256)
def zone_of(name: str) -> Zone:
    """Return the zone that a `Time.zone` names.

    Raises:
        OttlRuntimeError: the machine's database does not know it.
    """
    if name == "Local":
        return _local()
    if found := _FIXED.fullmatch(name):
        hours, minutes, seconds = (int(found[group] or 0) for group in (3, 4, 5))
        offset = (hours * 60 + minutes) * 60 + seconds
        return Zone(name, None, (found[1], -offset if found[2] == "-" else offset), ((found[1], offset),))
    return load_zone(name)


@lru_cache(maxsize=256)
def load_zone(name: str) -> Zone:
    """Return a zone of the time zone database (time.LoadLocation).

    Raises:
        OttlRuntimeError: the machine's database does not know it.
    """
    if name in ("", "UTC"):
        return UTC_ZONE
    if name == "Local":
        return _local()
    if name.startswith(("/", "\\")) or ".." in name or "\0" in name:
        raise OttlRuntimeError("time: invalid location name")
    for source in _SOURCES:
        zone = _read(name, Path(source) / name)
        if zone is not None:
            return zone
    raise OttlRuntimeError(f"unknown time zone {name}")


def _local() -> Zone:
    # The harness, which this must equal, starts without a TZ variable.
    return _read("Local", Path("/etc/localtime")) or UTC_ZONE


def _read(name: str, path: Path) -> Zone | None:
    try:
        content = path.read_bytes()
        with path.open("rb") as file:
            rules = ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError):
        return None
    return Zone(name, rules, kinds=tuple(_kinds(content)))


def _kinds(content: bytes) -> Iterator[tuple[str, int]]:
    # RFC 8536: a first block for old readers, then the one that counts, with 64-bit times.
    start, width = 0, 4
    for version in (1, 2):
        counts = struct.unpack(">6I", content[start + 20 : start + 44])
        utc_flags, standard_flags, leaps, transitions, types, letters = counts
        times = start + 44 + transitions * (width + 1)
        names = times + types * 6
        end = names + letters + leaps * (width + 4) + standard_flags + utc_flags
        if version == 1 and content[4:5] >= b"2":
            start, width = end, 8
            continue
        for row in range(types):
            offset, _, index = struct.unpack(">iBB", content[times + row * 6 : times + row * 6 + 6])
            stop = content.index(b"\0", names + index)
            yield content[names + index : stop].decode("ascii", "replace"), offset
        return


def days_in(month: int, year: int) -> int:
    """Return how many days a month has."""
    return 29 if month == 2 and is_leap(year) else MONTH_DAYS[month - 1]


def is_leap(year: int) -> bool:
    """Return whether a year has 366 days."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def civil_seconds(year: int, month: int, day: int) -> int:
    """Return seconds since 1970 of a date's begin in UTC; day and month may be beyond their ranges."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    shifted = year - (month <= 2)
    in_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = shifted * 365 + shifted // 4 - shifted // 100 + shifted // 400 + in_year
    return (days - _UNIX_DAYS) * DAY_SECONDS


def moment(seconds: int, nanosecond: int, zone: Zone) -> Time:
    """Return the time at which clocks in a zone show `seconds`, counted as if they were UTC (time.Date)."""
    offset = zone.at(seconds - zone.at(seconds)[1])[1]
    return Time((seconds - offset) * SECOND + nanosecond, zone.name)


def shown(time: Time) -> Shown:
    """Return what a clock in the time's zone shows then.

    Raises:
        OttlRuntimeError: the machine's database does not know the zone.
    """
    seconds, nanosecond = divmod(time.ns, SECOND)
    abbreviation, offset = zone_of(time.zone).at(seconds)
    local = (seconds + offset - _ABSOLUTE_ZERO) % _WORD + _ABSOLUTE_ZERO
    days, clock = divmod(local, DAY_SECONDS)
    year, month, day = _civil(days)
    yearday = days - civil_seconds(year, 1, 1) // DAY_SECONDS + 1
    return Shown(
        year,
        month,
        day,
        clock // 3600,
        clock // 60 % 60,
        clock % 60,
        nanosecond,
        (days + 4) % 7,
        yearday,
        abbreviation,
        offset,
    )


# Go counts seconds from here, in 64 bits that wrap (absoluteYears in time.go).
_ABSOLUTE_ZERO: Final = civil_seconds(-292_277_022_400, 3, 1)


def _civil(days: int) -> tuple[int, int, int]:
    # The inverse of civil_seconds, with years that begin in March.
    cycle, day = divmod(days + _UNIX_DAYS, CYCLE_DAYS)
    year = (day - day // 1460 + day // 36_524 - day // 146_096) // 365
    in_year = day - (365 * year + year // 4 - year // 100)
    month = (5 * in_year + 2) // 153
    of_month = in_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + cycle * 400 + (month <= 2), month, of_month
