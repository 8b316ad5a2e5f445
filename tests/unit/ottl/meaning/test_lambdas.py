"""Lambdas, which a collector takes when its gate is open."""

from dataclasses import replace

import pytest

from phoenix.ottl.dialect import LAMBDA_GATE, TRANSFORM_STATEMENTS
from phoenix.ottl.errors import OttlError
from phoenix.ottl.language import infer_context, parse_statement, parse_value
from phoenix.ottl.render import render
from phoenix.ottl.syntax import (
    Call,
    CompareOp,
    Comparison,
    Context,
    Lambda,
    ListOf,
    Literal,
    Local,
    Path,
)

OPEN = replace(TRANSFORM_STATEMENTS, gates=frozenset((LAMBDA_GATE,)))


def value(text: str):
    return parse_value(text, Context.RESOURCE, OPEN)


def test_a_parameter_hides_a_path_of_the_same_name():
    body = Comparison(CompareOp.EQ, Local("attributes", (Literal("a"),)), Path(Context.RESOURCE, "schema_url"))
    assert value('Any([1], (_, attributes) => attributes["a"] == schema_url)') == Call(
        "Any", {"source": ListOf((Literal(1),)), "predicate": Lambda(("_", "attributes"), body)}
    )


@pytest.mark.parametrize(
    "text",
    [
        "MapEach(attributes, (k, v) => v)",
        "Reduce(attributes, 0, (a, k, v) => a + v)",
        'When(() => schema_url == "x" or false, 1, 2)',
        "Filter(attributes, (k, v) => Any([v], (_, w) => w == k))",
        "Find(attributes, (k, v) => true, (k, v) => k)",
    ],
)
def test_a_rendered_lambda_reads_as_the_same(text):
    made = value(text)
    assert value(render(made, Context.RESOURCE, OPEN)) == made


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("Any([1], (k) => true)", 9),
        ("Any([1], (k, k) => true)", 13),
        ("Any([1], (k, v) => v.a == 1)", 21),
        ("Any([1], (k, v) => w == 1)", 19),
        ("Any([1], k)", 9),
        ("Concat([(k) => 1], Split)", 19),
        ("ToUpperCase((k) => k)", 12),
    ],
)
def test_a_wrong_lambda_is_refused_at_its_place(text, offset):
    with pytest.raises(OttlError) as caught:
        value(text)
    assert caught.value.offset == offset


def test_parameters_say_nothing_about_the_context():
    text = "set(resource.attributes, Filter(resource.attributes, (metric, v) => metric[datapoint.flags] == v))"
    assert infer_context((text,), (), OPEN) is Context.DATAPOINT
    hidden = "set(resource.attributes, Filter(resource.attributes, (metric, v) => metric == v))"
    assert parse_statement(hidden, None, OPEN).context is Context.RESOURCE
