"""Editors leave what the collector leaves; those whose targets no attribute can hold are tried here."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.registry import EDITORS
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Duration, Map, Time

TARGET = Map.of([("a", "foo"), ("b", Map.of([("c", 1)]))])
LEFT = [
    ("delete_key", {"key": "a"}, Map.of([("b", Map.of([("c", 1)]))])),
    ("flatten", {"prefix": "p"}, Map.of([("p.a", "foo"), ("p.b.c", 1)])),
    ("keep_keys", {"keys": ("a",)}, Map.of([("a", "foo")])),
    ("limit", {"limit": 1, "priority_keys": ("b",)}, Map.of([("b", Map.of([("c", 1)]))])),
    ("merge_maps", {"source": Map.of([("a", 1), ("z", 2)]), "strategy": "update"}, TARGET.put("a", 1)),
    ("replace_all_matches", {"pattern": "f*", "replacement": "x"}, TARGET.put("a", "x")),
    ("stringify_all", {}, TARGET.put("b", '{"c":1}')),
    ("truncate_all", {"limit": 2}, TARGET.put("a", "fo")),
    ("clear", {}, Map()),
]
CLEARED = [
    (None, None),
    (Map.of([("a", 1)]), Map()),
    ((1, 2), ()),
    ("x", ""),
    (5, 0),
    (1.5, 0.0),
    (True, False),
    (b"x", b""),
    (Time(5), Time(-62_135_596_800 * 10**9)),
    (Duration(5), Duration(0)),
]


@pytest.mark.parametrize(("editor", "arguments", "left"), LEFT)
def test_editors_change_maps(editor, arguments, left):
    assert EDITORS[editor](TARGET, **arguments) == left


@pytest.mark.parametrize(("target", "left"), CLEARED)
def test_clear_leaves_the_zero_value_of_the_type(target, left):
    cleared = EDITORS["clear"](target)
    assert (cleared, type(cleared)) == (left, type(left))


def test_clear_knows_no_zero_value_of_an_id():
    with pytest.raises(OttlRuntimeError, match="zero value"):
        EDITORS["clear"](Id(IdKind.TRACE, bytes(16)))


def test_append_takes_a_list_that_was_written_out():
    assert EDITORS["append"](Anys((1, Anys(("x",)))), value=2) == (1, ("x",), 2)
    with pytest.raises(OttlRuntimeError, match="Invalid value type"):
        EDITORS["append"](Anys((Map(),)), value=2)


def test_the_function_must_give_text():
    with pytest.raises(OttlRuntimeError, match="must be a string"):
        EDITORS["replace_pattern"]("foo", "o", "x", function=lambda _: 5)


def test_the_format_holds_the_text():
    left = EDITORS["replace_match"]("foo", "f*", "x", function=str.upper, replacement_format="<%s>")
    assert left == "<X>"


def test_globs_with_classes_are_for_ascii():
    with pytest.raises(NotColumnarError, match="no ASCII"):
        EDITORS["replace_match"]("é", "?", "x")
    with pytest.raises(NotColumnarError, match="no ASCII"):
        EDITORS["replace_match"]("e", "[é]", "x")


@pytest.mark.parametrize("glob", ["[z-a]", "[a-zA]", "[]", "[a", "\udcff"])
def test_what_is_no_glob_fails(glob):
    with pytest.raises(OttlRuntimeError):
        EDITORS["replace_match"]("a", glob, "x")
