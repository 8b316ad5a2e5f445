"""What the grammar makes of texts, beyond what is accepted and refused."""

import pytest

from phoenix.ottl.errors import OttlNotDoneError, OttlSyntaxError
from phoenix.ottl.grammar import written as w
from phoenix.ottl.grammar.parser import parse_condition, parse_statement, parse_value


def test_a_name_may_have_spaces_between_its_letters():
    assert parse_statement("s e t(a, Is Map(b))").editor.name == "set"


def test_a_string_that_says_a_mark_is_taken_for_it():
    # The collector's parser compares what a token says and not what it is.
    assert len(parse_statement('set(a "," b)').editor.arguments) == 2
    assert parse_statement('set(a, b) "where" true').where is not None


def test_strings_of_marks_are_strings_where_values_stand():
    call = parse_statement('f("(", ")", ",", ["[", "]"], {"}": "{"})').editor
    assert [type(argument.value) for argument in call.arguments] == [w.Text, w.Text, w.Text, w.Listing, w.Mapping]


def test_the_first_segment_is_the_context_only_if_a_dot_follows_at_once():
    first, second = parse_value("a.b.c"), parse_value('a["x"].b')
    assert isinstance(first, w.Path)
    assert isinstance(second, w.Path)
    assert (first.context, [one.name for one in first.fields]) == ("a", ["b", "c"])
    assert (second.context, [one.name for one in second.fields]) == ("", ["a", "b"])


def test_a_literal_in_parentheses_is_a_computation():
    assert isinstance(parse_value("(1)"), w.Computation)
    assert isinstance(parse_value("1"), w.Number)


def test_a_lambda_takes_a_condition_as_its_body_when_one_follows():
    comparison, value, nothing = parse_value("(a, _) => a == 1"), parse_value("(a) => a"), parse_value("() => true")
    assert isinstance(comparison, w.Lambda)
    assert isinstance(value, w.Lambda)
    assert isinstance(nothing, w.Lambda)
    assert isinstance(comparison.body, w.Comparison)
    assert isinstance(value.body, w.Path)
    assert isinstance(nothing.body, w.Boolean)
    assert [parameter.name for parameter in comparison.parameters] == ["a", "_"]


@pytest.mark.parametrize("text", ["(a) =>", "(a,) => a", "(a) => ) ", "(A) => 1"])
def test_a_broken_lambda_is_refused(text):
    with pytest.raises(OttlSyntaxError):
        parse_value(text)


def test_spans_cover_the_text_of_each_part():
    text = 'set( a["b"] , 1 + 2 ) where not x == 1'
    statement = parse_statement(text)
    spans = [argument.span for argument in statement.editor.arguments]
    assert [text[span.start : span.stop] for span in spans] == ['a["b"]', "1 + 2"]
    assert statement.where is not None
    assert text[statement.where.span.start : statement.where.span.stop] == "not x == 1"
    assert text[statement.editor.head.start : statement.editor.head.stop] == "set"


@pytest.mark.parametrize("text", ["(" * 200 + "1" + ")" * 200, "[" * 200 + "]" * 200])
def test_a_value_nested_too_deep_is_not_done(text):
    with pytest.raises(OttlNotDoneError):
        parse_value(text)


def test_a_condition_nested_deep_is_read():
    assert isinstance(parse_condition("(" * 70 + "a == 1" + ")" * 70), w.Comparison)


def test_many_choices_that_fail_late_cost_no_time():
    with pytest.raises(OttlSyntaxError):
        parse_condition("((" * 30 + "a" + "))" * 30 + " == (((((1 + 2)))))) and true")


def test_a_long_token_is_shortened_in_the_message():
    with pytest.raises(OttlSyntaxError, match=r"there is a{24}\.\.\."):
        parse_statement(f"set(b, 1) {'a' * 40}")


def test_an_error_lists_what_could_stand_there():
    with pytest.raises(OttlSyntaxError) as caught:
        parse_statement("set(a, 1")
    assert caught.value.details["expected"] == [",", ")"]
