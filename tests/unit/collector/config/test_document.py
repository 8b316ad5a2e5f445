"""A config is read as the collector reads YAML, and every key and value knows its place."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.collector.config.document import ConfigDocument, ConfigSyntaxError
from phoenix.collector.config.errors import ConfigTooComplexError

SMALL = "receivers:\n  otlp:\nexporters: {nop: }\n"


def value_of(text: str) -> object:
    return ConfigDocument.parse(f"a: {text}\n").data["a"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("n", "n"),
        ("True", True),
        ("FALSE", False),
        ("tRue", "tRue"),
        ("~", None),
        ("NULL", None),
        ("", None),
        ("0777", 511),
        ("0o17", 15),
        ("0x1F", 31),
        ("-0b101", -5),
        ("1_000", 1000),
        ("+1", 1),
        ("089", 89.0),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("12:30:45", "12:30:45"),
        ("2001-01-01", "2001-01-01"),
        ("99999999999999999999", 1e20),
        ("'1'", "1"),
        ('"true"', "true"),
        ("!!str 1", "1"),
        ("!!float 1", 1.0),
        ("!!binary aGk=", "hi"),
        ("!own text", "text"),
        ("!own 1", "1"),
        ("[a, {b: 1}]", ["a", {"b": 1}]),
        ("=", "="),
        ("<<", "<<"),
        (".inf", math.inf),
        ("- x", "- x"),
    ],
)
def test_reads_a_scalar_as_the_collector_does(text, value):
    if text == "- x":
        text = "'- x'"
    assert value_of(text) == value
    assert type(value_of(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("\ta: b", "1:1", "cannot start any token"),
        ("a: b\n b: c", "2:3", "mapping values are not allowed"),
        ("a: 1\nb: 2\na: 3\n", "3:1", "already defined at line 1"),
        ("a: {x: 1, x: 2}", "1:11", "already defined at line 1"),
        ("a: 1\n---\nb: 2\n", "2:1", "second document"),
        ("a: *x", "1:4", "no anchor before it"),
        ("a: &x [*x]", "1:8", "contains itself"),
        ("[a]: b", "1:1", "single value"),
        ("a: !!int x", "1:4", "cannot be read as !!int"),
        ("a: !!binary 'x'", "1:4", "not base64"),
        ("<<: 3\na: b", "1:5", "wants a mapping"),
        ("é: \x00", "1:4", "U+0000"),
        ("a: \ud800", "1:4", "U+D800"),
        ("- a", "1:1", "not a mapping"),
        ("text", "1:1", "not a mapping"),
        ("", "1:1", "empty"),
        ("# only a comment\n", "1:1", "empty"),
        ("~", "1:1", "empty"),
    ],
)
def test_refuses_what_is_not_a_config_and_names_the_place(text, place, problem):
    with pytest.raises(ConfigSyntaxError, match=problem.replace("+", r"\+")) as caught:
        ConfigDocument.parse(text, "mine.yaml")
    assert str(caught.value).startswith(f"mine.yaml:{place}: ")
    assert caught.value.details["place"] == f"mine.yaml:{place}"


def test_refuses_aliases_that_multiply():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
    with pytest.raises(ConfigTooComplexError, match="aliases written out"):
        ConfigDocument.parse(bomb)


@pytest.mark.parametrize("text", ["[" * 50_000, "a: " + "{a: " * 50_000, "- " * 50_000])
def test_refuses_deep_nesting_before_it_costs_anything(text):
    with pytest.raises(ConfigTooComplexError, match="nested deeper"):
        ConfigDocument.parse(text)


def test_refuses_a_huge_text():
    with pytest.raises(ConfigTooComplexError, match="characters"):
        ConfigDocument.parse("a: b\n" + "#" * 4_000_000)


def test_keeps_the_text_and_tolerates_a_byte_order_mark_and_windows_line_ends():
    text = "\ufeffa: 1\r\nb:\r\n  c: 2\r\n"
    document = ConfigDocument.parse(text)
    assert document.text == text
    assert document.data == {"a": 1, "b": {"c": 2}}
    assert str(document.locate(("b", "c"))) == "config.yaml:3:3"


def test_reads_a_file_and_names_it(tmp_path: Path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"a: 1\nb: 2\r\n")
    document = ConfigDocument.read(path)
    assert (document.text, document.source) == ("a: 1\nb: 2\r\n", str(path))


def test_refuses_a_file_that_is_not_utf8(tmp_path: Path):
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(ConfigSyntaxError, match=r"latin.yaml:2:1: byte 11 is not UTF-8"):
        ConfigDocument.read(path)


def test_merges_with_own_keys_and_the_earlier_mapping_first():
    text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz:\n  <<: [*x, *y]\n  a: 3\n"
    assert ConfigDocument.parse(text).data["z"] == {"a": 3, "b": 1, "c": 2}


def test_makes_text_of_keys_that_are_not_strings_as_the_collector_does():
    assert ConfigDocument.parse("a: {1: x, true: y, ~: z, 1.5: w}").data["a"] == {
        "1": "x",
        "true": "y",
        "<nil>": "z",
        "1.5": "w",
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), "1:1"),
        (("receivers",), "1:1"),
        (("receivers", "otlp"), "2:3"),
        (("exporters", "nop"), "3:13"),
        (("exporters", "absent"), "3:1"),
        (("exporters", "nop", "deeper", 3), "3:13"),
    ],
)
def test_locates_a_key_or_the_nearest_above_it(path, place):
    assert str(ConfigDocument.parse(SMALL).locate(path)) == f"config.yaml:{place}"


def test_locates_list_items_and_merged_keys_where_they_are_written():
    document = ConfigDocument.parse("base: &b\n  list: [p, {q: r}]\nuse:\n  <<: *b\n")
    assert str(document.locate(("use", "list", 0))) == "config.yaml:2:10"
    assert str(document.locate(("use", "list", 1, "q"))) == "config.yaml:2:14"
    assert str(document.locate_value(("use", "list"))) == "config.yaml:2:9"


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: set(x, 1) where BAD\n", "BAD", "1:20"),
        ("a: set(x, 1)\n  where BAD\n", "BAD", "2:9"),
        ("a: 'it''s BAD'\n", "BAD", "1:11"),
        ('a: "say \\"BAD\\""\n', "BAD", "1:11"),
        ('a: "one \\\n  BAD"\n', "BAD", "2:3"),
        ('a: "x\\u00e9BAD"\n', "BAD", "1:12"),
        ("a: |\n  one\n   two\n\n  BAD\n", "BAD", "5:3"),
        ("a: |2\n   one\n  BAD\n", "BAD", "3:3"),
        ("a: >-\n  one\n  two\n\n  BAD\n", "BAD", "5:3"),
        ("a: >-\n  one two BAD\n", "BAD", "2:11"),
        ("a: {b: [c, 'x BAD']}\n", "BAD", "1:15"),
    ],
)
def test_locates_a_character_inside_any_style_of_scalar(text, word, place):
    document = ConfigDocument.parse(text)
    path: tuple[str | int, ...] = ("a", "b", 1) if "{" in text else ("a",)
    value = document.data["a"] if len(path) == 1 else document.data["a"]["b"][1]
    assert str(document.locate_within(path, value.index(word))) == f"config.yaml:{place}"


@given(st.text(alphabet="ab'\"\\: é\n#", min_size=1, max_size=40), st.sampled_from(["'", '"', "|", ">"]))
def test_every_visible_character_is_found_again_in_the_source(value: str, style: str):
    text = _written(value, style)
    document = ConfigDocument.parse(text)
    lines = text.split("\n")
    for offset, character in enumerate(document.data["a"]):
        place = document.locate_within(("a",), offset)
        seen = lines[place.line - 1][place.column - 1 : place.column]
        assert character in " \n" or seen == character or (style == '"' and seen == "\\")


def _written(value: str, style: str) -> str:
    if style == "'":
        return "a: '" + value.replace("'", "''").replace("\n", " ") + "'\n"
    if style == '"':
        return 'a: "' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"\n'
    return f"a: {style}2\n" + "".join(f"  {line}\n" for line in value.split("\n"))
