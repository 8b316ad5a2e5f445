"""Editors leave what the collector leaves, over every value of a list."""

import random
from typing import Any

import pytest
from tests.support.functions.agreement import edit_disagreements
from tests.support.functions.calls import Attribute, Named, call
from tests.support.functions.containers import LISTS, MAPS
from tests.support.functions.values import FEW, rows_of

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.editors.glob import compile_glob
from phoenix.engine.values.value import Map

A = Attribute("a")
SOURCE = {"a": 5, "b": [1, 2], "n": None, "zz": {"q": 1}}
UPPER, JSON = Named("ToUpperCase"), Named("ParseJSON")

OF_MAPS = {
    "delete_key": [call("delete_key", key=key) for key in ("a", "b", A, "")],
    "delete_matching_keys": [call("delete_matching_keys", pattern=pattern) for pattern in ("^[ab]", A, ".")],
    "keep_matching_keys": [call("keep_matching_keys", pattern=pattern) for pattern in ("^[ab]", A, ".")],
    "keep_keys": [call("keep_keys", keys=keys) for keys in (["a", "b", "é"], [], ["zz", A])],
    "limit": [
        call("limit", limit=3, priority_keys=["c", "zz"]),
        call("limit", limit=0, priority_keys=[]),
        call("limit", limit=5, priority_keys=["b", "b", "d"]),
        call("limit", limit=100, priority_keys=["a"]),
        call("limit", limit=1, priority_keys=["b"]),
    ],
    "merge_maps": [
        *(call("merge_maps", source=SOURCE, strategy=strategy) for strategy in ("insert", "update", "upsert")),
        call("merge_maps", source=A, strategy="upsert"),
    ],
    "stringify_all": [call("stringify_all")],
    "truncate_all": [
        *(call("truncate_all", limit=limit) for limit in (0, 1, 2, 3)),
        call("truncate_all", limit=2, utf8_safe=False),
        call("truncate_all", limit=3, truncation_marker="é"),
        call("truncate_all", limit=3, utf8_safe=False, truncation_marker=".."),
    ],
    "flatten": [
        call("flatten"),
        call("flatten", prefix="p"),
        *(call("flatten", depth=depth) for depth in (1, 2, 4)),
        call("flatten", depth=3, prefix="é"),
        call("flatten", resolve_conflicts=True),
        call("flatten", resolve_conflicts=True, depth=2, prefix="a"),
    ],
    "append": [
        *(call("append", value=value) for value in ("x", A, None, {"a": 1})),
        *(call("append", values=values) for values in (["x", 1, None, A], [[1, "a"]], [])),
        call("append", value=1.5, values=[True, b"\x01"]),
    ],
    "delete_index": [
        *(call("delete_index", start_index=start) for start in (0, 1, -1, A)),
        *(call("delete_index", start_index=0, end_index=end) for end in (0, 2)),
        *(call("delete_index", start_index=1, end_index=end) for end in (0, 1, 99)),
    ],
    "clear": [call("clear")],
}

