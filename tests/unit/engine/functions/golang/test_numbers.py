"""Numbers and text as strconv has them."""

import math
import struct

import pytest

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.logarithm import natural_logarithm
from phoenix.engine.functions.golang.numbers import (
    float_to_int,
    format_float,
    parse_bool,
    parse_float,
    parse_int,
    wrap_int64,
)

INTS = [
    *(("17", 10, 17), ("+17", 10, 17), ("-9223372036854775808", 10, -(2**63)), ("zZ", 36, 1295), ("0", 0, 0)),
    *(("0x1F", 0, 31), ("0b101", 0, 5), ("0o17", 0, 15), ("017", 0, 15), ("1_000", 0, 1000), ("0x_1", 0, 1)),
]
NO_INTS = [
    *(("", 10), (" 1", 10), ("1_000", 10), ("0x1F", 16), ("9223372036854775808", 10), ("2", 2), ("1", 1), ("1", 37)),
    *(("_1", 0), ("1_", 0), ("0x", 0), ("08", 0), ("\u0661", 10), ("-", 10), ("1__0", 0), ("0b2", 0)),
]
FLOATS = [
    *(("1.5", 1.5), (".5e1", 5.0), ("5.", 5.0), ("1_0.5", 10.5), ("0x1.8p3", 12.0), ("0X_1P-1", 0.5)),
    *(("-Infinity", -math.inf), ("+inf", math.inf), ("1e-400", 0.0)),
]
NO_FLOATS = ["", ".", "1e", "1e400", "0x1", "0x1p9999", "+nan", "infin", " 1", "1_", "_1", "1_.5", "1._5", "1e+_1"]
WRITTEN = [
    *((1e6, "g", -1, "1e+06"), (123456.0, "g", -1, "123456"), (1e-5, "g", -1, "1e-05"), (0.0001, "g", -1, "0.0001")),
    *((-0.0, "f", -1, "-0"), (1e21, "f", -1, "1" + "0" * 21), (0.1, "e", -1, "1e-01"), (2.5, "f", 0, "2")),
    *((1234.0, "g", 2, "1.2e+03"), (100.0, "g", 9, "100"), (0.00001234, "g", 2, "1.2e-05"), (0.0, "g", 0, "0")),
    *((-1.5, "g", 1, "-2"), (1.5, "x", -1, "0x1.8p+00"), (1.5, "x", 0, "0x1p+01"), (0.0, "x", 2, "0x0.00p+00")),
    *((-1.9999999999999998, "x", 3, "-0x1.000p+01"), (1.0, "b", -1, "4503599627370496p-52"), (0.0, "b", -1, "0p-1074")),
    *(
        (5e-324, "b", -1, "1p-1074"),
        (math.nan, "g", -1, "NaN"),
        (math.inf, "f", 2, "+Inf"),
        (-math.inf, "e", -1, "-Inf"),
    ),
]


@pytest.mark.parametrize(("text", "base", "number"), INTS)
def test_an_integer_is_read(text, base, number):
    assert parse_int(text, base) == number


@pytest.mark.parametrize(("text", "base"), NO_INTS)
def test_what_is_no_integer_is_refused(text, base):
    with pytest.raises(OttlRuntimeError, match=r"strconv\.ParseInt"):
        parse_int(text, base)


@pytest.mark.parametrize(("text", "number"), FLOATS)
def test_a_double_is_read(text, number):
    assert parse_float(text) == number


@pytest.mark.parametrize("text", NO_FLOATS)
def test_what_is_no_double_is_refused(text):
    with pytest.raises(OttlRuntimeError, match=r"strconv\.ParseFloat"):
        parse_float(text)


def test_no_number_has_the_bits_that_go_gives_it():
    assert struct.pack(">d", parse_float("NaN")).hex() == "7ff8000000000001"


def test_a_boolean_is_read_from_few_words():
    assert [parse_bool(text) for text in ("1", "t", "True", "0", "f", "FALSE")] == [True] * 3 + [False] * 3
    with pytest.raises(OttlRuntimeError, match=r"strconv\.ParseBool"):
        parse_bool("yes")


@pytest.mark.parametrize(("number", "form", "precision", "text"), WRITTEN)
def test_a_double_is_written(number, form, precision, text):
    assert format_float(number, form, precision) == text


def test_what_no_int64_holds_becomes_the_smallest():
    assert [float_to_int(value) for value in (-1.9, 2.0**62, 2.0**63, -(2.0**63), math.nan, -math.inf)] == [
        *(-1, 2**62),
        *[-(2**63)] * 4,
    ]
    assert [wrap_int64(value) for value in (2**63, -(2**63) - 1, 5)] == [-(2**63), 2**63 - 1, 5]


def test_the_logarithm_is_gos_also_where_it_is_wrong():
    assert natural_logarithm(10.0) == math.log(10.0)
    assert natural_logarithm(math.inf) == math.inf
    assert natural_logarithm(5e-324) == -709.0895657128241
