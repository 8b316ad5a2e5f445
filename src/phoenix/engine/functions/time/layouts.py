"""Go's time layouts: which parts a layout has, how a time is written by them, and how one is read.

Follows time/format.go of Go 1.27 (nextStdChunk, AppendFormat, parse), on bytes as there. Called by `strptime`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.time.zones import (
    SECOND,
    UTC_ZONE,
    Shown,
    Zone,
    civil_seconds,
    days_in,
    fixed_zone,
    is_leap,
    moment,
    shown,
)
from phoenix.engine.values.value import Time

MONTHS: Final = (
    b"January",
    b"February",
    b"March",
    b"April",
    b"May",
    b"June",
    b"July",
    b"August",
    b"September",
    b"October",
    b"November",
    b"December",
)
WEEKDAYS: Final = (b"Sunday", b"Monday", b"Tuesday", b"Wednesday", b"Thursday", b"Friday", b"Saturday")

# Fractions of zeros and RFC 3339's own layouts are left out: no strptime format has them. `_2006` is an underscore and
# a year.
_ELEMENT: Final = re.compile(
    rb"January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|0[1-6]|002|15|1|2006|2|_2(?!006)|__2|3|4|5|PM|pm"
    rb"|-070000|-07:00:00|-0700|-07:00|-07|Z070000|Z07:00:00|Z0700|Z07:00|Z07|[.,]9+(?![0-9])"
)
_OFFSETS: Final = {
    b"0700": rb"([+-])(\d\d)(\d\d)()",
    b"070000": rb"([+-])(\d\d)(\d\d)(\d\d)",
    b"07": rb"([+-])(\d\d)()()",
    b"07:00": rb"([+-])(\d\d):(\d\d)()",
    b"07:00:00": rb"([+-])(\d\d):(\d\d):(\d\d)",
}
_ABBREVIATION: Final = re.compile(
    rb"ChST|MeST|GMT(?:[+-]\d+)?|[+-]\d+|[A-Z]{4}T(?![A-Z])|(?:[A-Z]{3}T|WITA)(?![A-Z])|[A-Z]{3}(?![A-Z])"
)


class LayoutMismatchError(OttlRuntimeError):
    """A text is not of a layout (time.ParseError).

    Attributes:
        element: the part of the layout that failed; empty for what is wrong as a whole.
        rest: what of the text was left then.
    """

    def __init__(self, message: str, element: bytes = b"", rest: bytes = b"") -> None:
        super().__init__(message)
        self.element = element
        self.rest = rest


@lru_cache(maxsize=1024)
def elements_of(layout: bytes) -> tuple[tuple[bytes, bytes], ...]:
    """Return the parts of a layout: the text before and the element; the last element is empty."""
    found = []
    start = 0
    while match := _ELEMENT.search(layout, start):
        found.append((layout[start : match.start()], match[0]))
        start = match.end()
    return (*found, (layout[start:], b""))


def write_time(time: Time, layout: bytes) -> bytes:
    """Return the time written by a layout (time.Time.Format)."""
    clock = shown(time)
    return b"".join(before + _written(element, clock) for before, element in elements_of(layout))


def _written(element: bytes, clock: Shown) -> bytes:
    if element[:1] in (b".", b","):
        digits = (b"%09d" % clock.nanosecond)[: len(element) - 1].rstrip(b"0")
        return element[:1] + digits if digits else b""
    if element.startswith((b"Z07", b"-07")):
        return _written_offset(element, clock.offset)
    return _WRITERS[element](clock)


def _written_offset(element: bytes, offset: int) -> bytes:
    if offset == 0 and element.startswith(b"Z"):
        return b"Z"
    # The sign is that of whole minutes, cut towards zero.
    minutes = abs(offset) // 60
    sign, seconds = (b"-", abs(offset) % 60) if offset <= -60 else (b"+", _remainder(offset))
    colon = b":" if b":" in element else b""
    text = sign + _padded(minutes // 60, 2)
    if len(element) > 3:
        text += colon + _padded(minutes % 60, 2)
    if len(element) > 6:
        text += colon + _padded(seconds, 2)
    return text


def _remainder(offset: int) -> int:
    return offset % 60 if offset >= 0 else -(-offset % 60)


def _padded(number: int, width: int) -> bytes:
    sign, size = (b"-", -number) if number < 0 else (b"", number)
    return sign + str(size).encode().rjust(width, b"0")


def _hour12(clock: Shown) -> int:
    return clock.hour % 12 or 12


def _zone_name(clock: Shown) -> bytes:
    if clock.abbreviation:
        return clock.abbreviation.encode("utf-8", "surrogateescape")
    sign = b"-" if clock.offset <= -60 else b"+"
    minutes = abs(clock.offset) // 60
    return sign + _padded(minutes // 60, 2) + _padded(minutes % 60, 2)


_WRITERS: Final[dict[bytes, Callable[[Shown], bytes]]] = {
    b"": lambda _: b"",
    b"06": lambda clock: _padded(abs(clock.year) % 100, 2),
    b"2006": lambda clock: _padded(clock.year, 4),
    b"Jan": lambda clock: MONTHS[clock.month - 1][:3],
    b"January": lambda clock: MONTHS[clock.month - 1],
    b"1": lambda clock: _padded(clock.month, 0),
    b"01": lambda clock: _padded(clock.month, 2),
    b"Mon": lambda clock: WEEKDAYS[clock.weekday][:3],
    b"Monday": lambda clock: WEEKDAYS[clock.weekday],
    b"2": lambda clock: _padded(clock.day, 0),
    b"_2": lambda clock: b"%2d" % clock.day,
    b"02": lambda clock: _padded(clock.day, 2),
    b"__2": lambda clock: b"%3d" % clock.yearday,
    b"002": lambda clock: _padded(clock.yearday, 3),
    b"15": lambda clock: _padded(clock.hour, 2),
    b"3": lambda clock: _padded(_hour12(clock), 0),
    b"03": lambda clock: _padded(_hour12(clock), 2),
    b"4": lambda clock: _padded(clock.minute, 0),
    b"04": lambda clock: _padded(clock.minute, 2),
    b"5": lambda clock: _padded(clock.second, 0),
    b"05": lambda clock: _padded(clock.second, 2),
    b"PM": lambda clock: b"PM" if clock.hour >= 12 else b"AM",
    b"pm": lambda clock: b"pm" if clock.hour >= 12 else b"am",
    b"MST": _zone_name,
}


@dataclass(frozen=True, slots=True)
class _Fields:
    """What reading has found so far; None stands for nothing.

    Attributes:
        following: the layout's next element, which seconds look at.
    """

    rest: bytes
    following: bytes = b""
    year: int = 0
    month: int | None = None
    day: int | None = None
    yearday: int | None = None
    hour: int = 0
    minute: int = 0
    second: int = 0
    nanosecond: int = 0
    afternoon: bool | None = None
    utc: bool = False
    offset: int | None = None
    abbreviation: bytes = b""
    out_of_range: str = field(default="")


class _BadValueError(Exception):
    """The text does not go on with what the element wants."""


def read_time(value: bytes, layout: bytes, zone: Zone) -> Time:
    """Return the time that a text says by a layout, in `zone` where it names none (time.ParseInLocation).

    Raises:
        LayoutMismatchError: it is not of that layout.
    """
    found = _Fields(value)
    parts = elements_of(layout)
    for index, (before, element) in enumerate(parts):
        try:
            rest = _skip(found.rest, before)
        except _Skipped as stop:
            raise LayoutMismatchError("cannot parse time", before, stop.rest) from None
        if not element:
            if rest:
                raise LayoutMismatchError("extra text behind the time", b"", rest)
            break
        following = parts[index + 1][1]
        try:
            found = _read_element(element, replace(found, rest=rest, following=following))
        except _BadValueError:
            raise LayoutMismatchError("cannot parse time", element, rest) from None
        if found.out_of_range:
            raise LayoutMismatchError(f"{found.out_of_range} out of range", element, found.rest)
    return _put_together(found, zone)


class _Skipped(Exception):  # noqa: N818 it carries where skipping stopped
    def __init__(self, rest: bytes) -> None:
        super().__init__()
        self.rest = rest


def _skip(value: bytes, prefix: bytes) -> bytes:
    while prefix:
        if prefix[:1] == b" ":
            if value and value[:1] != b" ":
                raise _Skipped(value)
            prefix, value = prefix.lstrip(b" "), value.lstrip(b" ")
        elif value[:1] != prefix[:1]:
            raise _Skipped(value)
        else:
            prefix, value = prefix[1:], value[1:]
    return value


def _read_element(element: bytes, found: _Fields) -> _Fields:
    if element[:1] in (b".", b","):
        return _read_fraction(found)
    if element.startswith((b"Z07", b"-07")):
        return _read_offset(element, found)
    return _READERS[element](found)


def _number(found: _Fields, *, fixed: bool = False, most: int = 2) -> tuple[int, bytes]:
    digits = re.match(rb"[0-9]{1,%d}" % most, found.rest)
    if digits is None or (fixed and len(digits[0]) != most):
        raise _BadValueError
    return int(digits[0]), found.rest[digits.end() :]


def _named(table: tuple[bytes, ...], found: _Fields) -> tuple[int, bytes]:
    for index, name in enumerate(table):
        if found.rest[: len(name)].lower() == name.lower():
            return index, found.rest[len(name) :]
    raise _BadValueError


def _read_short_year(found: _Fields) -> _Fields:
    if re.match(rb"[+-][0-9]|[0-9]{2}", found.rest) is None:
        raise _BadValueError
    year = int(found.rest[:2])
    return replace(found, year=year + (1900 if year >= 69 else 2000), rest=found.rest[2:])


def _read_year(found: _Fields) -> _Fields:
    digits = re.match(rb"[0-9]{4}", found.rest)
    if digits is None:
        raise _BadValueError
    return replace(found, year=int(digits[0]), rest=found.rest[4:])


def _read_month(found: _Fields, *, fixed: bool) -> _Fields:
    month, rest = _number(found, fixed=fixed)
    return replace(found, month=month, rest=rest, out_of_range="" if 1 <= month <= 12 else "month")


def _read_month_name(table: tuple[bytes, ...], found: _Fields) -> _Fields:
    index, rest = _named(table, found)
    return replace(found, month=index + 1, rest=rest)


def _read_weekday(table: tuple[bytes, ...], found: _Fields) -> _Fields:
    return replace(found, rest=_named(table, found)[1])


def _read_day(found: _Fields, *, fixed: bool = False, spaced: bool = False) -> _Fields:
    if spaced:
        found = replace(found, rest=found.rest.removeprefix(b" "))
    day, rest = _number(found, fixed=fixed)
    return replace(found, day=day, rest=rest)


def _read_yearday(found: _Fields, *, fixed: bool) -> _Fields:
    if not fixed:
        found = replace(found, rest=found.rest.removeprefix(b" ").removeprefix(b" "))
    yearday, rest = _number(found, fixed=fixed, most=3)
    return replace(found, yearday=yearday, rest=rest)


def _read_hour(found: _Fields, *, last: int, fixed: bool = False) -> _Fields:
    hour, rest = _number(found, fixed=fixed)
    return replace(found, hour=hour, rest=rest, out_of_range="" if hour <= last else "hour")


def _read_minute(found: _Fields, *, fixed: bool) -> _Fields:
    minute, rest = _number(found, fixed=fixed)
    return replace(found, minute=minute, rest=rest, out_of_range="" if minute < 60 else "minute")


def _read_second(found: _Fields, *, fixed: bool) -> _Fields:
    second, rest = _number(found, fixed=fixed)
    found = replace(found, second=second, rest=rest, out_of_range="" if second < 60 else "second")
    fraction = re.match(rb"[.,][0-9]+", rest)
    # A fraction that the layout does not ask for is read all the same.
    if found.out_of_range or fraction is None or found.following[:1] in (b".", b","):
        return found
    return replace(found, nanosecond=_nanoseconds(fraction[0]), rest=rest[fraction.end() :])


def _nanoseconds(fraction: bytes) -> int:
    return int(fraction[1:10].ljust(9, b"0"))


def _read_half(names: tuple[bytes, bytes], found: _Fields) -> _Fields:
    if found.rest[:2] not in names:
        raise _BadValueError
    return replace(found, afternoon=found.rest[:2] == names[1], rest=found.rest[2:])


def _read_fraction(found: _Fields) -> _Fields:
    # Any number of digits, also none.
    fraction = re.match(rb"[.,][0-9]+", found.rest)
    if fraction is None:
        return found
    return replace(found, nanosecond=_nanoseconds(fraction[0]), rest=found.rest[fraction.end() :])


def _read_offset(element: bytes, found: _Fields) -> _Fields:
    if element.startswith(b"Z") and found.rest.startswith(b"Z"):
        return replace(found, utc=True, rest=found.rest[1:])
    said = re.match(_OFFSETS[element[1:]], found.rest)
    if said is None:
        raise _BadValueError
    hours, minutes, seconds = (int(said[group] or b"0") for group in (2, 3, 4))
    offset = (hours * 60 + minutes) * 60 + seconds
    wrong = "" if hours <= 24 and minutes <= 60 and seconds <= 60 else "time zone offset"
    signed = -offset if said[1] == b"-" else offset
    return replace(found, offset=signed, rest=found.rest[said.end() :], out_of_range=wrong)


def _read_abbreviation(found: _Fields) -> _Fields:
    if found.rest.startswith(b"UTC"):
        return replace(found, utc=True, rest=found.rest[3:])
    said = _ABBREVIATION.match(found.rest)
    name = said[0] if said else b""
    number = re.search(rb"[0-9]+", name)
    if number and int(number[0]) > 23:
        # What is no offset of hours is a zone only for what stands before it.
        name = name[:3] if name.startswith(b"GMT") else b""
    if not name:
        raise _BadValueError
    return replace(found, abbreviation=name, rest=found.rest[len(name) :])


_SHORT_MONTHS: Final = tuple(name[:3] for name in MONTHS)
_SHORT_WEEKDAYS: Final = tuple(name[:3] for name in WEEKDAYS)
_READERS: Final[dict[bytes, Callable[[_Fields], _Fields]]] = {
    b"06": _read_short_year,
    b"2006": _read_year,
    b"Jan": lambda found: _read_month_name(_SHORT_MONTHS, found),
    b"January": lambda found: _read_month_name(MONTHS, found),
    b"1": lambda found: _read_month(found, fixed=False),
    b"01": lambda found: _read_month(found, fixed=True),
    b"Mon": lambda found: _read_weekday(_SHORT_WEEKDAYS, found),
    b"Monday": lambda found: _read_weekday(WEEKDAYS, found),
    b"2": _read_day,
    b"_2": lambda found: _read_day(found, spaced=True),
    b"02": lambda found: _read_day(found, fixed=True),
    b"__2": lambda found: _read_yearday(found, fixed=False),
    b"002": lambda found: _read_yearday(found, fixed=True),
    b"15": lambda found: _read_hour(found, last=23),
    b"3": lambda found: _read_hour(found, last=12),
    b"03": lambda found: _read_hour(found, last=12, fixed=True),
    b"4": lambda found: _read_minute(found, fixed=False),
    b"04": lambda found: _read_minute(found, fixed=True),
    b"5": lambda found: _read_second(found, fixed=False),
    b"05": lambda found: _read_second(found, fixed=True),
    b"PM": lambda found: _read_half((b"AM", b"PM"), found),
    b"pm": lambda found: _read_half((b"am", b"pm"), found),
    b"MST": _read_abbreviation,
}


def _put_together(found: _Fields, zone: Zone) -> Time:
    hour = found.hour
    if found.afternoon and hour < 12:
        hour += 12
    elif found.afternoon is False and hour == 12:
        hour = 0
    month, day = _date(found)
    seconds = civil_seconds(found.year, month, day) + hour * 3600 + found.minute * 60 + found.second
    if found.utc:
        return moment(seconds, found.nanosecond, UTC_ZONE)
    abbreviation = found.abbreviation.decode("utf-8", "surrogateescape")
    if found.offset is not None:
        seconds -= found.offset
        name, offset = zone.at(seconds)
        same = offset == found.offset and abbreviation in ("", name)
        named = zone.name if same else fixed_zone(abbreviation, found.offset)
        return Time(seconds * SECOND + found.nanosecond, named)
    if not abbreviation:
        return moment(seconds, found.nanosecond, zone)
    known = zone.named(abbreviation, seconds)
    if known is not None:
        return Time((seconds - known) * SECOND + found.nanosecond, zone.name)
    offset = int(abbreviation[3:]) * 3600 if len(abbreviation) > 3 and abbreviation.startswith("GMT") else 0
    # Only what is shown moves by the hours behind GMT, not the moment: so it is in Go.
    return Time(seconds * SECOND + found.nanosecond, fixed_zone(abbreviation, offset))


def _date(found: _Fields) -> tuple[int, int]:
    month, day = found.month, found.day
    if found.yearday is not None:
        if not 1 <= found.yearday <= (366 if is_leap(found.year) else 365):
            raise LayoutMismatchError("day-of-year out of range")
        left, by_yearday = found.yearday, 1
        while left > days_in(by_yearday, found.year):
            left -= days_in(by_yearday, found.year)
            by_yearday += 1
        if month not in (None, by_yearday) or day not in (None, left):
            raise LayoutMismatchError("day-of-year does not match the date")
        return by_yearday, left
    month = 1 if month is None else month
    day = 1 if day is None else day
    if not 1 <= day <= days_in(month, found.year):
        raise LayoutMismatchError("day out of range")
    return month, day
