"""The filter processor in columns drops what the collector drops, empty nodes included."""

from typing import Any

import pytest
from tests.integration.engine.statements.cases import CONDITIONS
from tests.integration.engine.statements.outcomes import agree, outcome

# Settings, each with what it shows.
SETTINGS: tuple[dict[str, Any], ...] = (
    {"metrics": {"resource": ['attributes["a"] == "app1"']}},
    {"metrics": {"resource": ['resource.attributes["process.pid"] != nil']}},
    {"metrics": {"metric": ['name == "memory"', "type == METRIC_DATA_TYPE_SUMMARY"]}},
    {"metrics": {"metric": ['HasAttrOnDatapoint("a", "app1")']}},
    {"metrics": {"metric": ['HasAttrKeyOnDatapoint("state")']}},
    {
        "metrics": {
            "datapoint": ["value_double > 10", 'attributes["a"] == "app1"', "metric.type == METRIC_DATA_TYPE_HISTOGRAM"]
        }
    },
    {"metrics": {"datapoint": ["true"]}},
    {"metrics": {"metric": ["true"]}},
    {"metrics": {"resource": ["true"]}},
    # Nothing is dropped but what is empty, and not even that where nothing is asked.
    {"metrics": {"resource": ["false"]}},
    {"metrics": {"metric": ["false"]}},
    {"metrics": {"datapoint": ["false"]}},
    {"metrics": {"resource": []}},
    {"metrics": {"datapoint": []}},
    {"metrics": {}},
    {},
    {"metric_conditions": []},
    # All contexts at once, each condition in the one that fits it alone.
    {
        "metrics": {
            "resource": ['attributes["a"] == "app2"'],
            "metric": ['name == "io"'],
            "datapoint": ["value_int == 0"],
        }
    },
    {
        "metric_conditions": [
            'resource.attributes["a"] == "app2"',
            'scope.name == ""',
            'metric.name == "io"',
            "datapoint.value_int == 0",
        ]
    },
    # Groups one after the other: the second sees what the first left.
    {
        "metric_conditions": [
            {"context": "datapoint", "conditions": ["value_double > 10"], "error_mode": "ignore"},
            {"conditions": ['resource.attributes["b"] != nil'], "error_mode": "silent"},
            {"context": "scope", "conditions": ['name == "process"', 'resource.attributes["a"] == nil']},
        ]
    },
    {"metric_conditions": [{"context": "metric", "conditions": []}]},
    # Errors: what fails is kept; a request of which nothing is left is dropped without a word.
    {"error_mode": "propagate", "metric_conditions": ['HasPrefix(resource.attributes["a"], "app")']},
    {"error_mode": "propagate", "metrics": {"metric": ['HasAttrOnDatapoint("a", "app1")']}},
    {
        "error_mode": "propagate",
        "metric_conditions": [
            {"conditions": ['HasPrefix(resource.attributes["nowhere"], "app")']},
            {"conditions": ["resource.dropped_attributes_count == 0"]},
        ],
    },
    # Other signals are nothing to a pipeline of metrics; a cache is empty.
    {
        "traces": {"span": ['name == "a"']},
        "log_conditions": ['log.body == "x"'],
        "metric_conditions": ['metric.name == "io"'],
    },
    {"metric_conditions": ['datapoint.cache["a"] == nil and metric.name == "io"']},
)
WRONG: tuple[dict[str, Any], ...] = (
    {"metrics": {"metric": ["name =="]}},
    {"metrics": {"metric": ['scope.nothing == "a"']}},
    {"metrics": {"scope": ["true"]}},
    {"metric_conditions": ["name == 1"]},
    {"metric_conditions": [None]},
    {"metric_conditions": ["true", {"conditions": []}]},
    {"metric_conditions": [{"conditions": ["true"]}, "true"]},
    {"metric_conditions": [{"context": "log", "conditions": ["true"]}]},
    {"metric_conditions": ['metric.name == "a"'], "metrics": {"metric": ["true"]}},
    {"metrics": {"metric": ["true"], "include": {"match_type": "strict", "metric_names": ["a"]}}},
    {"logs": {"log_record": ["body =="]}},
    {"error_mode": "other"},
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_settings_drop_what_the_collector_drops(harness, columnar, odd_capture, settings):
    assert agree((harness, columnar), {"filter": settings}, odd_capture)


@pytest.mark.parametrize("mode", ["ignore", "propagate"])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_drops_where_the_collector_says_so(harness, columnar, odd_capture, condition, mode):
    settings = {"error_mode": mode, "metric_conditions": [condition]}
    assert agree((harness, columnar), {"filter": settings}, odd_capture)


@pytest.mark.parametrize("settings", WRONG)
def test_both_refuse_wrong_settings(harness, columnar, odd_capture, settings):
    for evaluator in (harness, columnar):
        assert outcome(evaluator, {"filter": settings}, odd_capture) == "refused"
