"""Converters of text: what they give, and what they refuse by name."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.registry import CONVERTERS
from phoenix.engine.values.value import Map

GIVEN = [
    ("ParseJSON", ('{"a": [1, null, "\\u00e9"]}',), Map.of([("a", (1.0, None, "é"))])),
    ("ParseKeyValue", ("a=1 b='x y'",), Map.of([("a", "1"), ("b", "x y")])),
    ("ParseCSV", ('1,"2,3"', "a,b"), Map.of([("a", "1"), ("b", "2,3")])),
    ("ExtractGrokPatterns", ("7 x", "%{INT:n.m:int}"), Map.of([("n.m", 7)])),
    ("GetXML", ("<a><b>1</b></a>", "/a/b"), "<b>1</b>"),
    ("RemoveXML", ("<a><b>1</b></a>", "/a/b"), "<a></a>"),
    ("InsertXML", ("<a/>", "/a", "<b/>"), "<a><b></b></a>"),
    ("InsertXML", ("", "/", "<b/>"), "<b></b>"),
    ("ConvertAttributesToElementsXML", ('<a b="1"/>',), "<a><b>1</b></a>"),
    ("ConvertTextToElementsXML", ("<a>1<b/></a>",), "<a><value>1</value><b></b></a>"),
    ("ParseSimplifiedXML", ("<a><b>1</b><b>2</b></a>",), Map.of([("a", Map.of([("b", ("1", "2"))]))])),
    (
        "UserAgent",
        ("curl/8.7",),
        Map.of(
            [
                ("user_agent.name", "curl"),
                ("user_agent.original", "curl/8.7"),
                ("user_agent.version", "8.7"),
                ("os.name", "Other"),
            ]
        ),
    ),
    ("ParseXML", ("<a>x</a>",), Map.of([("tag", "a"), ("content", "x")])),
]
MAPPING = Map.of(
    [("low", (Map.of([("range", "2xx")]),)), ("same", (Map.of([("range", Map.of([("min", 200), ("max", 200)]))]),))]
)
NOT_COLUMNAR = [
    ("ExtractGrokPatterns", ("x", "%{A}"), {"pattern_definitions": ("A=(%{A})",)}),
    ("ParseJSON", ("[" * 300 + "]" * 300,)),
    ("ParseSeverity", (200, MAPPING)),
    ("GetXML", ('<n:a xmlns:n="u"/>', "/a")),
    ("GetXML", ('<?xml version="1.0" encoding="latin1"?><a/>', "/a")),
    ("GetXML", ("<a>" * 300 + "</a>" * 300, "/a")),
    ("GetXML", ("<?n:p x?><a/>", "/a")),
    ("ParseXML", ("<!DOCTYPE a ['<']><a/>",)),
    ("Sort", ((*range(12), 1.0, 1),)),
    ("ToKeyValueString", (Map.of([("a", 1)] * 13), "=", " "), {"sort_output": True}),
]
FAILING = [
    ("ExtractGrokPatterns", ("x", "%{WORD:w:colour}")),
    ("URL", ("http://[::1%zz]/",)),
    ("URL", ("?" + "&" * 10_000,)),
    ("InsertXML", ("<a>1</a>", "//text()", "<b/>")),
    ("ParseXML", ("<?xml version='1.1'?><a/>",)),
    ("ParseXML", ("<!- x><a/>",)),
]


@pytest.mark.parametrize(("function", "arguments", "result"), GIVEN)
def test_text_is_taken_apart(function, arguments, result):
    assert CONVERTERS[function](*arguments) == result


@pytest.mark.parametrize("case", NOT_COLUMNAR, ids=lambda case: case[0])
def test_odd_corners_are_refused_by_name(case):
    function, arguments, *named = case
    with pytest.raises(NotColumnarError):
        CONVERTERS[function](*arguments, **(named[0] if named else {}))


@pytest.mark.parametrize(("function", "arguments"), FAILING)
def test_what_a_collector_fails_on_fails(function, arguments):
    with pytest.raises(OttlRuntimeError):
        CONVERTERS[function](*arguments)
