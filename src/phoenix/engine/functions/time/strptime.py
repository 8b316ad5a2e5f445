"""Time and FormatTime: times in text by strptime's directives, which the collector turns into Go's layouts.

Follows internal/coreinternal/timeutils of the collector 0.160 (parser.go and internal/ctimefmt).
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import string_of, time_of
from phoenix.engine.functions.time.layouts import LayoutMismatchError, elements_of, read_time, write_time
from phoenix.engine.functions.time.zones import (
    DAY_SECONDS,
    SECOND,
    UTC_ZONE,
    Zone,
    civil_seconds,
    load_zone,
    moment,
    shown,
    zone_of,
)
from phoenix.engine.values.value import Time, Value

_DIRECTIVE: Final = re.compile(rb"%[^\n]")
_DIRECTIVES: Final = {
    b"%Y": b"2006",
    b"%y": b"06",
    b"%m": b"01",
    b"%o": b"_1",
    b"%q": b"1",
    b"%b": b"Jan",
    b"%h": b"Jan",
    b"%B": b"January",
    b"%d": b"02",
    b"%e": b"_2",
    b"%g": b"2",
    b"%a": b"Mon",
    b"%A": b"Monday",
    b"%H": b"15",
    b"%l": b"3",
    b"%I": b"03",
    b"%p": b"PM",
    b"%P": b"pm",
    b"%M": b"04",
    b"%S": b"05",
    b"%L": b"999",
    b"%f": b"999999",
    b"%s": b"999999999",
    b"%Z": b"MST",
    b"%z": b"Z0700",
    b"%w": b"-070000",
    b"%i": b"-07",
    b"%j": b"-07:00",
    b"%k": b"-07:00:00",
    b"%D": b"01/02/2006",
    b"%x": b"01/02/2006",
    b"%F": b"2006-01-02",
    b"%T": b"15:04:05",
    b"%X": b"15:04:05",
    b"%r": b"03:04:05 pm",
    b"%R": b"15:04",
    b"%n": b"\n",
    b"%t": b"\t",
    b"%%": b"%",
    b"%c": b"Mon Jan 02 15:04:05 2006",
}
_DATE: Final = (b"1", b"/", b"2", b"/", b"2006")
_SHORT_DATE: Final = (b"1", b"/", b"2", b"/", b"06")
_CLOCK: Final = (b"15", b":", b"4", b":", b"5")
# What reading tries, one after the other, as elements; for others it is what writing uses.
_READ_AS: Final[Mapping[bytes, tuple[tuple[bytes, ...], ...]]] = {
    b"%m": ((b"1",),),
    b"%o": ((b"1",),),
    b"%q": ((b"1",),),
    b"%d": ((b"2",),),
    b"%e": ((b"2",),),
    b"%g": ((b"2",),),
    b"%I": ((b"3",),),
    b"%M": ((b"4",),),
    b"%S": ((b"5",),),
    b"%D": (_DATE, _SHORT_DATE),
    b"%x": (_DATE, _SHORT_DATE),
    b"%F": ((b"2006", b"-", b"1", b"-", b"2"),),
    b"%T": (_CLOCK,),
    b"%X": (_CLOCK,),
    b"%r": ((b"3", b":", b"4", b":", b"5", b" ", b"pm"),),
    b"%R": ((b"15", b":", b"4"),),
    b"%c": ((b"Mon", b" ", b"Jan", b" ", b"2", b" ", *_CLOCK, b" ", b"2006"),),
    b"%z": ((b"Z0700",), (b"Z07:00",), (b"Z07",)),
}
_SPACE: Final = re.compile(rb"[\t\n\f\r ]+")


def format_time(time: Value, format: str) -> str:  # noqa: A002 OTTL's name of the argument
    """Return a time written by a format (func_formattime.go).

    Raises:
        OttlRuntimeError: it is no time.
    """
    layout = _layout_to_write(format)
    return write_time(time_of(time), layout).decode("utf-8", "surrogateescape")


@lru_cache(maxsize=1024)
def _layout_to_write(text: str) -> bytes:
    return _DIRECTIVE.sub(lambda found: _DIRECTIVES[found[0]], text.encode("utf-8", "surrogateescape"))


def parse_time(
    time: Value,
    format: str,  # noqa: A002 OTTL's name of the argument
    location: str | None = None,
    locale: str | None = None,
    *,
    arrival: int | None = None,
) -> Time:
    """Return the time that a text says (func_time.go).

    Args:
        time: the text.
        format: with strptime's directives.
        location: a zone's name for texts that have none; that of this machine by default, UTC when format ends with Z.
        locale: refused; names of months and days are English.
        arrival: nanoseconds since 1970 when the request arrived, for texts without a year.

    Raises:
        OttlRuntimeError: it is no text, or not of this format.
        NotColumnarError: with a locale, or when the text has no year and `arrival` is not given.
    """
    if locale is not None:
        raise NotColumnarError("argument locale of function Time")
    pattern, zone = format.encode("utf-8", "surrogateescape"), _zone_of_texts(format, location)
    text = string_of(time).encode("utf-8", "surrogateescape")
    if not text:
        raise OttlRuntimeError("time cannot be nil")
    found = _read(text, pattern, zone)
    return found if shown(found).year > 0 else _in_this_year(found, arrival)


def _zone_of_texts(format: str, location: str | None) -> Zone:  # noqa: A002 OTTL's name of the argument
    # The zone of texts that name none.
    if location:
        return load_zone(location)
    return UTC_ZONE if format.endswith("Z") else zone_of("Local")


def has_year(format: str) -> bool:  # noqa: A002 OTTL's name of the argument
    """Return whether texts of a format say a year, so that parsing them does not hang on the present one."""
    layout = _layout_to_write(format)
    return any(element in (b"2006", b"06") for _, element in elements_of(layout))


def _read(text: bytes, pattern: bytes, zone: Zone) -> Time:
    # The collector tries the layout that fitted last first; all that fit a text say the same of it.
    return _tried(_Reading(text, zone), b"", pattern, 0)


class _Reading:
    """One text, read by layouts that are tried one after the other."""

    def __init__(self, text: bytes, zone: Zone) -> None:
        self._text = text
        self._zone = zone

    def by(self, layout: bytes) -> Time:
        """Return the time by one layout (parseGotime in parser.go)."""
        found = read_time(self._text, layout, self._zone)
        at = shown(found)
        seconds = found.ns // SECOND
        if at.offset != 0 or at.abbreviation in ("UTC", self._zone.at(seconds)[0]):
            return found
        # An abbreviation that the zone does not know may be the name of another zone.
        try:
            return read_time(self._text, layout, load_zone(at.abbreviation))
        except LayoutMismatchError:
            return found


class _Failure(Exception):  # noqa: N818 it carries why reading did not succeed up to where it is handled
    def __init__(self, error: OttlRuntimeError) -> None:
        super().__init__()
        self.error = error


def _tried(reading: _Reading, layout: bytes, pattern: bytes, start: int) -> Time:
    """Return the time by the pattern's rest behind `start`, with `layout` for what is before (iterativeParse).

    Raises:
        LayoutMismatchError: none of the layouts fits; its element is one that was tried, or a whole directive.
    """
    found = _DIRECTIVE.search(pattern, start)
    if found is None:
        return reading.by(layout + pattern[start:])
    layout += pattern[start : found.start()]
    error: OttlRuntimeError | None = None
    for elements in _READ_AS.get(found[0]) or ((_DIRECTIVES[found[0]],),):
        for variant in _spaced(elements):
            try:
                return _tried(reading, layout + b"".join(variant.elements), pattern, found.end())
            except LayoutMismatchError as failure:
                error = failure
                if not failure.element or failure.element not in variant.elements:
                    raise
                variant.failed(variant.elements.index(failure.element), failure.rest)
                failure.element = found[0]
    raise error or OttlRuntimeError("cannot parse time")


class _Variant:
    """Elements, and what may stand before the one that failed: spaces of the text."""

    def __init__(self, elements: tuple[bytes, ...]) -> None:
        self.elements = elements
        self.next: tuple[bytes, ...] | None = None

    def failed(self, index: int, rest: bytes) -> None:
        space = _SPACE.match(rest)
        if space and self.elements[index][:1] in b"0123456789Z":
            self.next = (*self.elements[:index], space[0], *self.elements[index:])


def _spaced(elements: tuple[bytes, ...]) -> Iterator[_Variant]:
    variant: _Variant | None = _Variant(elements)
    while variant is not None:
        yield variant
        variant = _Variant(variant.next) if variant.next else None


def _in_this_year(time: Time, arrival: int | None) -> Time:
    # SetTimestampYear in parser.go: the year of now, or the one before where that is more than a week ahead.
    if arrival is None:
        raise NotColumnarError("function Time of a text without a year")
    now = shown(Time(arrival, "Local"))
    at = shown(time)
    zone = zone_of(time.zone)
    clock = at.hour * 3600 + at.minute * 60 + at.second
    found = moment(civil_seconds(now.year, at.month, at.day) + clock, at.nanosecond, zone)
    week = now.hour * 3600 + now.minute * 60 + now.second + 7 * DAY_SECONDS
    later = moment(civil_seconds(now.year, now.month, now.day) + week, now.nanosecond, zone_of("Local"))
    if found.ns <= later.ns:
        return found
    date = shown(found)
    clock = date.hour * 3600 + date.minute * 60 + date.second
    return moment(civil_seconds(date.year - 1, date.month, date.day) + clock, date.nanosecond, zone)


CONVERTERS: Final[Mapping[str, Any]] = {"Time": parse_time, "FormatTime": format_time}
