"""Comparing, looking for values and choosing them, over all pairs of awkward values."""

import math

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, Compared, call
from tests.support.functions.values import rows_of

from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import CompareOp

A, B = Attribute("a"), Attribute("b")
LETTERS = call("Split", target="a,b", delimiter=",")
NO_ID = call("TraceID", target=bytes(16))
VALUES: tuple[Value, ...] = (
    *(None, "", "a", "abc", "\udcc3", "\udcff", "\ufffd", "\ue000", "😀"),
    *(0, 1, 2, True, False, 2**53 + 1, 2**63 - 1, -(2**63)),
    *(0.0, -0.0, 1.0, 2.0**53, 2.0**63, math.nan, math.inf, -math.inf),
    *(b"", b"\x01", b"\x01\x02"),
    *((), ("a", "b"), (1, 2), (1, 2.0), ((1,),), (b"",), (None,), (math.nan,), ("abc", 1, 1.0, None, True)),
    *(Map(), Map.of([("b", 1), ("a", "x<y")]), Map.of([("a", "x<y"), ("b", 1)]), Map.of([("n", math.nan)])),
    *(Map.of([("twice", 1), ("twice", 2)]), Map.of([("twice", 2), ("twice", 1)]), Map.of([("twice", 2)])),
)
MIXED: Value = ((1, 2), ("a", "b"), 1, None, True, b"", b"\x01", "a", math.nan, 0.0, 2**53, *VALUES[-7:])
PAIRS = [Map.of([("a", left), ("b", right)]) for left in (*VALUES, MIXED) for right in VALUES]

OPERATORS = (CompareOp.EQ, CompareOp.NE, CompareOp.LE)
OF_TWO = [
    Compared(left, op, right)
    for op in OPERATORS
    for left, right in (([A, 1], B), ([A], [B]), ([[A]], [["x", B]]), ([{"b": 1}], B))
]
OF_ONE = [
    Compared(left, op, right)
    for op in OPERATORS
    for left, right in (
        (A, [1, 2]),
        (A, {"b": 1, "a": "x<y"}),
        ([LETTERS], A),
        (LETTERS, A),
        (A, LETTERS),
        (LETTERS, None),
        (LETTERS, [A]),
        (NO_ID, NO_ID),
        (NO_ID, call("SpanID", target=bytes(8))),
        (NO_ID, A),
    )
]
SEARCHES = [
    call("Index", target=A, value=B),
    call("Index", target=[A, 1, "x", None], value=B),
    call("ContainsValue", target=A, item=B),
    call("ContainsValue", target=[A, B], item=B),
    call("ContainsValue", target=A, item=[1, B]),
]
SEARCHES_FOR_ONE = [
    call("Index", target=[[1, 2], A], value=[1, 2]),
    call("Index", target=LETTERS, value=A),
    call("Index", target=A, value=LETTERS),
    call("ContainsValue", target=A, item={"b": 1, "a": "x<y"}),
]
NUMBER = call("ParseInt", target=A, base=10)
CHOICES = [
    call("Coalesce", values=[A, 1]),
    call("Coalesce", values=[None, A]),
    call("Coalesce", values=[NUMBER, 2]),
    call("Coalesce", values=[A, NUMBER]),
    call("Coalesce", values=[A, [A]]),
]


def test_every_operator_says_of_every_pair_what_the_collector_says(harness):
    assert disagreements(harness, [Compared(A, op, B) for op in CompareOp], PAIRS) == []


def test_lists_maps_and_ids_compare_as_the_collector_does(harness):
    # Refused: lists written out that hold maps or lists of telemetry, on both sides.
    containers = sum(isinstance(value, tuple | Map) for value in VALUES)
    refused = len([CompareOp.EQ, CompareOp.NE]) * (containers + 1) * containers
    assert disagreements(harness, OF_TWO, PAIRS, refused=refused) == []
    assert disagreements(harness, OF_ONE, rows_of([*VALUES, MIXED])) == []


def test_values_are_found_where_the_collector_finds_them(harness):
    assert disagreements(harness, SEARCHES, PAIRS) == []
    assert disagreements(harness, SEARCHES_FOR_ONE, rows_of([*VALUES, MIXED])) == []


def test_what_is_not_reached_need_not_work(harness):
    assert disagreements(harness, CHOICES, rows_of()) == []
