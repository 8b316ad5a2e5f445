"""The metrics_transform processor makes of every kind of metric what the collector's makes of it."""

import pytest
from tests.integration.engine.processors1.transforms import TRANSFORMS, WRONG
from tests.support.engine.trees import trees
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError
from phoenix.telemetry.diff import diff


@pytest.mark.parametrize("transforms", TRANSFORMS)
def test_metrics_become_what_the_collector_makes_of_them(harness, columnar, odd_capture, transforms):
    document = metrics_config("metrics_transform", f"{{metrics_transform: {{transforms: [{transforms}]}}}}")
    expected, got = harness.evaluate(document, odd_capture), columnar.evaluate(document, odd_capture)
    # Aggregated points have no order in the collector.
    assert diff(expected, got).equal if "aggregat" in transforms else trees(got) == trees(expected)


def test_names_that_are_no_utf8_are_combined_alike(harness, columnar, text_that_is_no_utf8):
    transform = (
        "{include: '^(?P<what>mem)ory(.*)$', match_type: regexp, submatch_case: upper, action: combine, new_name: '$1',"
        " aggregation_type: sum}"
    )
    document = metrics_config("metrics_transform", f"{{metrics_transform: {{transforms: [{transform}]}}}}")
    got = columnar.evaluate(document, text_that_is_no_utf8)
    assert diff(harness.evaluate(document, text_that_is_no_utf8), got).equal


def test_a_group_that_takes_no_part_crashes_both(harness, columnar, odd_capture):
    transform = "{include: '^(memory)|(io)$', match_type: regexp, action: combine, new_name: x, aggregation_type: sum}"
    document = metrics_config("metrics_transform", f"{{metrics_transform: {{transforms: [{transform}]}}}}")
    requests = []
    for evaluate in (harness.evaluate, columnar.evaluate):
        with pytest.raises(EvaluationFailedError) as failed:
            evaluate(document, odd_capture)
        requests.append(failed.value.details["request"])
    assert requests[0] == requests[1]


@pytest.mark.parametrize("settings", WRONG)
def test_both_refuse_wrong_settings_of_metrics_transform(harness, columnar, odd_capture, settings):
    document = metrics_config("metrics_transform", f"{{metrics_transform: {settings}}}")
    for evaluate in (harness.evaluate, columnar.evaluate):
        with pytest.raises(ConfigRefusedError):
            evaluate(document, odd_capture)
