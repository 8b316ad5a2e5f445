from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.cli import memory_cli, written

from phoenix.cli.evaluation import evaluators
from phoenix.cli.evaluation.evaluators import EvaluatorChoice, open_evaluator
from phoenix.collector.errors import UnsupportedComponentError

# The fakes look at nothing else of them.
CONFIG: Any = "config"
UNSUPPORTED: Any = "unsupported"
CAPTURE: Any = "capture"


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
        if config == UNSUPPORTED:
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
    monkeypatch.setattr(evaluators, "HarnessReplay", FakeHarness)
    monkeypatch.setattr(evaluators, "StockReplay", FakeStock)
    return collector


@pytest.mark.parametrize("choice", list(EvaluatorChoice))
def test_the_harness_answers_and_is_closed(choice):
    FakeHarness.closed = False
    with open_evaluator(memory_cli(), choice) as evaluator:
        assert str(evaluator.evaluate(CONFIG, CAPTURE)) == "harness"
        assert evaluator.version == "0.160.0"
    assert FakeHarness.closed


def test_auto_goes_on_with_the_stock_binary_and_says_so():
    cli = memory_cli()
    with open_evaluator(cli, EvaluatorChoice.AUTO) as evaluator:
        assert str(evaluator.evaluate(UNSUPPORTED, CAPTURE)) == "stock 0.160.0"
    assert "metric_start_time cannot be replayed; evaluating with the collector 0.160.0 itself" in written(cli)[1]


def test_collector_refuses_by_name():
    with (
        open_evaluator(memory_cli(), EvaluatorChoice.COLLECTOR) as evaluator,
        pytest.raises(UnsupportedComponentError, match="metric_start_time"),
    ):
        evaluator.evaluate(UNSUPPORTED, CAPTURE)


@pytest.mark.parametrize(("version", "answer"), [("0.155.0", "stock 0.155.0"), ("0.160.0", "harness")])
def test_a_collector_of_another_version_answers_itself(programs, version, answer):
    programs.version = version
    with open_evaluator(memory_cli(), EvaluatorChoice.COLLECTOR) as evaluator:
        assert evaluator.evaluate(CONFIG, CAPTURE) == answer


def test_a_collector_found_elsewhere_answers_where_nothing_is_built(monkeypatch):
    monkeypatch.setattr(evaluators, "find_built", lambda _cache: None)
    with open_evaluator(memory_cli(), EvaluatorChoice.AUTO) as evaluator:
        assert str(evaluator.evaluate(CONFIG, CAPTURE)) == "stock 0.160.0"
