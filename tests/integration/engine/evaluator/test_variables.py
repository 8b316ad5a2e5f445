"""Variables in settings: read `${...}` as the collector's own resolver does, and refuses what that refuses."""

import pytest
from tests.support.replay.metrics_configs import metrics_config
from tests.support.replay.process_requests import scrapes

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.collector.replay.harness import HarnessReplay
from phoenix.core.errors import PhoenixError
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.diff import diff

ENVIRONMENT = {
    "TEXT": "paris",
    "OCTAL": "0123",
    "FLAG": "true",
    "DOUBLE": "2.50",
    "QUOTED": '"paris"',
    "LIST": "[1, two, true]",
    "NOTHING": "",
    "TILDE": "~",
    "BROKEN": "[1, 2",
    "DOLLARS": "a$$b",
    "INNER": "${env:TEXT}",
    "REFERS": "x ${env:OCTAL} y",
    "NAME": "TEXT",
    "HUGE": "18446744073709551615",
    "DATE": "2026-01-02",
}

# A value of an attribute, which may be anything.
VALUES = [
    "plain",
    "${env:TEXT}",
    "${TEXT}",
    "in ${env:TEXT}, ${OCTAL}!",
    "${env:OCTAL}",
    "${env:FLAG}",
    "${env:DOUBLE}",
    "v${env:DOUBLE}",
    "${env:QUOTED}",
    "${env:LIST}",
    "list ${env:LIST}",
    "${env:BROKEN}",
    "${env:DOLLARS}",
    "${env:REFERS}",
    "${env:UNKNOWN}",
    "${env:UNKNOWN:-5}",
    "${env:UNKNOWN:-}",
    "${env:UNKNOWN:-a b}",
    "${env:TEXT:-5}",
    "${env:UNKNOWN:-${env:TEXT}}",
    "$${env:TEXT}",
    "$$${env:TEXT}",
    "$$$${env:TEXT}",
    "$$ and $$",
    "$${env:TEXT} ${env:TEXT}",
    "${env:TEXT} $${env:TEXT}",
    "} ${env:TEXT}",
    "${env:TEXT",
    "${yaml:7}",
    "${yaml:[a, 1]}",
]
REFUSED = ["${file:/etc/hostname}", "${http://host/x}", "${TEXT:-x}", "${a:b}", "${env:1x}", "${env:}", "${env:HUGE}"]


def config(value):
    text = value.replace("'", "''")
    return metrics_config("resource", f"{{resource: {{attributes: [{{key: k, value: '{text}', action: upsert}}]}}}}")


@pytest.fixture(scope="module")
def with_environment(harness_binary):
    with HarnessReplay(harness_binary, environment=ENVIRONMENT) as harness:
        yield harness


@pytest.mark.parametrize("value", VALUES)
def test_a_value_is_expanded_as_the_collector_expands_it(with_environment, value):
    capture = scrapes([0], processes=2)
    expected = with_environment.evaluate(config(value), capture)
    got = ColumnarEvaluator(environment=ENVIRONMENT).evaluate(config(value), capture)
    assert diff(expected, got).equal


@pytest.mark.parametrize("value", REFUSED)
def test_what_no_replay_can_give_is_refused_with_its_place(with_environment, value):
    for evaluator in (with_environment, ColumnarEvaluator(environment=ENVIRONMENT)):
        with pytest.raises(ConfigRefusedError, match=r"config\.yaml:"):
            evaluator.evaluate(config(value), scrapes([0]))


@pytest.mark.parametrize("value", ["${env:INNER}", "${env:${env:NAME}}"])
def test_a_variable_that_only_another_one_names_is_not_given_to_a_replay(with_environment, value):
    for evaluator in (with_environment, ColumnarEvaluator(environment=ENVIRONMENT)):
        with pytest.raises((ConfigRefusedError, UnsupportedComponentError), match="from_attribute"):
            evaluator.evaluate(config(value), scrapes([0]))


def test_a_whole_processor_may_come_from_a_variable(harness_binary):
    environment = {"ALL": '{attributes: [{key: k, value: "v", action: upsert}]}'}
    document = metrics_config("resource", '{resource: "${env:ALL}"}')
    capture = scrapes([0], processes=1)
    with HarnessReplay(harness_binary, environment=environment) as harness:
        expected = harness.evaluate(document, capture)
    assert diff(expected, ColumnarEvaluator(environment=environment).evaluate(document, capture)).equal


def test_a_number_where_text_is_wanted_is_text_to_the_collector_and_refused_by_columns_for_what_it_is(harness_binary):
    document = metrics_config("resource", "{resource: {attributes: [{key: '${env:OCTAL}', value: v, action: upsert}]}}")
    with HarnessReplay(harness_binary, environment=ENVIRONMENT) as harness:
        assert len(harness.evaluate(document, scrapes([0])).points)
    with pytest.raises(PhoenixError, match="a variable that is no text") as refused:
        ColumnarEvaluator(environment=ENVIRONMENT).evaluate(document, scrapes([0]))
    assert refused.value.code == "COMPONENT_UNSUPPORTED"
