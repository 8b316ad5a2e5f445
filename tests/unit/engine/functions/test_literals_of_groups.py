"""A call is refused before it runs for arguments that a collector does not start with."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.literals import check_literals

REFUSED = [
    ("ExtractGrokPatterns", {"pattern": "%{NOPE}"}),
    ("ExtractGrokPatterns", {"pattern": "x", "named_captures_only": True}),
    ("ExtractGrokPatterns", {"pattern_definitions": ("no equals sign",)}),
    ("ExtractGrokPatterns", {"pattern_definitions": ("A:B=x",)}),
    ("FormatTime", {"format": ""}),
    ("FormatTime", {"format": "%Y5"}),
    ("FormatTime", {"format": "%S%L"}),
    ("FormatTime", {"format": "%Q"}),
    ("ParseCSV", {"delimiter": ",,"}),
    ("ParseCSV", {"header_delimiter": ""}),
    ("ParseCSV", {"mode": "loose"}),
    ("ParseKeyValue", {"delimiter": ""}),
    ("ParseKeyValue", {"pair_delimiter": ""}),
    ("ParseKeyValue", {"delimiter": " "}),
    ("Sort", {"order": "up"}),
    ("Time", {"format": ""}),
    ("Time", {"format": "%Y", "location": "Nowhere/Here"}),
    ("Time", {"format": "%Y", "location": "/etc/localtime"}),
    ("ToKeyValueString", {"pair_delimiter": "="}),
    ("delete_matching_keys", {"pattern": "("}),
    ("flatten", {"depth": 0}),
    ("limit", {"limit": -1, "priority_keys": ()}),
    ("limit", {"limit": 1, "priority_keys": ("a", "b")}),
    ("merge_maps", {"strategy": "replace"}),
    ("replace_all_patterns", {"mode": "both"}),
    ("replace_match", {"pattern": "[a"}),
    ("truncate_all", {"limit": -1}),
    ("truncate_all", {"limit": 1, "truncation_marker": "é"}),
]
ACCEPTED = [
    ("ExtractGrokPatterns", {"pattern_definitions": ("A=x",)}),
    ("FormatTime", {"format": "%F %T.%L"}),
    ("GetXML", {"x_path": "//a[@b='c']"}),
    ("Time", {"format": "%Y", "location": "Europe/Berlin"}),
    ("truncate_all", {"limit": 2, "truncation_marker": "é"}),
    ("Keys", {"target": "anything"}),
]
UNKNOWN = [
    ("Time", {"format": "%Y", "locale": "de"}),
    ("GetXML", {"x_path": "//a//b"}),
    ("replace_match", {"pattern": "{a,{b,c}}"}),
    ("replace_match", {"pattern": "a\0"}),
    ("replace_match", {"pattern": "[!a][!b]"}),
    ("ExtractGrokPatterns", {"pattern": "%{A}", "pattern_definitions": ("A=" + "%{A}" * 20,)}),
]


@pytest.mark.parametrize(("function", "literals"), REFUSED)
def test_what_a_collector_refuses_is_refused(function, literals):
    with pytest.raises(OttlRuntimeError):
        check_literals(function, literals)


@pytest.mark.parametrize(("function", "literals"), ACCEPTED)
def test_what_a_collector_accepts_is_accepted(function, literals):
    check_literals(function, literals)


@pytest.mark.parametrize(("function", "literals"), UNKNOWN)
def test_what_is_not_known_is_said_by_name(function, literals):
    with pytest.raises(NotColumnarError, match=r"locale|XPath|glob|ExtractGrokPatterns"):
        check_literals(function, literals)
