"""The harness answers what the stock binary answers: the proof that everything later rests on."""

import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import flattened, scrapes

from phoenix.collector.replay.stock import StockReplay

CONFIGS = {
    "no_processor": ("", "{}"),
    "filter": (
        "filter",
        """
  filter:
    error_mode: propagate
    metrics:
      metric: ['name == "process.memory.usage" and resource.attributes["process.executable.name"] == "app1"']
      datapoint: ['attributes["state"] == "system"']
""",
    ),
    "transform": (
        "transform",
        """
  transform:
    error_mode: propagate
    metric_statements:
      - 'set(resource.attributes["busy"], true)
        where metric.name == "process.cpu.utilization" and datapoint.value_double > 0.3'
      - 'set(datapoint.start_time, datapoint.time) where datapoint.start_time_unix_nano > 0'
      - 'set(datapoint.time, TruncateTime(datapoint.time, Duration("1m")))'
""",
    ),
    "groupbyattrs": ("groupbyattrs", "\n  groupbyattrs: {keys: [state]}\n"),
    "cumulative_to_delta": (
        "cumulative_to_delta",
        "\n  cumulative_to_delta: {initial_value: auto, max_staleness: 10m}\n",
    ),
    "cumulative_to_delta_keep": ("cumulative_to_delta", "\n  cumulative_to_delta: {initial_value: keep}\n"),
    "delta_to_cumulative": (
        "cumulative_to_delta, delta_to_cumulative",
        "\n  cumulative_to_delta:\n  delta_to_cumulative:\n",
    ),
    "metrics_transform": (
        "metrics_transform",
        """
  metrics_transform:
    transforms:
      - include: process.cpu.time
        action: update
        operations: [{action: aggregate_labels, label_set: [], aggregation_type: sum}]
      - {include: process.memory.usage, action: insert, new_name: process.memory.copy}
""",
    ),
    "attributes": (
        "attributes",
        "\n  attributes: {actions: [{key: state, action: delete}, {key: a, value: 1, action: insert}]}\n",
    ),
    "resource": (
        "resource",
        """
  resource:
    attributes: [{key: process.pid, action: delete}, {key: site, value: "${env:SITE}", action: insert}]
""",
    ),
    "batch": ("batch", "\n  batch: {timeout: 1s, send_batch_size: 50}\n"),
    "memory_limiter_first": (
        "memory_limiter, batch",
        "\n  memory_limiter: {check_interval: 1s, limit_mib: 400}\n  batch:\n",
    ),
    "summing_recipe": (
        "cumulative_to_delta, transform/group, groupbyattrs, transform/sum, batch",
        """
  cumulative_to_delta: {initial_value: auto}
  transform/group:
    error_mode: propagate
    metric_statements:
      - {context: resource, statements: ['delete_key(resource.attributes, "process.pid")']}
  groupbyattrs:
  transform/sum:
    error_mode: propagate
    metric_statements:
      - context: datapoint
        statements:
          - set(datapoint.time, TruncateTime(datapoint.time, Duration("10s")))
          - 'set(datapoint.start_time, TruncateTime(datapoint.start_time, Duration("10s")))
            where datapoint.start_time_unix_nano > 0'
      - context: metric
        statements: ['aggregate_on_attributes("sum", ["state"]) where metric.name != "process.cpu.utilization"']
  batch:
""",
    ),
}


@pytest.mark.parametrize("name", CONFIGS)
def test_equals_the_stock_binary(name, harness, collector_binary):
    document = metrics_config(*CONFIGS[name])
    capture = scrapes([0, 10, 20, 30, 45, 45.001, 60, 70])
    expected = StockReplay(collector_binary, "0.160.0").evaluate(document, capture)
    answer = harness.evaluate(document, capture)
    assert len(expected.points) > 0
    assert flattened(answer) == flattened(expected)


def test_equals_the_stock_binary_in_real_time_where_a_processor_has_a_clock(harness, collector_binary):
    # The stock collector starts at most a second before the first point, so its ticks fall between these two groups.
    capture = scrapes([0, 0.3, 0.6, 2.3, 2.6, 2.8])
    document = metrics_config("interval", "\n  interval: {interval: 2s}\n")
    expected = StockReplay(collector_binary, "0.160.0", real_time=True).evaluate(document, capture)
    answer = harness.evaluate(document, capture)
    assert flattened(answer) == flattened(expected)
    assert len(answer.points) < len(capture.points)


def test_a_collector_that_is_stopped_at_once_hands_on_everything(collector_binary):
    document, capture = metrics_config("batch", "{batch: {timeout: 10s}}"), scrapes([0])
    for _ in range(15):
        answer = StockReplay(collector_binary, "0.160.0").evaluate(document, capture)
        assert flattened(answer) == flattened(capture)
