"""Times and durations are the collector's, over every value of a list."""

from functools import partial

import pytest
from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, Functions, call
from tests.support.functions.oracle import ARRIVAL
from tests.support.functions.values import FEW, rows_of

from phoenix.engine.functions.registry import CONVERTERS, CONVERTERS_AT
from phoenix.engine.values.value import Time

A = Attribute("a")
FUNCTIONS: Functions = {**CONVERTERS, "Time": partial(CONVERTERS_AT["Time"], Time(ARRIVAL))}

DURATIONS = """1h|1h30m|-1.5h|0|+0|-0|1|1x|1.|1.s|.s|.5s|1h 2m|9223372036854775807ns|-9223372036854775808ns|1us|1µs|1μs
9223372036854775808ns|2562047h2562047h|0.000000001h|2562048h|1e3s|--1s|1.9999999999999999999s|0.99999999999h|3m.5s|1h2|99999999999999999999s"""
DATES = """2024-03-05 01:02:03|2024-3-5 1:2:3|2024-03-05  01:02:03|  2024-03-05 01:02:03| 2024- 3- 5 1: 2: 3
2024-02-30 01:02:03|2024-02-29 24:00:00|2024-02-29 23:59:60|2024-02-29 23:59:59.5|2024-02-29 23:59:59,123456789123
0000-01-01 00:00:00|9999-12-31 23:59:59|2024-03-05 01:02:03 x|24-03-05 01:02:03|2024-13-05 01:02:03
2024-00-05 01:02:03"""
ZONES = """UTC|EST|EDT|CEST|CET|GMT|GMT+3|GMT-23|GMT+24|+03|-0500|+0530|Z|+05:30|-05|+2460|+9900|MST|WITA|ChST|ABCD
ABCDT|ABCDE|ABCDEF|AB||WET| Z| +0200|   +02:00|PST8|utc|+02:00:30|+020030"""
WORDS = """Mon Jan 02 15:04:05 2006|mon jan 2 15:4:5 2006|Monday January 02 3:04 PM 2006|Monday January 02 3:04 pm 2006
TUE DEC 31 12:00:00 2024|x Jan 1 2024|01/02/2006|1/2/06|1/2/6|12/31/99|12/31/68|12/31/-5|05/05/+5|3:04:05 pm 2024
12:04:05 am 2024|13:04:05 am 2024|x% 2024|65 2024|366 2023"""
NO_YEAR = ["Nov 14 01:02:03", "Nov 22 01:02:03", "Dec 31 23:59:59", "Jan  1 00:00:00", "Feb 29 00:00:00", "Nov"]
SECONDS = [
    *(10**9, 1_720_000_000, -1_720_000_000, 2**31, 2**62, -(2**62), 253_402_300_800, -62_135_596_801, 60, 86_399),
    -62_167_219_200 - 86_400 * 400,
]

EVERY_DIRECTIVE = (
    "%A %a %B %b %h %Y %y %m %o %q %d %e %g %H %l %I %p %P %M %S .%L .%f .%s %Z %z %w %i %j %k"
    " %D %x %F %T %X %r %R %n %t %% %c _%e Jan Monday MST"
)
PARTS = ["Year", "Month", "Day", "Weekday", "Hour", "Minute", "Second", "Nanosecond"]
SINCE = ["UnixSeconds", "UnixMilli", "UnixMicro", "UnixNano"]
IN_DURATIONS = ["Hours", "Minutes", "Seconds", "Milliseconds", "Microseconds", "Nanoseconds"]


def lines(text):
    return text.replace("\n", "|").split("|")


def read(text_format, **arguments):
    return call("Time", time=A, format=text_format, **arguments)


def shown(times):
    return [
        *(call("UnixNano", time=time) for time in times),
        *(call("FormatTime", time=time, format=EVERY_DIRECTIVE) for time in times),
    ]


FROM_SECONDS = [
    call("Unix", seconds=A),
    call("Unix", seconds=A, nanoseconds=123_456_789),
    call("Unix", seconds=5, nanoseconds=A),
]
STEPS = ["1h", "1ns", "7s", "1.5s", "0s", "-1s", "100ms", "24h", "3ms", "1000000h"]
CASES = {
    "durations": (
        [call(name, duration=call("Duration", duration=A)) for name in IN_DURATIONS],
        lines(DURATIONS),
    ),
    "dates": (
        shown(
            [
                *(read("%Y-%m-%d %H:%M:%S"), read("%F %T"), read("%F %T", location="America/New_York")),
                *(read("%F %T.%L"), read("%F %R:%S.%s"), read("%F %H:%M:%SZ"), read("%Y-%m-%d %I:%M:%S")),
            ]
        ),
        lines(DATES),
    ),
    "zones": (
        shown(
            [
                *(read(f"%F %R {directive}") for directive in ("%Z", "%z", "%j", "%i", "%k", "%w")),
                *(read("%F %R %Z", location=place) for place in ("America/New_York", "Europe/Berlin", "UTC")),
                read("%F %R %z", location="Europe/Berlin"),
                read("%F %R %Z", location="Local"),
            ]
        ),
        [f"2024-07-05 01:02 {zone}" for zone in lines(ZONES)],
    ),
    "words": (
        shown(
            [
                *map(read, ("%c", "%A %B %d %I:%M %p %Y", "%A %B %d %l:%M %P %Y", "%D", "%x", "%m/%d/%y")),
                *map(read, ("%o/%e/%Y", "%q/%g/%y", "%r %Y", "%a %b %d %X %Y", "x%% %Y", "%H%M%Y", "_%e %Y")),
            ]
        ),
        lines(WORDS),
    ),
    "without a year": (shown([read("%b %d %H:%M:%S"), read("%b %e %T", location="Europe/Berlin")]), NO_YEAR),
    "seconds": (
        [
            *(call(name, time=time) for name in PARTS + SINCE for time in FROM_SECONDS),
            *(call("FormatTime", time=time, format="%c %y %F.%s %a %b") for time in FROM_SECONDS[1:]),
        ],
        SECONDS,
    ),
    "truncated": (
        [
            call("UnixNano", time=call("TruncateTime", time=time, duration=call("Duration", duration=step)))
            for time in FROM_SECONDS
            for step in STEPS
        ],
        SECONDS,
    ),
}


@pytest.mark.parametrize(("calls", "values"), CASES.values(), ids=list(CASES))
def test_times_are_the_collectors(harness, calls, values):
    assert disagreements(harness, calls, rows_of([*FEW, *values]), functions=FUNCTIONS) == []
