"""resource_detection against the collector. Both detect on the machine that runs the test."""

import pytest
from tests.support.engine.comparing import config_of, same_in_columns
from tests.support.engine.telemetry import P, capture_of

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator

OS = "hostname_sources: [os]"
NO_TYPE = "os.type: {enabled: false}"

RESOURCES = capture_of(
    [
        P(0, 1, host="theirs"),
        P(0, 1, host=""),
        P(0, 1, host="", more={"schema": "https://example.com/1", "resource": {"os.type": 7, "host.arch": "z80"}}),
        P(0, "no point", host="empty"),
    ],
    [],
    [P(1, 1, host="theirs")],
)

CASES = {
    "what the catalogue says": (
        f"detectors: [system], override: false, system: {{{OS}, resource_attributes: {{{NO_TYPE}}}}}"
    ),
    "defaults of the attributes": f"detectors: [system], system: {{{OS}}}",
    "override": f"detectors: [system], override: true, system: {{{OS}}}",
    "no override": f"detectors: [system], override: false, system: {{{OS}}}",
    "architecture": f"detectors: [system], system: {{{OS}, resource_attributes: {{host.arch: {{enabled: true}}}}}}",
    "nothing wanted": (
        f"detectors: [system], system: {{{OS}, resource_attributes: {{{NO_TYPE}, host.name: {{enabled: false}}}}}}"
    ),
    "os before dns": "detectors: [system], system: {hostname_sources: [os, dns]}",
    "env finds nothing": "detectors: [env]",
    "default detector": "override: false",
    "several, with spaces": f"detectors: [env, ' system '], system: {{{OS}}}",
    "detectors as one text": f"detectors: 'env,system', system: {{{OS}}}",
    "timeouts and refreshing": f"detectors: [system], timeout: 2s, refresh_interval: 1s, system: {{{OS}}}",
    "retries": f"detectors: [system], retry: {{enabled: false}}, timeout: 0s, system: {{{OS}}}",
    "bounded retries": f"detectors: [system], retry: {{max_elapsed_time: 1m}}, timeout: 0s, system: {{{OS}}}",
    "metadata must be there": f"detectors: [system], fail_on_missing_metadata: true, system: {{{OS}}}",
    "unknown keys": "detector: [system], system: {host: a, resource_attributes: {host.nam: 1}}, retry: {a: b}",
    "settings left empty": f"detectors: [system], override: , retry: , system: {{{OS}, resource_attributes: }}",
}


@pytest.mark.parametrize("settings", CASES.values(), ids=CASES)
def test_resources_say_what_the_collector_detects(harness, settings):
    same_in_columns(harness, config_of("resource_detection", f"resource_detection: {{{settings}}}"), RESOURCES)


REFUSED = {
    "unknown detector": "detectors: [sistem]",
    "no detector": "detectors: []",
    "unknown source of names": "system: {hostname_sources: [hosts]}",
    "no mapping": "system: [os]",
    "unknown key of an attribute": "system: {resource_attributes: {host.name: {on: true}}}",
    "a word for a boolean": "override: maybe",
    "endless retries": "timeout: 0s",
    "retries shorter than their intervals": "retry: {max_elapsed_time: 1s}",
    "negative interval": "retry: {initial_interval: -1s}",
    "negative multiplier": "retry: {multiplier: -1}",
    "too random": "retry: {randomization_factor: 1.5}",
}


@pytest.mark.parametrize("settings", REFUSED.values(), ids=REFUSED)
def test_what_the_collector_refuses_is_refused(harness, settings):
    config = config_of("resource_detection", f"resource_detection: {{{settings}}}")
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(ConfigRefusedError):
            evaluator.evaluate(config, RESOURCES)


UNSUPPORTED = {
    "detector ec2": "detectors: [ec2]",
    "a host name from another source than os": "detectors: [system]",
    "attribute host.id of the detector system": (
        f"detectors: [system], system: {{{OS}, resource_attributes: {{host.id: {{enabled: true}}}}}}"
    ),
    "option gcp": "gcp: {}",
    "option headers": "headers: {a: b}",
}


@pytest.mark.parametrize(("feature", "settings"), UNSUPPORTED.items(), ids=UNSUPPORTED)
def test_what_is_not_done_is_named(feature, settings):
    config = config_of("resource_detection", f"resource_detection: {{{settings}}}")
    with pytest.raises(UnsupportedComponentError) as refusal:
        ColumnarEvaluator().evaluate(config, RESOURCES)
    assert refusal.value.details["feature"] == feature
