"""Setters leave behind what the collector's leave, also when they fail."""

import pytest

from phoenix.engine.scalar.assignment import assign_map, assign_within
from phoenix.engine.values.lists import Anys, Counts
from phoenix.engine.values.value import Duration, Map, Time

M = Map.of([("a", 1), ("l", ("x", None)), ("m", Map.of([("k", "v")]))])


@pytest.mark.parametrize(
    ("keys", "value", "changed"),
    [
        (["a"], 2, {"a": 2}),
        (["new"], Anys([1, Map()]), {"new": (1, Map())}),
        (["new", "deep"], True, {"new": Map.of([("deep", True)])}),
        (["new", 2], 1, {"new": (None, None, 1)}),
        (["new", -1], 1, {"new": (1,)}),
        (["l", 1, "k"], 1, {"l": ("x", Map.of([("k", 1)]))}),
        (["m", "k"], None, {"m": Map.of([("k", None)])}),
    ],
)
def test_a_value_is_put_where_the_keys_say(keys, value, changed):
    made, why = assign_within(M, keys, value)
    assert dict(made.pairs) == {**dict(M.pairs), **changed}
    assert why is None


@pytest.mark.parametrize(
    ("keys", "value", "changed"),
    [
        # A key is made before its value turns out to be of no use, and one that was there keeps its own.
        (["new"], Time(1), {"new": None}),
        (["a"], Duration(1), {}),
        (["new"], Counts([1]), {"new": None}),
        # Of a list only the last item's failure counts.
        (["new"], Anys([1, Time(1)]), {"new": (1, None)}),
        (["a", "deep"], 1, {}),
        (["l", 5], 1, {}),
        (["l", "k"], 1, {}),
        (["new", 1.5], 1, {"new": None}),
        ([1], 1, {}),
    ],
)
def test_a_setter_that_fails_has_often_done_something(keys, value, changed):
    made, why = assign_within(M, keys, value)
    assert dict(made.pairs) == {**dict(M.pairs), **changed}
    assert why


def test_a_list_whose_failure_is_not_the_last_item_is_set():
    assert assign_within(Map(), ["l"], Anys([Time(1), 1])) == (Map.of([("l", (None, 1))]), None)


def test_a_whole_map_takes_a_map_or_nil():
    assert assign_map(M, Map()) == (Map(), None)
    assert assign_map(M, None) == (Map(), None)
    assert assign_map(M, "x")[0] is M
