"""Go's Sprintf, a case for every rule; the collector is asked for all of them in tests/integration."""

import math

import pytest

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.golang.formatting.sprintf import sprintf
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.value import Duration, Map, Time, Value

CASES: list[tuple[str, list[Value], str]] = [
    ("%v %d %s %t %T|%%", [None, 7, "é", True, 1.5], "<nil> 7 é true float64|%"),
    (
        "%5d|%-5d|%05d|%+d|% d|%x|%X|%o|%#o|%O|%b",
        [1, 2, -3, 4, 5, 255, 255, 8, 8, 8, 5],
        "    1|2    |-0003|+4| 5|ff|FF|10|010|0o10|101",
    ),
    ("%.3d|%.0d|%5.0d|%-3.0d|", [7, 0, 0, 0], "007||     |   |"),
    (
        "%#x|%#X|%#b|%c|%q|%U|%#U|%q",
        [255, 255, 5, 97, 39, 97, 97, -1],
        "0xff|0XFF|0b101|a|'\\''|U+0061|U+0061 'a'|'\ufffd'",
    ),
    (
        "%f|%.1f|%e|%g|%G|%8.2f|%+g|% g|%F|%08.1f",
        [1.5, 0.25, 1.0, 1e6, 1e-7, 3.14159, 1.0, 1.0, 2.0, -1.5],
        "1.500000|0.2|1.000000e+00|1e+06|1E-07|    3.14|+1| 1|2.000000|-00001.5",
    ),
    ("%v|%+g|% v|%05v|%5v", [math.inf, math.nan, math.nan, -math.inf, math.nan], "+Inf|+NaN| NaN| -Inf|  NaN"),
    (
        "%#g|%#v|%#.3g|%#e|%x|%#f|%#.0g|%#x",
        [1.0, 1.0, 0.0, 1.0, 1.5, 1.0, 1.0, 1.5],
        "1.00000|1|0.00|1.000000e+00|0x1.8p+00|1.000000|1.|0x1.8000p+00",
    ),
    (
        "%q|%+q|%#q|%#q|%.2s|%5s|%-5s|%05s|%x|% x|%#x|% #X",
        ['a"\n', "é", "a`", "ab", "日本語", "a", "b", "c", "hi", "hi", "hi", "hi"],
        '"a\\"\\n"|"\\u00e9"|"a`"|`ab`|日本|    a|b    |0000c|6869|68 69|0x6869|0X68 0X69',
    ),
    (
        "%q|%q|%q",
        ["\x00\x7f\u200b\U000e0001\\", "\udcff", "\a\b\f\r\t\v"],
        '"\\x00\\x7f\\u200b\\U000e0001\\\\"|"\\xff"|"\\a\\b\\f\\r\\t\\v"',
    ),
    (
        "%v|%d|%s|%x|%#v|%#v|%t|%.1x|%5x|%b",
        [b"\1\2", b"\1", b"ab", b"ab", b"\1", b"", b"\1", b"ab", b"", b"\3"],
        "[1 2]|[1]|ab|6162|[]byte{0x1}|[]byte(nil)|[%!t(uint8=1)]|61|     |[11]",
    ),
    ("%v|%d|%s|%t|%#v", [Duration(1500)] * 5, "1.5µs|1500|1.5µs|%!t(time.Duration=1500)|1500"),
    ("%v|%.4s", [Time(0), Time(0)], "1970-01-01 00:00:00 +0000 UTC|1970"),
    (
        "%d|%s|%z|%w|%t|%f",
        ["a", 1, True, 1, None, "x"],
        "%!d(string=a)|%!s(int64=1)|%!z(bool=true)|%!w(int64=1)|%!t(<nil>)|%!f(string=x)",
    ),
    ("%#w|%#w", [b"\1", b""], "[]uint8{%!w(uint8=0x1)}|[]uint8(nil)"),
    ("%d %d", [1], "1 %!d(MISSING)"),
    ("a", [1, None, "x"], "a%!(EXTRA int64=1, <nil>, string=x)"),
    ("%", [], "%!(NOVERB)"),
    ("%5", [1], "%!(NOVERB)%!(EXTRA int64=1)"),
    ("%[2]d %[1]d", [1, 2], "2 1"),
    ("%[3]d|%[x]d|%[d", [1, 2], "%!d(BADINDEX)|%!d(BADINDEX)|%!d(BADINDEX)"),
    ("%[1]2d|%[1].2d|%[", [1], "%!d(BADINDEX)|%!d(BADINDEX)|%!(NOVERB)"),
    ("%*d|%-*d|%*d", [3, 1, 3, 2, -3, 3], "  1|2  |3  "),
    ("%*d|%.*f|%.*f", ["a", 1, 1, 1.55, -1, 1.5], "%!(BADWIDTH)1|1.6|%!(BADPREC)1.500000"),
    ("%*d", [], "%!(BADWIDTH)%!d(MISSING)"),
    ("%[2]*[1]d", [7, 3], "  7"),
    ("%12345678d", [1], "%!(NOVERB)%!(EXTRA int64=1)"),
    ("%p|%p", [1, "a"], "%!p(int64=1)|%!p(string=a)"),
    ("%é\udcff%s", ["\udcc3"], "%!é(string=\udcc3)\udcff%!s(MISSING)"),
]


@pytest.mark.parametrize(("text", "values", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_format_is_filled_as_go_does(text, values, expected):
    assert sprintf(text, values) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("%v", Map()),
        ("%s", (1,)),
        ("%x", Id(IdKind.SPAN, bytes(8))),
        ("%p", b"a"),
        ("%d", Time(0)),
        ("%z", Time(0)),
        ("%p", Time(0)),
        ("%q", "\u0378"),
    ],
)
def test_addresses_inner_fields_and_newer_characters_are_refused(text, value):
    with pytest.raises(NotColumnarError, match="Format"):
        sprintf(text, [value])


def test_the_types_of_refused_values_are_known():
    assert sprintf("%T %T", [Map(), (1,)]) == "pcommon.Map pcommon.Slice"
