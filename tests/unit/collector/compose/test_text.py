"""What is written is read as the same values, whatever they look like."""

from hypothesis import given
from hypothesis import strategies as st

from phoenix.collector.compose.text import copied, digest, written
from phoenix.collector.config.document import ConfigDocument

ODD = st.sampled_from(
    ["yes", "0o17", "0777", "1_000", "~", "null", "", " a", "#", "${env:A}", "a: b", "<<", "1e3", ".5"]
)
TEXTS = st.one_of(ODD, st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20), st.just("a\nb\n"))
SCALARS = st.one_of(TEXTS, st.booleans(), st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False))
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)


@given(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4))
def test_every_value_is_read_back(data):
    text = written(data, "a comment")
    assert ConfigDocument.parse(text).data == data
    assert written(ConfigDocument.parse(text).data, "a comment") == text
    assert len(digest(text)) == 64


def test_what_an_alias_repeats_is_written_out_and_can_be_changed_apart():
    data = copied(ConfigDocument.parse("a: &x {k: [1]}\nb: *x\n").data)
    data["a"]["k"].append(2)
    assert written(data, "c") == "# c\na:\n  k:\n  - 1\n  - 2\nb:\n  k:\n  - 1\n"


def test_long_statements_stay_on_one_line():
    statement = "set(attributes[\"a\"], 'b') where " + "x " * 300
    assert statement.replace("'", "''") in written({"s": statement}, "c")
