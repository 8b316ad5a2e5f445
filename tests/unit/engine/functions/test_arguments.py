"""The typed getters: what they take, what they make of it, and what they refuse."""

from collections.abc import Callable
from typing import Any

import pytest

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions import arguments
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.lists import Anys, Strings
from phoenix.engine.values.value import Duration, Map, Time, Value

ONE_OF_EACH: dict[str, Value] = {
    "nil": None,
    "bool": True,
    "int64": 1,
    "float64": 1.0,
    "string": "1",
    "[]uint8": b"\x01",
    "pcommon.Slice": (1,),
    "pcommon.Map": Map.of([("a", 1)]),
    "time.Time": Time(0),
    "time.Duration": Duration(1),
    "[]string": Strings(["a"]),
    "[]interface {}": Anys([1]),
    "pcommon.TraceID": Id(IdKind.TRACE, bytes(16)),
}
STRICT: dict[Callable[[Value], Any], set[str]] = {
    arguments.string_of: {"string"},
    arguments.int_of: {"int64"},
    arguments.bool_of: {"bool"},
    arguments.map_of: {"pcommon.Map"},
    arguments.slice_of: {"pcommon.Slice", "[]string", "[]interface {}"},
    arguments.time_of: {"time.Time"},
    arguments.duration_of: {"time.Duration"},
}
LIKE: dict[Callable[[Value], Any], list[Value]] = {
    arguments.int_like: [None, 1, 1, 1, 1],
    arguments.float_like: [None, 1.0, 1.0, 1.0, 1.0],
    arguments.bool_like: [None, True, True, True, True],
    arguments.bytes_like: [None, b"\1", b"\0" * 7 + b"\1", b"\x3f\xf0" + b"\0" * 6, b"1", b"\1"],
    arguments.string_like: [
        *(None, "true", "1", "1", "1", "01", "[1]", '{"a":1}', '"1970-01-01T00:00:00Z"', "1", '["a"]', "[1]"),
        "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]",
    ],
}


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_type_has_the_name_that_go_gives_it(name):
    assert arguments.go_type(ONE_OF_EACH[name]) == name


@pytest.mark.parametrize("getter", STRICT, ids=lambda getter: getter.__name__)
def test_a_strict_getter_takes_its_type_alone(getter):
    for name, value in ONE_OF_EACH.items():
        if name in STRICT[getter]:
            assert getter(value) == value
        else:
            with pytest.raises(arguments.OttlTypeError, match=r"expected .* but got "):
                getter(value)


@pytest.mark.parametrize("getter", LIKE, ids=lambda getter: getter.__name__)
def test_a_liberal_getter_makes_what_it_can_of_each_type(getter):
    values = list(ONE_OF_EACH.values())
    made = LIKE[getter]
    assert [repr(getter(value)) for value in values[: len(made)]] == list(map(repr, made))
    for value in values[len(made) :]:
        with pytest.raises(arguments.OttlTypeError, match="unsupported type"):
            getter(value)


def test_a_list_written_out_gives_its_own_lists_as_lists_but_none_of_telemetry():
    assert arguments.slice_of(Anys([1, Anys([2])])) == (1, (2,))
    with pytest.raises(OttlRuntimeError, match=r"Invalid value type pcommon\.Slice"):
        arguments.slice_of(Anys([(2,)]))
