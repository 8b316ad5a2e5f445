"""What the evaluator does around its processors; what these do is tested against the collector."""

import numpy as np
import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, UnsupportedComponentError
from phoenix.engine import evaluator
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.frame import Level
from phoenix.engine.pipeline import building
from phoenix.telemetry.diff import diff

CAPTURE = scrapes([0, 5, 10])


@pytest.fixture
def processors(monkeypatch):
    """Processors of our own: `fails` at the request in its settings, `gives_up`, `halves` the resources."""

    def fails(config):
        def run(frame):
            alive = frame.alive(Level.RESOURCE)
            there = frame.resources.parent if alive is None else frame.resources.parent[alive]
            if config.settings["at"] in there:
                raise EvaluationFailedError(f"{config.name} failed", request=config.settings["at"])
            return frame

        return run

    def gives_up(_config):
        def run(_frame):
            raise NotColumnarError("a map of histograms")

        return run

    def halves(_config):
        return lambda frame: frame.dropping(Level.RESOURCE, np.arange(len(frame.resources)) % 2 == 0)

    table = {"fails": fails, "gives_up": gives_up, "halves": halves, "batch": lambda _config: lambda frame: frame}
    monkeypatch.setattr(building, "PROCESSORS", table)


def evaluate(processors, definitions):
    return ColumnarEvaluator().evaluate(metrics_config(processors, definitions), CAPTURE)


def test_what_evaluations_add_to_the_pools_is_forgotten_in_time(monkeypatch):
    monkeypatch.setattr(evaluator, "_ROWS_TO_SPARE", 0)
    columnar, sizes = ColumnarEvaluator(), []
    for number in range(60):
        statement = f'set(resource.attributes["n"], {number})'
        document = metrics_config("transform", f"\n  transform: {{metric_statements: ['{statement}']}}\n")
        sizes.append(len(columnar.run(document, CAPTURE).pools.resources))
    added = sizes[1] - sizes[0]
    assert added > 0
    assert max(sizes) < sizes[0] + len(CAPTURE.points) + 2 * added
    assert sizes[-1] < sizes[0] + 59 * added


def test_a_pipeline_without_processors_gives_back_what_came():
    assert diff(CAPTURE, evaluate("", "{}")).equal


def test_the_version_is_that_of_the_collector_phoenix_builds():
    assert ColumnarEvaluator().version == "0.160.0"


def test_an_unknown_processor_is_refused_by_name_and_place():
    with pytest.raises(UnsupportedComponentError) as refused:
        evaluate("filter, odd/one", "\n  filter: {metric_conditions: ['metric.name == \"x\"']}\n  odd/one: {}\n")
    assert refused.value.details["component"] == "odd/one"
    assert refused.value.details["place"] == "config.yaml:8:3"


def test_what_telemetry_does_not_allow_is_refused_at_the_processor(processors):
    with pytest.raises(UnsupportedComponentError, match=r"config.yaml:6:14: gives_up: a map of histograms is not done"):
        evaluate("gives_up", "{gives_up: }")


def test_of_two_errors_that_of_the_earlier_request_is_told(processors):
    with pytest.raises(EvaluationFailedError, match="fails/b") as failed:
        evaluate("fails/a, halves, fails/b", "{fails/a: {at: 2}, halves: , fails/b: {at: 1}}")
    assert failed.value.details["request"] == 1


def test_an_error_of_an_earlier_request_stands_against_later_ones(processors):
    with pytest.raises(EvaluationFailedError, match="fails/a"):
        evaluate("fails/a, fails/b", "{fails/a: {at: 1}, fails/b: {at: 2}}")


def test_an_error_before_a_batch_is_told_as_it_is(processors):
    with pytest.raises(EvaluationFailedError, match="fails"):
        evaluate("fails, batch", "{fails: {at: 1}, batch: }")


def test_an_error_behind_a_batch_of_a_processor_with_state_is_left_to_the_collector(processors):
    with pytest.raises(UnsupportedComponentError, match="an error at what a processor before sent"):
        evaluate("batch, fails", "{fails: {at: 1}, batch: }")


@pytest.mark.parametrize("settings", ["text", "[1]", "5"])
def test_settings_that_are_no_mapping_are_refused(processors, settings):
    with pytest.raises(ConfigRefusedError, match="expected a map"):
        evaluate("halves", f"{{halves: {settings}}}")


def test_a_processor_that_is_not_defined_is_refused_where_it_is_named():
    with pytest.raises(ConfigRefusedError, match=r'config.yaml:5:\d+: metrics references processor "nope"'):
        evaluate("nope", "{}")


def test_pools_are_kept_for_the_last_captures_only():
    engine, captures = ColumnarEvaluator(), [scrapes([0]), scrapes([1]), scrapes([2])]

    def pools(number):
        return engine.run(metrics_config("", "{}"), captures[number]).pools

    first, second = pools(0), pools(1)
    assert pools(0) is first
    assert pools(2) is not first
    assert pools(0) is first
    assert pools(1) is not second
