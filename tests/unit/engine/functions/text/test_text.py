"""Converters of text, a case for every rule; lengths and positions are bytes."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.golang.text import byte_length, trim, trim_space
from phoenix.engine.functions.registry import CONVERTERS
from phoenix.engine.values.lists import Strings
from phoenix.engine.values.value import Map

CASES = [
    ("Concat", {"vals": ["a", None, 1, (1,)], "delimiter": "-"}, "a-<nil>-1-[1]"),
    ("Concat", {"vals": ["\udcc3", "\udca9"], "delimiter": ""}, "é"),
    ("Split", {"target": "a,b,", "delimiter": ","}, Strings(["a", "b", ""])),
    ("Split", {"target": "é\udcff", "delimiter": ""}, Strings(["é", "\udcff"])),
    ("Split", {"target": "é", "delimiter": "\udcc3"}, Strings(["", "\udca9"])),
    ("Substring", {"target": "héllo", "start": 1, "length": 1}, "\udcc3"),
    ("Substring", {"target": "héllo", "start": 2, "length": 2, "utf8_safe": True}, "l"),
    ("Substring", {"target": "aé", "start": 0, "length": 2, "utf8_safe": True}, "a"),
    ("Substring", {"target": "日", "start": 1, "length": 1, "utf8_safe": True}, ""),
    ("Trim", {"target": "  a b "}, "a b"),
    ("Trim", {"target": "éaé", "replacement": "é"}, "a"),
    ("Trim", {"target": " a", "replacement": ""}, " a"),
    ("TrimPrefix", {"target": "abc", "prefix": "ab"}, "c"),
    ("TrimSuffix", {"target": "abc", "suffix": "bc"}, "a"),
    ("HasPrefix", {"target": "é", "prefix": "\udcc3"}, True),
    ("HasSuffix", {"target": "é", "suffix": "\udcc3"}, False),
    ("ToLowerCase", {"target": "İÀ\u1c89\udcff"}, "ià\u1c8a\ufffd"),
    ("ToUpperCase", {"target": "ßᾳﬁ\u019b\udcff"}, "ßᾼﬁ\ua7dc\ufffd"),
    ("ToCamelCase", {"target": " some_name2go-HTTPServer é "}, "SomeName2GoHttpserver"),
    ("ToSnakeCase", {"target": " someHTTPServer2Name-x.y99a "}, "some_http_server_2_name_x_y_99_a"),
    ("ConvertCase", {"target": "", "to_case": "upper"}, ""),
    ("Hex", {"target": None}, ""),
    ("Hex", {"target": -1}, "f" * 16),
    ("Base64Encode", {"target": "\udcff\udcfe"}, "//4="),
    ("Base64Encode", {"target": "\udcff\udcfe", "variant": "base64-raw-url"}, "__4"),
    ("Base64Decode", {"target": "Y\nQ=\r="}, "a"),
    ("Decode", {"target": b"__4", "encoding": "base64-raw-url"}, "\udcff\udcfe"),
    ("Decode", {"target": "a\udcff", "encoding": "utf-8"}, "a\ufffd"),
    ("Decode", {"target": "a\udcff", "encoding": "Nop"}, "a\udcff"),
    ("Decode", {"target": b"\xe9\x80", "encoding": " ISO_8859-15 "}, "é\ufffd"),
    ("Decode", {"target": b"\xff\xfea\0b", "encoding": "csUTF16"}, "a\ufffd"),
    ("Decode", {"target": b"\x00a\xd8\x00", "encoding": "utf-16be"}, "a\ufffd"),
    ("IsMatch", {"target": 12, "pattern": r"^\d+$"}, True),
    ("IsMatch", {"target": None, "pattern": ""}, False),
    ("IsMatch", {"target": "\udcff", "pattern": "^.$"}, True),
    (
        "ExtractPatterns",
        {"target": "a\udcff", "pattern": "(?P<x>.)(?P<y>.)(?P<z>.)?"},
        Map.of([("x", "a"), ("y", "\udcff"), ("z", "")]),
    ),
    ("ExtractPatterns", {"target": "b", "pattern": "(?P<x>a)"}, Map()),
    ("Format", {"format": "%s-%d", "vals": ["a", 1]}, "a-1"),
]
FAILURES = [
    ("Concat", {"vals": [], "delimiter": 1}, "expected string but got int64"),
    ("Substring", {"target": "a", "start": -1, "length": 1}, "cannot be negative"),
    ("Substring", {"target": "a", "start": 0, "length": 0}, "negative or zero"),
    ("Substring", {"target": "a", "start": 1, "length": 2**63 - 1}, "invalid range"),
    ("ConvertCase", {"target": "a", "to_case": "title"}, "invalid case"),
    ("Base64Encode", {"target": "a", "variant": "x"}, "unsupported base64 variant"),
    ("Base64Decode", {"target": "YQ"}, "illegal base64"),
    ("Decode", {"target": "a", "encoding": "x"}, "unsupported encoding"),
    ("Decode", {"target": 1, "encoding": "utf-8"}, "unsupported type"),
    ("IsMatch", {"target": "a", "pattern": "("}, "error parsing regexp"),
    ("IsMatch", {"target": "a", "pattern": "\udcff"}, "error parsing regexp"),
    ("IsMatch", {"target": "a", "pattern": r"\C"}, "only RE2 knows"),
    ("IsMatch", {"target": "a", "pattern": "(?P<é>a)"}, "only RE2 knows"),
    ("ExtractPatterns", {"target": "a", "pattern": "a"}, "at least 1 named capture group"),
]
REFUSALS = [
    ("Decode", {"target": "a", "encoding": "Shift_JIS"}),
    ("IsMatch", {"target": "a", "pattern": r"\p{Letter}"}),
    ("IsMatch", {"target": "a", "pattern": "(?P<n>a)(?P<n>b)"}),
]


@pytest.mark.parametrize(("name", "given", "expected"), CASES)
def test_a_function_answers_as_the_collector_does(name, given, expected):
    assert CONVERTERS[name](**given) == expected


@pytest.mark.parametrize(("name", "given", "reason"), FAILURES)
def test_a_function_fails_where_the_collectors_does(name, given, reason):
    with pytest.raises(OttlRuntimeError, match=reason):
        CONVERTERS[name](**given)


@pytest.mark.parametrize(("name", "given"), REFUSALS)
def test_what_is_not_known_here_is_refused_by_name(name, given):
    with pytest.raises(NotColumnarError):
        CONVERTERS[name](**given)


def test_text_is_counted_and_trimmed_as_go_does():
    assert [byte_length(text) for text in ("abc", "é", "\udcff")] == [3, 2, 1]
    assert trim_space("\u3000\x85 a\x1c\n") == "a\x1c"
    assert trim("\udcfea\udcff", "\ufffd") == "a"
