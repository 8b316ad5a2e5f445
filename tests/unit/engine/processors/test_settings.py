"""Settings are read as confmap reads them: exact types, null as nothing, and a place for every refusal."""

from typing import Any

import pytest

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import ConfigRefusedError
from phoenix.engine.processors.registry import ProcessorConfig
from phoenix.engine.processors.settings import Settings, duration_ns


def settings_of(yaml: str) -> Settings:
    document = ConfigDocument.parse(f"processors:\n  some/one:\n    {yaml}\n")
    values: Any = document.data["processors"]["some/one"]
    return Settings.of(ProcessorConfig(document, "some/one", "some", values, 0, 1), "key", "other")


@pytest.mark.parametrize(
    ("method", "yaml", "value"),
    [
        ("string", "key: '1'", "1"),
        ("string", "key:", ""),
        ("integer", "key: 7", 7),
        ("integer", "key: -7.9", -7),
        ("integer", "key:", 0),
        ("unsigned", "key: 3", 3),
        ("number", "key: 2", 2.0),
        ("number", "key: 2.5", 2.5),
        ("boolean", "key: true", True),
        ("duration", "key: 1m30s", 90 * 10**9),
        ("duration", "key: 5", 5),
        ("duration", "key:", 0),
        ("strings", "key: a,b,", ("a", "b", "")),
        ("strings", "key: ''", ()),
        ("strings", "key: [a, '', ~]", ("a", "", "")),
        ("strings", "key:", ()),
        ("numbers", "key: [1, 0.5, ~]", (1.0, 0.5, 0.0)),
        ("numbers", "key:", ()),
        ("pairs", "key: {a: b, c: ~}", {"a": "b", "c": ""}),
        ("pairs", "key:", {}),
        ("raw", "key: [1]", [1]),
    ],
)
def test_reads_what_the_decoder_takes(method, yaml, value):
    assert getattr(settings_of(yaml), method)("key") == value


@pytest.mark.parametrize(
    ("method", "yaml"),
    [
        ("string", "key: 1"),
        ("string", "key: [a]"),
        ("string", "key: {a: b}"),
        ("integer", "key: '1'"),
        ("integer", "key: true"),
        ("integer", "key: .inf"),
        ("unsigned", "key: -1"),
        ("number", "key: '2'"),
        ("number", "key: false"),
        ("boolean", "key: 'true'"),
        ("boolean", "key: 1"),
        ("duration", "key: 5 s"),
        ("duration", "key: [1s]"),
        ("strings", "key: 1"),
        ("strings", "key: [1]"),
        ("strings", "key: {a: b}"),
        ("numbers", "key: 1"),
        ("numbers", "key: [a]"),
        ("pairs", "key: [a]"),
        ("pairs", "key: {key: 1}"),
    ],
)
def test_refuses_another_type(method, yaml):
    with pytest.raises(ConfigRefusedError, match=r"config.yaml:3:\d+: some/one: key"):
        getattr(settings_of(yaml), method)("key")


def test_takes_the_default_for_what_is_not_there():
    settings = settings_of("other: 1")
    assert settings.string("key", "x") == "x"
    assert settings.boolean("key", default=True)
    assert settings.strings("key", ("a",)) == ("a",)
    assert "other" in settings
    assert "key" not in settings


def test_a_word_must_be_one_of_the_words():
    assert settings_of("key: sum").word("key", ("sum", "mean")) == "sum"
    assert settings_of("other: 1").word("key", ("sum", "mean")) == ""
    with pytest.raises(ConfigRefusedError, match="must be one of sum, mean: 'max'"):
        settings_of("key: max").word("key", ("sum", "mean"))


def test_an_unknown_key_is_refused_at_its_place():
    with pytest.raises(ConfigRefusedError, match=r"config.yaml:3:5: some/one: has invalid keys: wrong"):
        settings_of("wrong: 1")
    with pytest.raises(ConfigRefusedError, match=r"config.yaml:3:26: some/one: has invalid keys: b"):
        settings_of("key: [{a: 1}, {a: 1, b: 2}]").sections("key", "a")[1].only(["a"])


def test_sections_may_be_null_and_nothing_but_mappings():
    assert [dict(each.values) for each in settings_of("key: [~, {a: 1}]").sections("key", "a")] == [{}, {"a": 1}]
    assert settings_of("key:").sections("key") == []
    assert dict(settings_of("key:").section("key").values) == {}
    with pytest.raises(ConfigRefusedError, match="key wants mappings, not 1"):
        settings_of("key: [1]").sections("key")
    with pytest.raises(ConfigRefusedError, match="key wants a mapping, not a list"):
        settings_of("key: []").section("key")
    with pytest.raises(ConfigRefusedError, match="key wants a list, not a mapping"):
        settings_of("key: {}").sections("key")


def test_refusals_name_their_place():
    section = settings_of("key: {a: 1}").section("key", "a")
    assert str(section.unsupported("option a", "a")).startswith("config.yaml:3:11: some/one: option a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h2m3s4ms5us6ns", 3_723_004_005_006),
        ("1.5h", 5_400 * 10**9),
        (".5s", 5 * 10**8),
        ("1.s", 10**9),
        ("+2µs", 2_000),
        ("-0", 0),
        ("0.3333333333333333333333h", 1_200 * 10**9),
        ("9223372036854775807ns", 2**63 - 1),
        ("-9223372036854775808ns", -(2**63)),
        ("9223372036854775808ns", None),
        ("", None),
        ("+", None),
        (".s", None),
        ("3", None),
        ("3d", None),
        ("3s ", None),
        ("1.5.5s", None),
    ],
)
def test_durations_are_those_of_go(text, expected):
    assert duration_ns(text) == expected
