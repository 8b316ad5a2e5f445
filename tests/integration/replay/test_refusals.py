"""Both replays, and the engine, refuse the same things, in the same kinds of words."""

import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import flattened, scrapes

from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import (
    ConfigRefusedError,
    EvaluationFailedError,
    PipelineNotFoundError,
    UnsupportedComponentError,
)
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.collector.replay.stock import StockReplay
from phoenix.engine.evaluator import ColumnarEvaluator


@pytest.fixture(params=["harness", "stock", "columnar"])
def evaluator(request, harness, collector_binary):
    if request.param == "columnar":
        return ColumnarEvaluator()
    return harness if request.param == "harness" else StockReplay(collector_binary, "0.160.0")


def test_a_wrong_setting_is_refused_with_its_place(evaluator):
    document = metrics_config("batch, filter/x", "\n  batch:\n  filter/x: {metric_conditionz: []}\n")
    with pytest.raises(ConfigRefusedError, match="metric_conditionz") as refused:
        evaluator.evaluate(document, scrapes([0]))
    assert refused.value.details["place"] == str(document.locate(["processors", "filter/x", "metric_conditionz"]))


def test_a_setting_is_refused_when_another_processor_has_begun_to_work(evaluator):
    # Processors are made from the last to the first, and cumulative_to_delta cleans up from then on.
    transforms = "[{action: combine, include: x, match_type: regexp, new_name: y}]"
    document = metrics_config(
        "metrics_transform, cumulative_to_delta",
        f"\n  metrics_transform: {{transforms: {transforms}}}\n  cumulative_to_delta: {{max_staleness: 1m}}\n",
    )
    with pytest.raises(ConfigRefusedError, match="aggregation_type"):
        evaluator.evaluate(document, scrapes([0]))
    assert len(evaluator.evaluate(metrics_config(""), scrapes([0])).points)


def test_a_statement_that_is_not_ottl_is_refused(evaluator):
    document = metrics_config("transform", "{transform: {metric_statements: ['set(']}}")
    with pytest.raises(ConfigRefusedError, match=r"config.yaml:6:\d+: .*(OTTL|metric_statements)"):
        evaluator.evaluate(document, scrapes([0]))


def test_a_processor_that_is_not_defined_is_refused(evaluator):
    with pytest.raises(ConfigRefusedError, match="nope"):
        evaluator.evaluate(metrics_config("nope"), scrapes([0]))


def test_an_error_of_a_processor_names_the_request(evaluator):
    capture = scrapes([0, 10, 20])
    # The process with this id is born in the third request.
    statement = 'set(datapoint.attributes["x"], ParseJSON(metric.unit)) where resource.attributes["process.pid"] == 109'
    document = metrics_config(
        "transform", f"{{transform: {{error_mode: propagate, metric_statements: ['{statement}']}}}}"
    )
    with pytest.raises(EvaluationFailedError, match="ParseJSON") as failed:
        evaluator.evaluate(document, capture)
    assert failed.value.details["request"] == 2


def test_a_pipeline_must_be_named_when_there_are_several(evaluator):
    document = ConfigDocument.parse(
        "service: {pipelines: {metrics/a: {receivers: [x], exporters: [y]}, metrics/b: {}, traces: {}}}"
    )
    with pytest.raises(PipelineNotFoundError, match="metrics/a, metrics/b"):
        evaluator.evaluate(document, scrapes([0]))
    with pytest.raises(PipelineNotFoundError, match="metrics/c"):
        evaluator.evaluate(document, scrapes([0]), pipeline="metrics/c")
    assert len(evaluator.evaluate(document, scrapes([0]), pipeline="metrics/a").points) > 0


def test_start_times_of_the_process_itself_are_refused(evaluator):
    document = metrics_config("metric_start_time", "{metric_start_time: {strategy: start_time_metric}}")
    with pytest.raises(UnsupportedComponentError, match="metric_start_time"):
        evaluator.evaluate(document, scrapes([0]))


def test_a_forward_connector_is_followed(evaluator):
    document = ConfigDocument.parse("""
receivers: {host_metrics: }
processors:
  filter: {error_mode: propagate, metric_conditions: ['metric.name == "process.memory.usage"']}
  filter/two: {error_mode: propagate, metric_conditions: ['metric.name == "process.cpu.utilization"']}
exporters: {debug: }
connectors: {forward: }
service:
  pipelines:
    metrics/in: {receivers: [host_metrics], processors: [filter], exporters: [forward]}
    metrics/out: {receivers: [forward], processors: [filter/two, filter], exporters: [debug]}
""")
    answer = evaluator.evaluate(document, scrapes([0, 10]), pipeline="metrics/in")
    assert {"process.cpu.time" in point for point in flattened(answer)} == {True}


def test_the_environment_given_is_used_and_nothing_else(harness_binary, monkeypatch):
    monkeypatch.setenv("SITE", "this machine")
    document = metrics_config(
        "resource",
        """
  resource:
    attributes:
      - {key: a, value: "${env:SITE}", action: insert}
      - {key: b, value: "${env:OTHER:-default}", action: insert}
      - {key: c, value: "${env:SECRET}", action: insert}
""",
    )
    with HarnessReplay(harness_binary, environment={"SITE": "paris"}) as harness:
        answer = harness.evaluate(document, scrapes([0], processes=1))
    resource = answer.resources.values[0].as_py()
    assert b"paris" in resource
    assert b"default" in resource
    assert b"placeholder" in resource


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("interval", "{interval: 10s}"),
        ("cumulative_to_delta", "{max_staleness: 5s}"),
        ("transform", '{metric_statements: ["set(datapoint.time, Now())"]}'),
    ],
)
def test_the_stock_replay_refuses_what_acts_by_its_clock(collector_binary, name, settings):
    document = metrics_config(name, f"{{{name}: {settings}}}")
    with pytest.raises(UnsupportedComponentError, match=name):
        StockReplay(collector_binary, "0.160.0").evaluate(document, scrapes([0, 10]))
