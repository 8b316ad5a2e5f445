"""Whole pipelines through both evaluators: the catalogue, forward connectors, and errors of several processors."""

import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.catalogue import registry
from phoenix.collector.config.document import ConfigDocument
from phoenix.collector.errors import EvaluationFailedError
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.measuring import measure_frame
from phoenix.engine.opening import close_frame
from phoenix.telemetry.diff import diff
from phoenix.telemetry.measure import measure

CAPTURE = scrapes([0, 5, 10, 15, 30], processes=24)
PARSE = 'set(datapoint.attributes["x"], ParseJSON(metric.unit)) where resource.attributes["process.pid"] == {}'


@pytest.mark.parametrize("name", registry.names())
def test_the_catalogue_gives_the_same_points_and_is_measured_right(harness, name):
    rendered = registry.render(name, {"critical_processes": ["app1"]}, capture=CAPTURE)
    document = ConfigDocument.parse(rendered.text)
    frame = ColumnarEvaluator().run(document, CAPTURE)
    got = close_frame(frame)
    assert diff(harness.evaluate(document, CAPTURE), got).equal
    assert measure_frame(frame) == measure(got)


def failing(*pids):
    """A transform for each pid, which fails at the request in which that process is born."""
    names = [f"transform/{number}" for number in range(len(pids))]
    body = "".join(
        f"\n  {name}: {{error_mode: propagate, metric_statements: ['{PARSE.format(pid)}']}}"
        for name, pid in zip(names, pids, strict=True)
    )
    return metrics_config(", ".join(names), body + "\n")


@pytest.mark.parametrize(("pids", "request_"), [((109, 101), 0), ((101, 109), 0), ((109, 113), 2), ((113, 109), 2)])
def test_of_several_errors_that_of_the_first_request_counts(harness, pids, request_):
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(EvaluationFailedError) as failed:
            evaluator.evaluate(failing(*pids), CAPTURE)
        assert failed.value.details["request"] == request_


def test_an_error_behind_a_batch_reaches_nobody_and_loses_the_batch(harness):
    statement = PARSE.format(109)
    document = metrics_config(
        "batch, transform",
        f"\n  batch:\n  transform: {{error_mode: propagate, metric_statements: ['{statement}']}}\n",
    )
    expected = harness.evaluate(document, CAPTURE)
    assert len(expected.points) < len(CAPTURE.points)
    assert diff(expected, ColumnarEvaluator().evaluate(document, CAPTURE)).equal


def test_a_memory_limiter_is_checked_and_does_not_run(harness):
    document = metrics_config("memory_limiter", "{memory_limiter: {check_interval: 1s, limit_mib: 1}}")
    assert diff(harness.evaluate(document, CAPTURE), ColumnarEvaluator().evaluate(document, CAPTURE)).equal
