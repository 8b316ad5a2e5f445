"""The texts that a collector accepts are read and rendered alike; those it refuses are refused at the right place."""

from dataclasses import replace

import pytest
from tests.support.ottl.places import read
from tests.support.ottl.texts import accepted, refused

from phoenix.ottl.dialect import FILTER_METRICS, TRANSFORM_STATEMENTS
from phoenix.ottl.errors import OttlError, OttlNotDoneError
from phoenix.ottl.language import infer_context, parse_condition, parse_statement
from phoenix.ottl.render import render, render_statement
from phoenix.ottl.syntax import Context

STATEMENTS = [case for case in accepted() if case.place.is_of_statements]
CONDITIONS = [case for case in accepted() if case.place.form == "filter metrics"]


@pytest.mark.parametrize("case", accepted(), ids=str)
def test_accepted_texts_are_read(case):
    read(case.place, case.text)


@pytest.mark.parametrize("case", refused(), ids=str)
def test_refused_texts_are_refused_at_the_character_marked(case):
    with pytest.raises(OttlError) as caught:
        read(case.place, case.text)
    assert caught.value.offset == case.offset
    assert caught.value.details["offset"] == case.offset
    assert not isinstance(caught.value, OttlNotDoneError)


@pytest.mark.parametrize("case", refused(), ids=str)
def test_every_refusal_says_what_to_do(case):
    with pytest.raises(OttlError) as caught:
        read(case.place, case.text)
    assert caught.value.user_action.endswith((".", "?"))


@pytest.mark.parametrize("case", STATEMENTS, ids=str)
def test_a_rendered_statement_reads_as_the_same_statement(case):
    context = case.place.context or infer_context((case.text,), (), TRANSFORM_STATEMENTS)
    statement = parse_statement(case.text, context, TRANSFORM_STATEMENTS)
    again = parse_statement(render_statement(statement, TRANSFORM_STATEMENTS), context, TRANSFORM_STATEMENTS)
    assert replace(again, text="") == replace(statement, text="")


@pytest.mark.parametrize("case", CONDITIONS, ids=str)
def test_a_rendered_condition_reads_as_the_same_condition(case):
    context = case.place.context or Context.METRIC
    condition = parse_condition(case.text, context, FILTER_METRICS)
    assert parse_condition(render(condition, context, FILTER_METRICS), context, FILTER_METRICS) == condition
