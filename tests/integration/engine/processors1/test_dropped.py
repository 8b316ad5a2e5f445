"""What was dropped before a processor is not there for it: resources, metrics and points of many small requests."""

import pytest
from tests.support.replay.metrics_configs import metrics_config

from phoenix.telemetry.diff import diff

PROCESSORS_AFTER = {
    "attributes": "{actions: [{key: a, action: hash}]}",
    "resource": "{attributes: [{pattern: '.', action: delete}]}",
    "groupbyattrs": "{keys: [a, state]}",
    "groupbyattrs/gather": "{}",
    "metrics_transform": "{transforms: [{include: '.', match_type: regexp, experimental_match_labels: {a: ''},"
    " action: group, group_resource_labels: {g: x}}, {include: '.', match_type: regexp, action: insert, new_name: all,"
    " operations: [{action: aggregate_labels, aggregation_type: sum}]}]}",
    "batch": "{timeout: 1s, send_batch_size: 5, send_batch_max_size: 7}",
    "batch/whole": "{timeout: 10s}",
}
FILTER = "{metric_conditions: ['metric.name == \"memory\"', 'datapoint.value_int > 500']}"


@pytest.mark.parametrize("name", PROCESSORS_AFTER)
def test_what_was_dropped_is_not_there(harness, columnar, odd_capture, name):
    document = metrics_config(f"filter, {name}", f"{{filter: {FILTER}, {name}: {PROCESSORS_AFTER[name]}}}")
    assert diff(harness.evaluate(document, odd_capture), columnar.evaluate(document, odd_capture)).equal