TEXTS = [
    *("foo", "foofoo", "barfoobar", "abcabc", "aaa", "", "a.b.c", "éfooé", "\udcfffoo\udcff", "xxx", "foo\nbar"),
    *("FOO 123 foo", "a", "ab", "aba", "$1"),
]
HELD = [Map.of([("foo", text), ("afoo", text), ("abab", 1), ("x", text), ("xo", "z")]) for text in [*TEXTS, *FEW]]
PATTERNS = [
    *(("foo", "bar"), ("(f)(o+)", "$2$1"), ("(?P<n>o)", "<${n}>"), ("", "-"), ("a*", "X"), ("^", ">"), ("$", "<")),
    *(("\\b", "|"), ("(a)(b)?", "[$2]"), (".", "."), ("o", "$$"), ("o", "$9"), ("o", "$1x"), ("[^a]", "")),
]
FORMATS = ["h:%s", "%s%s", "%s", "no", "%d%s", "%%s", "%s%", "a\n%s", "%s\n", "%s %", A]
CHANGES: list[dict[str, Any]] = [
    *({"regex_pattern": pattern, "replacement": new} for pattern, new in PATTERNS),
    *({"regex_pattern": pattern, "replacement": new, "function": UPPER} for pattern, new in PATTERNS),
    *({"regex_pattern": "o+", "replacement": "$0", "function": UPPER, "replacement_format": said} for said in FORMATS),
    {"regex_pattern": "o", "replacement": "$0", "function": JSON},
    {"regex_pattern": "o", "replacement": A},
    {"regex_pattern": A, "replacement": "x"},
    {"regex_pattern": "o", "replacement": "x", "replacement_format": "%d"},
]
# Only stars: characters of several bytes pass too.
STARS = [
    "foo*",
    "*foo",
    "*foo*",
    "a*a",
    "a*b*a",
    "*",
    "**",
    "",
    "\\*",
    "f\\oo",
    "a.b.c",
    "é*",
    "*,*",
    "ab*ba",
    "*a*a",
    "ü*é",
]
CLASSES = [
    *(
        "f?o",
        "??",
        "[abc]*",
        "[!abc]*",
        "[a-f]oo",
        "{foo,bar}*",
        "*.?.*",
        "{a,ab}b*",
        "[f]oo",
        "?foo?",
        "*?o*",
        "[^f]oo",
    ),
    *("*b?r*", "a?c*", "a*[a]", "*[!a]*", "[!a-c]*b", "?*?", "*[ab]?*", "ab\\", "{foo,bar}{foo,abc}", "*{oo,bc}", "?"),
]
NO_GLOBS = ["[a", "[]a]", "[a-]", "[a-zA-Z]", "[z-a]", "[!]", "[!!a]", "[a-z]", "\udcff", "\ufffd", "[\\]]", "a]", "}"]
MATCHES: list[dict[str, Any]] = [
    *({"pattern": glob, "replacement": "R"} for glob in STARS),
    {"pattern": "f*", "replacement": A},
    *({"pattern": "f*", "replacement": "r", "function": UPPER, "replacement_format": said} for said in FORMATS),
    {"pattern": "f*", "replacement": "R", "function": UPPER},
    {"pattern": "f*", "replacement": "R", "function": JSON},
]
OF_TEXTS = {
    "replace_pattern": ([call("replace_pattern", **change) for change in CHANGES], TEXTS),
    "replace_all_patterns, keys": ([call("replace_all_patterns", mode="key", **change) for change in CHANGES], HELD),
    "replace_all_patterns, values": (
        [call("replace_all_patterns", mode="value", **change) for change in CHANGES],
        HELD,
    ),
    "replace_match": ([call("replace_match", **match) for match in MATCHES], TEXTS),
    "replace_all_matches": ([call("replace_all_matches", **match) for match in MATCHES], HELD),
}


@pytest.mark.parametrize("calls", OF_MAPS.values(), ids=list(OF_MAPS))
def test_editors_of_maps_and_lists_are_the_collectors(harness, calls):
    assert edit_disagreements(harness, calls, rows_of([*FEW, *MAPS, *LISTS])) == []


@pytest.mark.parametrize(("calls", "values"), OF_TEXTS.values(), ids=list(OF_TEXTS))
def test_replacing_is_the_collectors(harness, calls, values):
    assert edit_disagreements(harness, calls, rows_of([*FEW, *values])) == []


def test_what_is_no_glob_is_none_to_the_collector_either(harness):
    assert edit_disagreements(harness, [call("replace_match", pattern=A, replacement="R")], rows_of(NO_GLOBS)) == []


def test_globs_of_any_parts_match_what_the_collectors_match(harness):
    pick = random.Random(7)
    parts = ["a", "b", "*", "?", "[ab]", "[!a]", "[a-b]", "{a,bb}", "**", "c"]
    globs = [*CLASSES, *("".join(pick.choices(parts, k=pick.randint(1, 6))) for _ in range(300))]
    texts = [*filter(str.isascii, TEXTS), *("".join(pick.choices("abc", k=pick.randint(0, 7))) for _ in range(60))]
    calls = [call("replace_match", pattern=glob, replacement="R") for glob in globs if known(glob)]
    assert len(calls) > 200
    assert edit_disagreements(harness, calls, rows_of(texts)) == []


def known(glob):
    try:
        compile_glob(glob)
    except NotColumnarError:
        return False
    return True
