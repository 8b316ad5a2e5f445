"""CPU is measured on the real binary; the figures are the machine's, their order is not."""

import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.cost import NothingToMeasureError, measure_cpu
from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError

CAPTURE = scrapes([0, 10, 20], processes=200)
HEAVY = """
  transform:
    error_mode: propagate
    metric_statements:
      - 'set(datapoint.attributes["a"], SHA256(Concat([metric.name, resource.attributes["host.name"]], "")))'
      - 'set(datapoint.attributes["b"], ExtractPatterns(metric.name, "^(?P<x>[a-z]+).*$"))'
"""


def test_measures_until_enough_cpu_was_used_and_work_costs_more_than_none(collector_binary):
    shares: list[float] = []
    light = measure_cpu(collector_binary, metrics_config(""), CAPTURE, min_cpu_seconds=0.5, on_progress=shares.append)
    heavy = measure_cpu(collector_binary, metrics_config("transform", HEAVY), CAPTURE, min_cpu_seconds=0.5)
    assert light.cpu_seconds >= 0.5
    assert light.points % len(CAPTURE.points) == 0
    assert 0 <= light.idle_cpu_seconds < light.cpu_seconds / 2
    assert heavy.seconds_per_million_points > light.seconds_per_million_points > 0
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_state_goes_on_from_one_round_to_the_next(collector_binary):
    config = metrics_config(
        "cumulative_to_delta, delta_to_cumulative", "\n  cumulative_to_delta:\n  delta_to_cumulative:\n"
    )
    assert measure_cpu(collector_binary, config, CAPTURE, min_cpu_seconds=0.3).cpu_seconds >= 0.3


def test_refuses_what_an_evaluator_refuses(collector_binary):
    with pytest.raises(ConfigRefusedError):
        measure_cpu(collector_binary, metrics_config("batch", "{batch: {x: 1}}"), CAPTURE)
    fails = "{transform: {error_mode: propagate, metric_statements: ['set(metric.name, ParseJSON(metric.unit))']}}"
    with pytest.raises(EvaluationFailedError, match="ParseJSON"):
        measure_cpu(collector_binary, metrics_config("transform", fails), CAPTURE)
    with pytest.raises(NothingToMeasureError):
        measure_cpu(collector_binary, metrics_config(""), scrapes([]))
