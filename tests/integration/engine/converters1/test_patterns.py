"""Regular expressions, from texts and from attributes, valid and not; and replacing what they find."""

import random

from tests.support.functions.agreement import disagreements
from tests.support.functions.calls import Attribute, call
from tests.support.functions.oracle import attribute_capture, transform_config
from tests.support.functions.values import rows_of

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.registry import CONVERTERS
from phoenix.engine.functions.text.patterns import compile_pattern
from phoenix.engine.functions.text.template import apply_format
from phoenix.engine.values.codec import read_map
from phoenix.engine.values.value import Map

A, T, P = Attribute("a"), Attribute("t"), Attribute("p")
PATTERNS = (
    *("", "a", "^a", "a$", r"a\z", r"\Z", r"\bab\b", r"\Bb", "x*", "a{2,3}", "a{1001}", "(a{500}){3}", "a{,5}", "a**"),
    *("(?P<x>a)(?P<y>b)?", "(?<n>.)", "(?P<é>a)", "(?P<a>)(?P<b>x)?", "(?P<abc", "(a|b)*?c", "(?U)a+", "(?:)", "()"),
    *("(?i)STRASSE|k", "(?i)\u017f", "(?i)K", "(?s).", "(?m)^b$", "(?-s).", "(?x)a", "(?#c)a", "(", "[", "[z-a]", "a|"),
    *(r"\p{L}+", r"\pN", r"\p{Greek}", "[[:alpha:]]+", r"\x{1F600}", r"\xff", r"\C", r"\Q\C\E", r"a\\C", r"\8"),
    *("é", "\ufffd", "[\ufffd]", "[^a]", "\udcff", "\udcc3", r"[a-\d]", r"\a\f\t\n\r\v"),
)
# Longer names of Unicode's categories, and groups that share a name.
ONLY_GO = (r"\p{Letter}", r"\p{greek}", r"\p{Cn}", "(?P<n>a)(?P<n>b)")
PARTS = (
    *(
        "a",
        "b",
        r"\d",
        r"\w",
        "[ab]",
        "[^b]",
        ".",
        "(",
        "(?:",
        ")",
        "*",
        "+",
        "?",
        "{2}",
        "{1,}",
        "{,2}",
        "|",
        "^",
        "$",
    ),
    *(r"\b", "(?P<n>", "(?P<m>", "(?i)", "é", r"\s", r"\pL", "-", "[a-c", "]", "\\", r"\S", "[[:digit:]]", r"\p{Lu}"),
    *("(?s)", "(?i:", r"\x41", r"\Q", r"\E", r"\A", r"\z"),
)
TEXTS = (
    *("", "a", "ab", "aab", "ABC 12", "é\ue000", "a\udcffb", "\udcff", "\udce2\udc82", "line\nb\nx", "aaaa-bbbb"),
    *("Straße STRASSE K", "😀", "\u017fsK", "\ufffd", "\u03b1", "x@y", "ac", "C"),
)
MATCHES = [call("IsMatch", target=T, pattern=P), call("ExtractPatterns", target=T, pattern=P)]
TEMPLATES = (
    *("", "x", "$0", "$1", "${1}", "$1x", "${x}$y", "$n$", "$$", "${", "${}", "$", "${1", "$01", "$_1", "$é", "${n}!"),
    *("$10", "a$0b", "\udcff$0", "%s", "$1$1", "$999999999", "${x}_", "1"),
)
FORMATS = ("%s", "a%sb", "%s%s", "%d", "%", "%s%", "%%s", "\n%s", "", "%5s", "é%s")


def test_patterns_of_every_kind_match_as_in_the_collector(harness):
    rows = [Map.of([("t", text), ("p", pattern)]) for pattern in (*PATTERNS, 1, None) for text in (*TEXTS, 1, None)]
    assert disagreements(harness, MATCHES, rows) == []


def test_random_patterns_match_as_in_the_collector(harness):
    chance = random.Random(6)
    patterns = ("".join(chance.choices(PARTS, k=chance.randrange(1, 9))) for _ in range(2000))
    rows = [Map.of([("t", text), ("p", pattern)]) for pattern in patterns for text in chance.sample(TEXTS, 3)]
    # Some have groups that share a name.
    assert disagreements(harness, MATCHES, rows, refused=None) == []


def test_values_of_every_type_are_matched_as_text(harness):
    expressions = [
        call("IsMatch", target=A, pattern=r"^\d+$"),
        call("IsMatch", target=A, pattern="e"),
        call("IsMatch", target="abc", pattern=A),
        call("ExtractPatterns", target=A, pattern=r"(?P<first>\w)(?P<last>.)?$"),
    ]
    assert disagreements(harness, expressions, rows_of()) == []


def test_patterns_that_only_go_knows_are_refused_by_name(harness):
    rows = [Map.of([("t", "a"), ("p", pattern)]) for pattern in ONLY_GO]
    assert disagreements(harness, MATCHES, rows, refused=len(ONLY_GO) * len(MATCHES)) == []


def test_replacements_are_those_of_the_collector(harness):
    chance = random.Random(6)
    patterns = (
        "",
        "a",
        "a*",
        "^",
        "$",
        r"\b",
        "(a)(b)?",
        "(?P<x>a)|(?P<y>b)",
        "x*y?",
        r"(?P<n>\w)",
        ".",
        "é|",
        r"(\d+)",
    )
    texts = ("", "a", "aab", "abc", "xyx", "é\ue000é", "a\udcffb", "\udcc3é", "12 34", "bab", "\n")
    rows = [
        Map.of([("t", text), ("p", pattern), ("r", template), ("f", chance.choice(FORMATS))])
        for text in texts
        for pattern in patterns
        for template in TEMPLATES
    ]
    given = [f'datapoint.attributes["{name}"]' for name in "prf"]
    plain, snake, shaped = (f'datapoint.attributes["{name}"]' for name in ("plain", "snake", "shaped"))
    config = transform_config(
        [
            *(f'set({target}, datapoint.attributes["t"])' for target in (plain, snake, shaped)),
            f"replace_pattern({plain}, {given[0]}, {given[1]})",
            f"replace_pattern({snake}, {given[0]}, {given[1]}, ToSnakeCase)",
            f"replace_pattern({shaped}, {given[0]}, {given[1]}, ToUpperCase, {given[2]})",
        ]
    )
    replaced = harness.evaluate(config, attribute_capture(rows))
    for held in map(read_map, replaced.points.attribute_values.to_pylist()):
        assert (held.get("plain"), held.get("snake"), held.get("shaped")) == _replaced(held), held


def _replaced(held: Map) -> tuple[str, str, str]:
    text, template, shape = (str(held.get(name)) for name in "trf")
    pattern = compile_pattern(str(held.get("p")))
    try:
        shaped = pattern.replace_each(
            text, template, lambda found: apply_format(shape, CONVERTERS["ToUpperCase"](found))
        )
    except OttlRuntimeError:
        shaped = text
    return pattern.replace_all(text, template), pattern.replace_each(text, template, CONVERTERS["ToSnakeCase"]), shaped
