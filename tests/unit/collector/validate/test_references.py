"""Every name leads to a component, and every component is used."""

import pytest
from tests.support.configs import metrics_config

from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.service import validate

CONNECTED = """\
receivers: {otlp: }
processors: {memory_limiter: {check_interval: 1s, limit_mib: 9}}
connectors: {forward: }
exporters: {nop: }
service:
  pipelines:
    metrics: {receivers: [otlp], processors: [memory_limiter], exporters: [forward]}
    metrics/out: {receivers: [forward], exporters: [nop]}
"""


def findings(text: str) -> list[Finding]:
    return list(validate(text, "c.yaml").findings)


def test_a_connected_config_is_sound():
    assert findings(CONNECTED) == []


@pytest.mark.parametrize(
    ("old", "new", "code", "place", "words"),
    [
        ("receivers: [otlp]", "receivers: [otpl]", "COMPONENT_UNDEFINED", "7:27", 'did you mean "otlp"'),
        ("receivers: [otlp]", "receivers: [nop]", "COMPONENT_UNDEFINED", "7:27", '"nop" is an exporter'),
        ("service:\n", "service:\n  extensions: [health_check]\n", "COMPONENT_UNDEFINED", "6:16", "health_check"),
        ("{otlp: }", "{otlp: , otlp/b: }", "COMPONENT_UNUSED", "1:21", "receiver otlp/b"),
        ("exporters: [forward]", "exporters: [nop]", "CONNECTOR_HALF_USED", "3:14", "ends no pipeline"),
        ("receivers: [forward]", "receivers: [otlp]", "CONNECTOR_HALF_USED", "3:14", "begins no pipeline"),
        ("metrics/out", "logs/out", "COMPONENT_SIGNAL_MISMATCH", "7:64", "leads metrics to no pipeline"),
        ("{nop: }", "{nop: , forward: }", "COMPONENT_ID_AMBIGUOUS", "3:14", "a connector and an exporter"),
        ("[memory_limiter]", "[memory_limiter, interval]", "COMPONENT_UNDEFINED", "7:63", "interval"),
    ],
)
def test_names_what_is_wrong_between_components(old, new, code, place, words):
    assert old in CONNECTED
    found = findings(CONNECTED.replace(old, new))
    assert [(f.code, str(f.place)) for f in found if words in f.message] == [(code, f"c.yaml:{place}")]


def test_a_component_of_another_signal_is_told():
    text = metrics_config({"interval": ""}).replace("    metrics:", "    traces:")
    told = {(finding.code, finding.place.line) for finding in findings(text)}
    assert {("COMPONENT_SIGNAL_MISMATCH", 12), ("COMPONENT_SIGNAL_MISMATCH", 13)} <= told
