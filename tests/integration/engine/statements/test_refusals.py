"""What the collector does and the engine does not: refused by name, with the place, and never guessed."""

from typing import Any

import pytest
from tests.integration.engine.statements.outcomes import config

from phoenix.collector.errors import UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.statements import growing, singly
from phoenix.telemetry.capture import Capture

SHARED = {"shared_cache": True}
# What is refused by which words.
REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    (
        {"filter": {"metrics": {"include": {"match_type": "strict", "metric_names": ["a"]}}}},
        "option include of metrics",
    ),
    (
        {"filter": {"metrics": {"exclude": {"match_type": "strict", "metric_names": ["a"]}}}},
        "option exclude of metrics",
    ),
    ({"transform": {"metric_statements": [{"context": "exemplar", "statements": []}]}}, "the exemplar context"),
    ({"transform": {"metric_statements": ['set(datapoint.attributes["id"], UUID())']}}, "function UUID"),
    ({"transform": {"metric_statements": ["clear(datapoint.exemplars)"]}}, "function clear of exemplars"),
    ({"transform": {"metric_statements": ["clear(metric.data_points)"]}}, "function clear of data_points"),
    (
        {"transform": {"metric_statements": ['set(resource.attributes["in"], resource.attributes)']}},
        "setting an attribute to the map or list that it is in",
    ),
    (
        {
            "transform": {
                "metric_statements": [
                    SHARED | {"statements": ['set(metric.cache["n"], Concat([metric.cache["n"], "x"], ""))']}
                ]
            }
        },
        "function Concat in a list whose rows see what earlier rows wrote",
    ),
    (
        {"transform": {"metric_statements": [SHARED | {"statements": ["set(metric.cache, metric.metadata)"]}]}},
        "setting a whole cache",
    ),
    (
        {
            "transform": {
                "metric_statements": [
                    'copy_metric(name=Concat([metric.name, "x"], "")) where metric.name != nil',
                    'set(resource.attributes["last"], metric.name)',
                ]
            }
        },
        "that makes a metric of every metric it has made",
    ),
    (
        {
            "transform": {
                "metric_statements": ["scale_metric(2.0)", 'set(resource.attributes["unit"], metric.unit)'],
            }
        },
        "calls metric functions and carries over many rows",
    ),
    (
        {
            "transform": {
                "metric_statements": [
                    SHARED | {"statements": ["scale_metric(2.0)", 'set(metric.cache["n"], metric.name)']},
                ]
            }
        },
        "function scale_metric in a list whose rows see",
    ),
    (
        {
            "transform": {
                "metric_statements": ['copy_metric(name=Concat([metric.name, "x"], "")) where metric.name != nil']
            }
        },
        "statements that makes a metric of every metric",
    ),
)


@pytest.mark.parametrize(("processors", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_is_not_done_is_refused_by_name(
    odd_capture: Capture, processors: dict[str, Any], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Little telemetry that shares a cache would be run row by row.
    monkeypatch.setattr(singly, "MOST_ROWS", 0)
    monkeypatch.setattr(growing, "MOST_SINGLE_ROWS", 0)
    if "carries over" in words:
        monkeypatch.setattr(growing, "MOST_WAVES", 1)
    with pytest.raises(UnsupportedComponentError) as refusal:
        ColumnarEvaluator().evaluate(config(processors), odd_capture)
    assert words in str(refusal.value.details["feature"])
    assert str(refusal.value.details["place"]).startswith("config.yaml:")
