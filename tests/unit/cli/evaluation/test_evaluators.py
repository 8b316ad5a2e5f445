from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.support.cli import memory_cli, written
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.cli.evaluation import evaluators
from phoenix.cli.evaluation.evaluators import EvaluatorChoice, open_evaluator
from phoenix.collector.binary.errors import ProgramNotFoundError
from phoenix.collector.errors import UnsupportedComponentError

METRIC_START_TIME = metrics_config("metric_start_time", "{metric_start_time: }")
NO_PROCESSOR = metrics_config("")
CAPTURE = scrapes([0, 5])


class FakeHarness:
    version = "0.160.0"
    closed = False

    def __init__(self, _program):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        FakeHarness.closed = True

    def evaluate(self, config, _capture, **_more):
        if config is METRIC_START_TIME:
            raise UnsupportedComponentError("a.yaml:1:1: metric_start_time cannot be replayed")
        return "harness"


class FakeStock:
    def __init__(self, _program, version):
        self.version = version

    def evaluate(self, _config, _capture, **_more):
        return f"stock {self.version}"


@pytest.fixture(autouse=True)
def programs(monkeypatch):
    collector = SimpleNamespace(path=Path("/opt/otelcol"), version="0.160.0")
    monkeypatch.setattr(evaluators, "find_built", lambda _cache: SimpleNamespace(harness=Path("/h")))
    monkeypatch.setattr(evaluators, "the_collector", lambda _cli: collector)
    monkeypatch.setattr(evaluators, "find_collector", lambda **_where: collector)
    monkeypatch.setattr(evaluators, "HarnessReplay", FakeHarness)
    monkeypatch.setattr(evaluators, "StockReplay", FakeStock)
    return collector


@pytest.fixture
def without_collector(monkeypatch):
    def none(*_args, **_more):
        raise ProgramNotFoundError("no collector")

    for name in ("find_built", "the_collector", "find_collector", "HarnessReplay", "StockReplay"):
        monkeypatch.setattr(evaluators, name, none)


def answered(cli, choice, config):
    with open_evaluator(cli, choice) as evaluator:
        return evaluator.answer(config, CAPTURE)


def test_the_harness_answers_and_is_closed():
    FakeHarness.closed = False
    answer = answered(memory_cli(), EvaluatorChoice.COLLECTOR, NO_PROCESSOR)
    assert (str(answer.capture), answer.evaluator, answer.version) == ("harness", "collector", "0.160.0")
    assert answer.origins is None
    assert FakeHarness.closed


@pytest.mark.parametrize("choice", [EvaluatorChoice.COLUMNAR, EvaluatorChoice.AUTO])
def test_columns_answer_without_any_collector_and_say_where_points_come_from(without_collector, choice):
    answer = answered(memory_cli(), choice, NO_PROCESSOR)
    assert (answer.evaluator, answer.version) == ("columnar", "0.160.0")
    assert answer.capture.points.bits.tolist() == CAPTURE.points.bits.tolist()
    assert answer.origins is not None
    assert answer.origins.rows.tolist() == list(range(len(CAPTURE.points)))


def test_columns_refuse_by_name_and_place(without_collector):
    with pytest.raises(UnsupportedComponentError, match=r"config.yaml:6:14: metric_start_time: processor"):
        answered(memory_cli(), EvaluatorChoice.COLUMNAR, METRIC_START_TIME)


def test_auto_hands_on_what_columns_refuse_and_then_what_the_harness_refuses_and_says_so():
    cli = memory_cli()
    answer = answered(cli, EvaluatorChoice.AUTO, METRIC_START_TIME)
    assert (str(answer.capture), answer.evaluator) == ("stock 0.160.0", "collector")
    said = written(cli)[1]
    assert "is not done in columns; evaluating the whole pipeline with the collector" in said
    assert "metric_start_time cannot be replayed; evaluating with the collector 0.160.0 itself" in said


def test_collector_refuses_by_name():
    with pytest.raises(UnsupportedComponentError, match="metric_start_time"):
        answered(memory_cli(), EvaluatorChoice.COLLECTOR, METRIC_START_TIME)


@pytest.mark.parametrize("choice", [EvaluatorChoice.COLLECTOR, EvaluatorChoice.AUTO])
def test_a_collector_of_another_version_answers_itself(programs, choice):
    programs.version = "0.155.0"
    answer = answered(memory_cli(), choice, NO_PROCESSOR)
    assert (str(answer.capture), answer.version) == ("stock 0.155.0", "0.155.0")


def test_a_collector_found_elsewhere_answers_where_nothing_is_built(monkeypatch):
    monkeypatch.setattr(evaluators, "find_built", lambda _cache: None)
    assert str(answered(memory_cli(), EvaluatorChoice.COLLECTOR, NO_PROCESSOR).capture) == "stock 0.160.0"
