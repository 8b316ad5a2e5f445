"""A condition of a whole group of statements keeps its rows when a metric function changes what they say."""

import json

from tests.support.reshaping.telemetry import Awkward

from phoenix.collector.config.document import ConfigDocument
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.diff import diff

GROUP = {
    "context": "metric",
    "conditions": ["type == METRIC_DATA_TYPE_SUM"],
    "statements": ['scale_metric(0.001, "kBy")', 'set(description, Concat([description, "(kB)"], " "))'],
}
CONFIG = {
    "receivers": {"otlp": {"protocols": {"grpc": None}}},
    "processors": {"transform": {"error_mode": "ignore", "metric_statements": [GROUP]}},
    "exporters": {"nop": None},
    "service": {
        "pipelines": {"metrics": {"receivers": ["otlp"], "processors": ["transform"], "exporters": ["nop"]}},
    },
}


def test_statements_after_a_new_unit_act_on_the_metrics_of_the_condition(harness):
    document, capture = ConfigDocument.parse(json.dumps(CONFIG), "group"), Awkward(1).capture()
    expected = harness.evaluate(document, capture)
    assert diff(expected, ColumnarEvaluator().evaluate(document, capture)).equal
