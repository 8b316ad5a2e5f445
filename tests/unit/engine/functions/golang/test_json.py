"""JSON as goccy/go-json writes it."""

import math

import pytest

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.json import write_json
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Duration, Map, Time

CASES = [
    (None, "null"),
    (True, "true"),
    (-5, "-5"),
    (1e20, "1" + "0" * 20),
    (1e21, "1e+21"),
    (1e-7, "1e-07"),
    (1e-6, "0.000001"),
    (-0.0, "-0"),
    ('a"\\\n\r\t\x00\x1f\x7f', '"a\\"\\\\\\n\\r\\t\\u0000\\u001f\x7f"'),
    ("<&>\u2028é\udcff", '"\\u003c\\u0026\\u003e\\u2028é\\ufffd"'),
    ((b"\x00\xff", b"", ()), '["AP8=",null,[]]'),
    (Map.of([("b", 1), ("a", Map()), ("\ue000", 2), ("😀", 3), ("b", 4)]), '{"a":{},"b":4,"\ue000":2,"😀":3}'),
    (Anys([1, Map.of([("a", 1)]), (1,), Anys([2])]), "[1,{},{},[2]]"),
    (Time(1_500_000_000, "America/New_York"), '"1969-12-31T19:00:01.5-05:00"'),
    (Duration(-7), "-7"),
]


@pytest.mark.parametrize(("value", "text"), CASES)
def test_a_value_is_written_as_the_collector_writes_it(value, text):
    assert write_json(value) == text


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_json_has_no_number_for_is_refused(number):
    with pytest.raises(OttlRuntimeError, match="unsupported value"):
        write_json((Map.of([("deep", number)]),))
