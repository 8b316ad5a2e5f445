"""Values become text as pcommon.Value.AsString makes it."""

import math

import pytest

from phoenix.engine.processors.attraction.text import as_string
from phoenix.engine.values.value import Map, Time


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("a<b", "a<b"),
        (True, "true"),
        (-7, "-7"),
        (1.0, "1"),
        (1e21, "1e+21"),
        (1e-7, "1e-7"),
        (1.5e-10, "1.5e-10"),
        (-0.0, "-0"),
        (math.nan, "NaN"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (b"\x00\xff", "AP8="),
        ((), "[]"),
        (
            (None, 'a\n\x01"<\u2028\udcff', b"", b"x", (1.5,)),
            '[null,"a\\n\\u0001\\"<\\u2028\\ufffd",null,"eA==",[1.5]]',
        ),
        (Map.of([("b", False), ("a", 1), ("b", 2)]), '{"a":1,"b":2}'),
        ((math.nan,), ""),
    ],
)
def test_text_is_that_of_the_collector(value, text):
    assert as_string(value) == text


def test_a_time_is_no_attribute():
    with pytest.raises(TypeError):
        as_string(Time(0))
