"""The shape of a config is checked in the user's words, with the place and a near word."""

import pytest
from tests.support.configs import metrics_config

from phoenix.collector.config.names import Kind
from phoenix.collector.config.types import BUILT, ComponentListError, ComponentTypes
from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.service import validate


def findings(text: str) -> list[Finding]:
    return list(validate(text, "c.yaml").findings)


def changed(old: str, new: str) -> str:
    text = metrics_config()
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (changed("receivers:\n", "recievers:\n"), "CONFIG_UNKNOWN_KEY", 'did you mean "receivers"'),
        (changed("  pipelines:\n", "  pipeline:\n"), "CONFIG_UNKNOWN_KEY", 'did you mean "pipelines"'),
        (changed("      exporters:", "      exporter:"), "CONFIG_UNKNOWN_KEY", 'did you mean "exporters"'),
        (changed("    metrics:", "    metric:"), "PIPELINE_SIGNAL_UNKNOWN", 'did you mean "metrics"'),
        (changed("    metrics:", "    metrics/:"), "COMPONENT_ID_INVALID", "after / is empty"),
        (changed("  otlp_http: {", "  otlp_htp: {"), "COMPONENT_TYPE_UNKNOWN", 'did you mean "otlp_http"'),
        (changed("  otlp_http: {", "  kafka: {"), "COMPONENT_TYPE_UNKNOWN", 'type "kafka"'),
        (changed("  otlp_http: {", "  otlp-http: {"), "COMPONENT_ID_INVALID", "otlp-http"),
        (changed("  otlp_http: {", "  logging: {"), "COMPONENT_TYPE_UNKNOWN", "debug took its place"),
        (changed("{detectors: [system]}", "[system]"), "CONFIG_WRONG_SHAPE", "must be a mapping, not a list"),
        (changed("[host_metrics]", "host_metrics"), "CONFIG_WRONG_SHAPE", "must be a list"),
        (changed("[host_metrics]", "[host_metrics, 3]"), "CONFIG_WRONG_SHAPE", "an id was expected, not 3"),
        (changed("[host_metrics]", "[]"), "CONFIG_PART_MISSING", "has no receiver"),
        (
            changed("[memory_limiter, resource", "[memory_limiter, memory_limiter, resource"),
            "PROCESSOR_TWICE",
            "memory_limiter stands twice",
        ),
        (changed("{detectors: [system]}", "{a::b: 1}"), "CONFIG_KEY_WITH_COLONS", "a::b"),
        ("receivers: {otlp: }\nexporters: {nop: }\n", "CONFIG_PART_MISSING", "no service"),
        ("receivers: {otlp: }\nexporters: {nop: }\nservice: [a]\n", "CONFIG_WRONG_SHAPE", "service must be a mapping"),
        (
            "receivers: {otlp: }\nexporters: {nop: }\nservice: {pipelines: [a]}\n",
            "CONFIG_WRONG_SHAPE",
            "pipelines must",
        ),
        ("receivers: {otlp: }\nexporters: {nop: }\nservice: {telemetry: }\n", "CONFIG_PART_MISSING", "no pipelines"),
        ("exporters: {nop: }\nservice: {pipelines: {logs: }}\n", "CONFIG_PART_MISSING", "no receiver is configured"),
        ("receivers: [otlp]\nexporters: {nop: }\nservice: 3\n", "CONFIG_WRONG_SHAPE", "receivers must be a mapping"),
    ],
)
def test_names_what_is_wrong_with_the_shape(text, code, words):
    assert [finding.code for finding in findings(text) if words in finding.message] == [code]


def test_what_comes_from_the_environment_as_a_whole_is_not_judged():
    text = metrics_config().replace("[host_metrics]", "${env:RECEIVERS}").replace("{detectors: [system]}", "${DETECT}")
    assert not {finding.code for finding in findings(text)} & {"CONFIG_WRONG_SHAPE", "CONFIG_PART_MISSING"}


def test_a_type_that_may_be_in_the_users_own_collector_is_only_a_warning():
    (found,) = [finding for finding in findings(changed("  otlp_http: {", "  kafka: {")) if "kafka" in finding.message][
        :1
    ]
    assert found.severity == "warning"


def test_broken_yaml_ends_the_checks():
    report = validate("a: [", "c.yaml")
    assert [(finding.code, str(finding.place)) for finding in report.findings] == [("CONFIG_NOT_YAML", "c.yaml:2:1")]
    assert not report.ok


def test_a_bomb_is_a_finding_too():
    assert [finding.code for finding in findings("a: " + "[" * 1000)] == ["CONFIG_TOO_COMPLEX"]


def test_reads_the_list_of_components_of_a_binary():
    listing = "buildinfo: {version: 0.160.0}\n" + "".join(f"{kind.value}: []\n" for kind in Kind)
    listing = listing.replace(
        "receivers: []", "receivers: [{name: otlp, stability: {metrics: Stable, logs: Undefined}}]"
    )
    types = ComponentTypes.parse(listing)
    assert types.carries(Kind.RECEIVERS, "otlp") == {"metrics"}
    assert types.knows(Kind.RECEIVERS, "otlp")
    assert not types.knows(Kind.EXPORTERS, "nop")


@pytest.mark.parametrize("listing", ["", "a: [", "receivers: 3", "buildinfo: {version: 1}"])
def test_refuses_what_is_no_list_of_components(listing):
    with pytest.raises(ComponentListError):
        ComponentTypes.parse(listing)


def test_knows_old_names():
    assert BUILT.knows(Kind.PROCESSORS, "cumulativetodelta")
    assert "cumulativetodelta" in BUILT.names(Kind.PROCESSORS)
    assert BUILT.carries(Kind.PROCESSORS, "cumulativetodelta") == {"metrics"}
