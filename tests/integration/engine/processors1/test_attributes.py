"""The attributes and the resource processor do what the collector's do, action for action, on awkward attributes."""

import pytest
from tests.integration.engine.processors1.cases import ACTIONS, CHOICES, WRONG_ACTIONS, WRONG_CHOICES
from tests.support.engine.trees import trees
from tests.support.replay.metrics_configs import metrics_config

from phoenix.collector.errors import ConfigRefusedError
from phoenix.telemetry.diff import diff


@pytest.mark.parametrize("processor", ["attributes", "resource"])
@pytest.mark.parametrize("actions", ACTIONS)
def test_actions_change_attributes_as_the_collector_does(harness, columnar, odd_capture, processor, actions):
    key = "actions" if processor == "attributes" else "attributes"
    document = metrics_config(processor, f"{{{processor}: {{{key}: [{actions}]}}}}")
    assert trees(columnar.evaluate(document, odd_capture)) == trees(harness.evaluate(document, odd_capture))


@pytest.mark.parametrize(
    "actions",
    [
        "{key: a, action: hash}",
        "{pattern: '^..$', action: delete}",
        "{key: a, pattern: '(?P<first>.)(?P<rest>.*)', action: extract}",
        "{key: n, value: [{a: 1}, x], action: insert}, {key: n, converted_type: string, action: convert}",
    ],
)
def test_bytes_that_are_no_utf8_are_treated_alike(harness, columnar, text_that_is_no_utf8, actions):
    document = metrics_config("attributes", f"{{attributes: {{actions: [{actions}]}}}}")
    got = columnar.evaluate(document, text_that_is_no_utf8)
    assert diff(harness.evaluate(document, text_that_is_no_utf8), got).equal


@pytest.mark.parametrize("choice", CHOICES)
def test_include_and_exclude_choose_metrics_as_the_collector_does(harness, columnar, odd_capture, choice):
    actions = "[{key: added, value: 1, action: insert}]"
    document = metrics_config("attributes", f"{{attributes: {{{choice}, actions: {actions}}}}}")
    assert trees(columnar.evaluate(document, odd_capture)) == trees(harness.evaluate(document, odd_capture))


@pytest.mark.parametrize("settings", [*WRONG_ACTIONS, *WRONG_CHOICES])
def test_both_refuse_wrong_settings_of_attributes(harness, columnar, odd_capture, settings):
    document = metrics_config("attributes", f"{{attributes: {settings}}}")
    for evaluate in (harness.evaluate, columnar.evaluate):
        with pytest.raises(ConfigRefusedError):
            evaluate(document, odd_capture)
