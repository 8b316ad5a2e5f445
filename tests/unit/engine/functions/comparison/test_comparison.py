"""OTTL's comparison rules, and what looks for a value or chooses one."""

import math

import pytest

from phoenix.engine.columns import Failed
from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.comparison.rules import compare, equal
from phoenix.engine.functions.registry import CONVERTERS
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.lists import Anys, Counts, Doubles, Strings
from phoenix.engine.values.value import Duration, Map, Time
from phoenix.ottl.syntax import CompareOp

TWICE = Map.of([("k", 1), ("k", 2)])
EQUAL = [
    *((None, None), (None, b""), (1, 1.0), (2**53, 2.0**53), ("a", "a"), (b"a", b"a"), (True, True)),
    *((Time(1), Time(1, "+02:00")), (Duration(1), Duration(1)), ((1, "a"), (1, "a")), ((1,), Anys([1]))),
    *(
        (Map.of([("a", 1), ("b", ())]), Map.of([("b", ()), ("a", 1)])),
        (Anys([None, Anys([1])]), Anys([None, Anys([1])])),
    ),
    (Id(IdKind.SPAN, bytes(8)), Id(IdKind.SPAN, bytes(8))),
]
UNEQUAL = [
    *((None, 0), (b"", "a"), (True, 1), (1, "1"), (math.nan, math.nan), ("a", b"a"), ((1,), (1.0,)), ((True,), (1,))),
    *(((1,), (1, 2)), (Map.of([("a", 1)]), Map.of([("b", 1)])), (Map(), ()), (TWICE, Map.of([("k", 2), ("k", 1)]))),
    *((Strings(["a"]), ("a",)), (Strings(["a"]), Anys(["a"])), (Anys([Map()]), (Map(),)), (Anys([1]), (1, 2))),
    *(
        (Time(1), Duration(1)),
        (Id(IdKind.SPAN, bytes(8)), None),
        ((math.nan,), (math.nan,)),
        (Anys([Map()]), Anys([1])),
        *((Counts([1]), Anys([1])), (Doubles([1.0]), (1.0,)), (Counts(), Doubles()), (None, Doubles([1.0]))),
    ),
]
ORDERED = [(1, 1.5), ("B", "a"), ("\ue000", "😀"), (b"\1", b"\1\0"), (False, True), (Time(0), Time(1)), (-math.inf, 0)]


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_values_are_equal_both_ways(left, right):
    assert equal(left, right)
    assert equal(right, left)
    assert not compare(left, right, CompareOp.NE)


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_values_are_unequal_both_ways(left, right):
    assert not equal(left, right)
    assert compare(right, left, CompareOp.NE)


@pytest.mark.parametrize(("left", "right"), ORDERED)
def test_values_of_one_kind_have_an_order(left, right):
    said = {op: compare(left, right, op) for op in CompareOp}
    assert [op for op, holds in said.items() if holds] == [CompareOp.NE, CompareOp.LT, CompareOp.LE]
    assert compare(right, left, CompareOp.GT)
    assert compare(left, left, CompareOp.GE)


def test_nils_are_as_large_as_each_other_and_lists_have_no_order():
    assert [op for op in CompareOp if compare(None, None, op)] == [CompareOp.EQ, CompareOp.LE, CompareOp.GE]
    assert not any(compare((1,), (1,), op) for op in (CompareOp.LT, CompareOp.LE, CompareOp.GE, CompareOp.GT))
    assert not compare(1, "1", CompareOp.LE)


def test_what_makes_a_collector_crash_or_hangs_on_its_memory_is_refused():
    with pytest.raises(NotColumnarError, match="two results of Split"):
        equal(Strings(["a"]), Strings(["a"]))
    with pytest.raises(NotColumnarError, match="two lists of a histogram"):
        equal(Counts([1]), Counts([1]))
    assert not compare(Doubles([1.0]), Doubles([2.0]), CompareOp.LT)
    with pytest.raises(NotColumnarError, match="lists written out"):
        equal(Anys([Map()]), Anys([Map()]))


def test_values_are_found_in_texts_and_lists():
    index, contains = CONVERTERS["Index"], CONVERTERS["ContainsValue"]
    assert [index("hé", "\udca9"), index("a", "b"), index((1, b""), None), index(Strings(["a"]), "a")] == [2, -1, 1, 0]
    assert [index((TWICE,), Map.of([("k", 2)])), index(((1,),), Anys([1])), index((("a",),), Strings("a"))] == [
        0,
        0,
        -1,
    ]
    assert [contains((1.0,), 1), contains((True,), 1)] == [True, False]
    with pytest.raises(OttlRuntimeError, match="value must be a string"):
        index("a", 1)
    with pytest.raises(OttlRuntimeError, match=r"expected pcommon\.Slice but got int64"):
        contains(1, 1)


def test_lengths_are_bytes_items_or_pairs():
    length = CONVERTERS["Len"]
    assert [length(value) for value in ("é", b"ab", (1,), TWICE)] == [2, 2, 1, 2]
    with pytest.raises(OttlRuntimeError, match="unsupported target type int64"):
        length(1)


def test_a_choice_asks_for_no_more_than_it_needs():
    coalesce, when = CONVERTERS["Coalesce"], CONVERTERS["When"]
    assert coalesce(values=[None, False, Failed("late")]) is False
    assert coalesce(values=[None]) is None
    assert when(condition=True, true_value=1, false_value=Failed("no")) == 1
    assert when(condition=False, true_value=Failed("yes"), false_value=2) == 2
    for call in (lambda: coalesce(values=[Failed("early"), 1]), lambda: when(Failed("early"), 1, 2)):
        with pytest.raises(OttlRuntimeError, match="early"):
            call()
    with pytest.raises(OttlRuntimeError, match="expected bool"):
        when(1, 1, 2)
    assert CONVERTERS["IsInCIDR"]("1.1.1.1", ["0.0.0.0/0", Failed("late")])
