"""Indexes behind a path forgive what is missing, those behind a call do not."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.scalar.indexing import within_path, within_result
from phoenix.engine.scalar.literal_maps import literal_map
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Map, Time, Value

M = Map.of([("a", ("x", Map.of([("b", 1)]))), ("nil", None)])


@pytest.mark.parametrize(
    ("keys", "found"), [(["a", 1, "b"], 1), (["gone"], None), (["gone", "on"], None), (["nil"], None)]
)
def test_a_path_finds_nil_where_a_key_is_missing(keys, found):
    assert within_path(M, keys) == found


@pytest.mark.parametrize("keys", [["nil", "deep"], ["a", 2], ["a", -1], ["a", "b"], ["a", True], [0]])
def test_a_path_fails_where_nothing_can_be_indexed(keys):
    with pytest.raises(OttlRuntimeError):
        within_path(M, keys)


def test_a_call_fails_where_a_key_is_missing():
    assert within_result(M, ["a", 1, "b"]) == 1
    wrong: list[list[Value]] = [["gone"], ["a", "x"], ["nil", 0], ["a", 9]]
    for keys in wrong:
        with pytest.raises(OttlRuntimeError):
            within_result(M, keys)
    with pytest.raises(NotColumnarError):
        within_result(b"a", [0])


def test_maps_written_out_hold_what_telemetry_can_hold():
    nested = Anys([1, Map(), Anys([b"x"])])
    assert literal_map(["a", "a", "b"], [1, nested, M]) == Map.of([("a", (1, Map(), (b"x",))), ("b", M)])
    for value in (("a",), Time(1), Anys([("a",)]), Anys([Anys([Map()])])):
        with pytest.raises(OttlRuntimeError):
            literal_map(["a"], [value])
