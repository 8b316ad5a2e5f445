"""The transform processor in columns makes what the collector makes, statement for statement, on awkward telemetry."""

from typing import Any

import pytest
from tests.integration.engine.statements.cases import (
    ASKING_BELOW,
    CONDITIONS,
    GROWING,
    HANDED_ON,
    MAKING,
    OWN_CACHE,
    PARTED,
    SHARED,
    SINGLY,
    STATEMENTS,
)
from tests.integration.engine.statements.outcomes import agree, outcome

from phoenix.engine.paths import writing
from phoenix.engine.statements.sequential import memory

MODES = ("ignore", "propagate")


def equal(harness, columnar, capture, **settings):
    return agree((harness, columnar), {"transform": settings}, capture)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_does_what_the_collector_does(harness, columnar, odd_capture, statement, mode):
    assert equal(harness, columnar, odd_capture, error_mode=mode, metric_statements=[statement])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_holds_where_the_collector_says_so(harness, columnar, odd_capture, condition, mode):
    statement = f'set(datapoint.attributes["hit"], true) where {condition}'
    assert equal(harness, columnar, odd_capture, error_mode=mode, metric_statements=[statement])


@pytest.mark.parametrize("condition", CONDITIONS)
def test_conditions_of_a_group_choose_the_rows_of_the_collector(harness, columnar, odd_capture, condition):
    group = {"conditions": [condition, "metric.name == nil"], "statements": ['set(datapoint.attributes["hit"], true)']}
    assert equal(harness, columnar, odd_capture, metric_statements=[group])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("statements", [*HANDED_ON, *SHARED, *PARTED, *OWN_CACHE, *MAKING, *GROWING, *ASKING_BELOW])
def test_a_list_is_run_as_if_row_by_row(harness, columnar, odd_capture, statements, mode):
    assert equal(harness, columnar, odd_capture, error_mode=mode, metric_statements=statements)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("statements", SINGLY)
def test_a_list_is_run_row_by_row_where_no_kernel_can(harness, columnar, odd_capture, statements, mode):
    assert equal(harness, columnar, odd_capture, error_mode=mode, metric_statements=statements)


@pytest.mark.parametrize("statements", [*HANDED_ON, *SHARED])
def test_a_list_is_run_as_if_row_by_row_also_when_no_node_is_made(
    harness, columnar, odd_capture, statements, monkeypatch
):
    # Where there is little telemetry nodes are made; with much of it they are only promised.
    monkeypatch.setattr(memory, "_MANY", 0)
    monkeypatch.setattr(writing, "_MANY", 0)
    after = [
        'set(resource.attributes["seen"], true) where resource.attributes["sum"] > 9 or resource.attributes["n"] == 1',
        'set(resource.attributes["sum"]["deep"], 1)',
        'set(resource.attributes["deep"], resource.attributes["sum"]["x"])',
    ]
    processors = {
        "transform/a": {"metric_statements": statements},
        "transform/b": {"metric_statements": after},
        "transform/c": {"metric_statements": ['delete_matching_keys(resource.attributes, "^(?:sum|last|most)$")']},
        "filter": {"metric_conditions": ['resource.attributes["n"] == 1', 'resource.attributes["busy"] == true']},
    }
    assert agree((harness, columnar), processors, odd_capture)


FORMS: dict[str, list[Any]] = {
    "groups in order, each with its own mode and context": [
        {"context": "resource", "statements": ['set(attributes["a"], "r")'], "error_mode": "silent"},
        {
            "context": "datapoint",
            "conditions": ['resource.attributes["a"] == "r"'],
            "statements": ['set(attributes["d"], 1)'],
        },
        {"context": "METRIC", "statements": ["set(name, attributes)"]},
    ],
    "the context is inferred for each group": [
        {"statements": ['set(scope.attributes["s"], resource.attributes["a"])']},
        {"statements": ['set(metric.description, "d")'], "conditions": ["datapoint.value_double > 1"]},
    ],
    "nothing at all": [],
    "no statements in a group": [{"context": "metric", "statements": []}],
}
WRONG_FORMS: tuple[dict[str, Any], ...] = (
    {"metric_statements": ['set(resource.attributes["a"])']},
    {"metric_statements": ["set(nowhere.attributes, 1)"]},
    {"metric_statements": ["delete_key(metric.name, 1)"]},
    {"metric_statements": [None]},
    {"metric_statements": "set(metric.name, 1)"},
    {"metric_statements": ['set(metric.name, "a")', {"statements": []}]},
    {"metric_statements": [{"context": "span", "statements": ['set(attributes["a"], 1)']}]},
    {"metric_statements": [{"context": "other", "statements": []}]},
    {"metric_statements": [{"statements": ['set(metric.name, "a")'], "other": 1}]},
    {"metric_statements": [{"statements": []}]},
    {"metric_statements": [{"context": "metric", "conditions": ["name"], "statements": []}]},
    {"error_mode": "other"},
    {"flatten_data": True},
    {"log_statements": ["set(log.body, "]},
    {"trace_statements": [{"context": "span", "conditions": ["name =="], "statements": []}]},
    {"metric_statements": ["set(metric.name, Any([1], (v) => v == 1))"]},
)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_settings_is_read_as_by_the_collector(harness, columnar, odd_capture, form):
    others = {"log_statements": ['set(log.attributes["a"], 1)'], "trace_statements": []}
    assert equal(harness, columnar, odd_capture, metric_statements=FORMS[form], **others)


@pytest.mark.parametrize("settings", WRONG_FORMS)
def test_both_refuse_wrong_settings(harness, columnar, odd_capture, settings):
    for evaluator in (harness, columnar):
        assert outcome(evaluator, {"transform": settings}, odd_capture) == "refused"
