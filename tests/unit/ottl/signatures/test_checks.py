"""What a collector looks at when it makes a function; agreement with it is proved in the integration suite."""

import zoneinfo

import pytest

from phoenix.ottl.dialect import TRANSFORM_STATEMENTS
from phoenix.ottl.errors import OttlError, OttlNotDoneError
from phoenix.ottl.language import parse_statement, parse_value
from phoenix.ottl.syntax import Context

GOOD = (
    'IsMatch(schema_url, "(?i)[[:alpha:]]\\\\p{Letter}\\\\P{Greek}")',
    "IsMatch(schema_url, schema_url)",
    'Time(schema_url, "%Y", "UTC")',
    'Time(schema_url, "%Y", "Local", "de-AT")',
    'Decode(schema_url, "")',
    'Decode(schema_url, "base64-raw-url")',
    'Decode(schema_url, " UTF-8 ")',
    "Decode(schema_url, schema_url)",
    'ConvertTextToElementsXML(schema_url, "")',
    "ExtractGrokPatterns(schema_url, schema_url, true)",
    'ExtractGrokPatterns(schema_url, "%{HTTPD_COMMONLOG}", true)',
    'ExtractGrokPatterns(schema_url, "(?P<a>b)", true)',
    'ExtractGrokPatterns(schema_url, "%{A}", true, ["A=%{B:b}", "B=c"])',
    "SpanID(schema_url)",
    'TraceID("0102030405060708090A0b0c0d0e0f10")',
    "SpanID(1)",
    'IsInCIDR(schema_url, ["::1/128", schema_url, "bad"])',
    'ParseKeyValue(schema_url, pair_delimiter=";")',
)
BAD = (
    'IsMatch(schema_url, "(?P<é>a)")',
    'IsMatch(schema_url, "\\\\p{Foo Bar}")',
    'Decode(schema_url, "BASE64")',
    'ExtractGrokPatterns(schema_url, "%{A}", true, ["A=b"])',
    'ExtractGrokPatterns(schema_url, "%{A}", false, ["A=%{B}"])',
    'ExtractGrokPatterns(schema_url, "%{A}", false, ["A=a%{A}%{A}"])',
    'SpanID("010203040506070z")',
    "SpanID(nil)",
    "SpanID(true)",
    'IsInCIDR(schema_url, ["1.1.1.1/33"])',
    'IsInCIDR(schema_url, ["a/8"])',
    'IsInCIDR(schema_url, ["fe80::1%eth0/64"])',
    'ParseKeyValue(schema_url, pair_delimiter="=")',
)


@pytest.mark.parametrize("text", GOOD)
def test_good_arguments_are_taken(text):
    parse_value(text, Context.RESOURCE, TRANSFORM_STATEMENTS)


@pytest.mark.parametrize("text", BAD)
def test_bad_arguments_are_refused(text):
    with pytest.raises(OttlError) as caught:
        parse_value(text, Context.RESOURCE, TRANSFORM_STATEMENTS)
    assert not isinstance(caught.value, OttlNotDoneError)


@pytest.mark.parametrize("glob", ["[", "[]", "[!]", "[z-a]", "[abc", "[a-b-c]", "[-a"])
def test_a_glob_with_a_wrong_range_is_refused(glob):
    with pytest.raises(OttlError, match="range"):
        parse_statement(f'replace_match(schema_url, "{glob}", "x")', Context.RESOURCE, TRANSFORM_STATEMENTS)


@pytest.mark.parametrize("glob", ["a*", "[!!a]", r"\\[", "{a,[b-c]", "}", "[-]", r"[\\]]"])
def test_a_glob_with_right_ranges_is_taken(glob):
    parse_statement(f'replace_match(schema_url, "{glob}", "x")', Context.RESOURCE, TRANSFORM_STATEMENTS)


def test_a_machine_without_time_zones_does_not_judge_their_names(monkeypatch):
    monkeypatch.setattr(zoneinfo, "available_timezones", set)
    with pytest.raises(OttlNotDoneError):
        parse_value('Time(schema_url, "%Y", "Nowhere/City")', Context.RESOURCE, TRANSFORM_STATEMENTS)


def test_what_a_bucket_count_may_be():
    parse_statement('merge_histogram_buckets(count, "limit_buckets")', Context.DATAPOINT, TRANSFORM_STATEMENTS)
    with pytest.raises(OttlError, match="no count of buckets"):
        parse_statement('merge_histogram_buckets("0", "limit_buckets")', Context.DATAPOINT, TRANSFORM_STATEMENTS)
