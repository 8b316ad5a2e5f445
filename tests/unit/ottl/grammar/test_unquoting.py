import pytest

from phoenix.ottl.errors import OttlSyntaxError
from phoenix.ottl.grammar.tokens import Kind, tokens
from phoenix.ottl.grammar.unquoting import BadEscapeError, unquote


@pytest.mark.parametrize(
    ("literal", "held"),
    [
        ('""', ""),
        ('"plain é 日本"', "plain é 日本"),
        (r'"\a\b\f\n\r\t\v\\\""', '\a\b\f\n\r\t\v\\"'),
        (r'"\xff\377"', "\u00ff\u00ff"),
        (r'"\u00e4\U0001f600"', "ä😀"),
        ('"a\nb"', "a\nb"),
        ('"\udcff"', "\ufffd"),
    ],
)
def test_a_string_holds_what_go_reads_character_by_character(literal, held):
    assert unquote(literal) == held


@pytest.mark.parametrize("escape", [r"\'", r"\q", r"\x4", r"\400", r"\u12", r"\ud800", r"\U00110000", r"\8"])
def test_an_escape_that_go_does_not_know_is_refused_where_its_backslash_is(escape):
    with pytest.raises(BadEscapeError) as caught:
        unquote(f'"ab{escape}"')
    assert caught.value.at == 3


def test_a_backslash_does_not_join_lines():
    with pytest.raises(OttlSyntaxError) as caught:
        tokens('"a\\\nb"')
    assert caught.value.offset == 0


def test_words_of_the_grammar_are_cut_off_what_stands_before_them():
    assert [token.kind for token in tokens("1nil nilly 2or nil_x")] == [
        Kind.INT,
        Kind.NIL,
        Kind.LOWERCASE,
        Kind.INT,
        Kind.OR,
        Kind.LOWERCASE,
        Kind.END,
    ]


def test_only_the_spaces_of_go_separate_tokens():
    assert len(tokens("a \t\r\n\fb")) == 3
    with pytest.raises(OttlSyntaxError):
        tokens("a\vb")


@pytest.mark.parametrize(
    ("text", "value"),
    [("017", 15), ("0", 0), ("1.", 1.0), (".5e-1", 0.05), ("1.0e-400", 0.0), ("0x00ff", b"\x00\xff")],
)
def test_numbers_and_bytes_have_their_values(text, value):
    token = tokens(text)[0]
    assert (token.value, type(token.value)) == (value, type(value))
