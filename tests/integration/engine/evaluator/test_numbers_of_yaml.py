"""Numbers that YAML has words for and JSON has none reach both evaluators as what they are, to the bit."""

import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.reshaping.telemetry import Awkward

from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.diff import diff

WORDS = (".nan", ".NaN", "-.inf", ".INF")
PLACES = {
    "attributes": "{{attributes: {{actions: [{{key: a, value: {0}, action: upsert}}]}}}}",
    "resource": "{{resource: {{attributes: [{{key: a, value: [1, {0}], action: upsert}}]}}}}",
    "metrics_transform": (
        "{{metrics_transform: {{transforms: [{{include: '.*', match_type: regexp, action: update,"
        " operations: [{{action: experimental_scale_value, experimental_scale: {0}}}]}}]}}}}"
    ),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("word", WORDS)
def test_a_number_without_json_is_the_collectors(harness, place, word):
    document = metrics_config(place, PLACES[place].format(word))
    # As a collector writes it.
    capture = harness.evaluate(metrics_config("", "{}"), Awkward(3).capture())
    assert diff(harness.evaluate(document, capture), ColumnarEvaluator().evaluate(document, capture)).equal
