"""The rules of `${...}`; that they are the collector's is for tests/integration/engine/evaluator to say."""

import pytest

from phoenix.engine.pipeline.expansion import ExpansionError, expand

ENVIRONMENT = {"TEXT": "paris", "NUMBER": "5", "LIST": "[1, '$$']", "LOOP": "${env:LOOP}", "HUGE": str(2**64 - 1)}


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("plain", "plain"),
        ("in ${env:TEXT} and ${TEXT}", "in paris and paris"),
        ("${env:NUMBER}", 5),
        ("n${env:NUMBER}", "n5"),
        ("${env:LIST}", [1, "$"]),
        ("${env:OTHER}", None),
        ("${env:OTHER:-}", ""),
        ("${env:OTHER:-x}", "x"),
        ("${env:OTHER:-[}", "["),
        ("$${env:TEXT}", "${env:TEXT}"),
        ("$$$${env:TEXT}", "$${env:TEXT}"),
        ("} ${env:TEXT", "} ${env:TEXT"),
        ({"a": ["${env:TEXT}", 1]}, {"a": ["paris", 1]}),
        ("${yaml:[1, a]}", [1, "a"]),
    ],
)
def test_what_is_written_becomes(written, values):
    assert expand(written, ENVIRONMENT).values == values


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("${file:x}", "scheme 'file' is not supported"),
        ("${a:x}", "invalid uri"),
        ("${env:1x}", "invalid name"),
        ("${env:a$b}", "unsupported characters"),
        ("${env:HUGE}", "unsupported type"),
        ("${env:LOOP}", "too many recursive expansions"),
    ],
)
def test_what_no_collector_accepts(written, why):
    with pytest.raises(ExpansionError, match=why):
        expand(written, ENVIRONMENT)


@pytest.mark.parametrize(("written", "ambiguous"), [("${env:TEXT}", False), ("x${env:NUMBER}", False), ("5", False)])
def test_text_is_what_it_says(written, ambiguous):
    assert expand({"a": [written]}, ENVIRONMENT).ambiguous is ambiguous


def test_a_variable_that_is_no_text_may_be_meant_as_text():
    assert expand({"a": ["${env:NUMBER}"]}, ENVIRONMENT).ambiguous
