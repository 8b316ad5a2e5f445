"""Settings of processors are refused by the engine's own reading of them, each with its place, code and remedy."""

import pytest
from tests.support.configs import metrics_config

from phoenix.collector.validate.finding import Finding, Severity
from phoenix.collector.validate.service import validate
from phoenix.engine.checking import check_processors


def errors(text: str) -> list[Finding]:
    found = validate(text, "c.yaml", checks=(check_processors,)).findings
    return [finding for finding in found if finding.severity is Severity.ERROR]


def told(processors: dict[str, str]) -> list[tuple[str, str]]:
    """Return code and the text at the place of each error."""
    text = metrics_config(processors)
    lines = text.split("\n")
    found = [(it.code, lines[it.place.line - 1][it.place.column - 1 :]) for it in errors(text)]
    return [(code, rest.partition(":")[0]) for code, rest in found]


@pytest.mark.parametrize(
    ("settings", "code", "place"),
    [
        ("{send_batch_sice: 3}", "COLLECTOR_KEY_UNKNOWN", "send_batch_sice"),
        ("{send_batch_size: many}", "COLLECTOR_VALUE_WRONG", "send_batch_size"),
        ("{send_batch_max_size: 3}", "COLLECTOR_SETTINGS_REFUSED", "send_batch_max_size"),
        ("{timeout: 3 seconds}", "COLLECTOR_VALUE_WRONG", "timeout"),
    ],
)
def test_each_kind_of_mistake_has_the_code_the_binary_would_have(settings, code, place):
    assert told({"batch": settings}) == [(code, place)]


def test_an_unknown_key_comes_with_the_known_ones():
    (found,) = errors(metrics_config({"batch": "{send_batch_sice: 3}"}))
    assert found.message == 'batch: unknown key "send_batch_sice"; did you mean "send_batch_size"?'
    assert "metadata_keys" in found.user_action


def test_ottl_is_told_by_its_own_stage_only():
    assert [code for code, _ in told({"filter": "{metrics: {metric: ['nam == 1']}}"})] == ["OTTL_INVALID"]


def test_ottl_that_a_default_completes_is_read_by_the_engine():
    settings = "{metric_conditions: ['metric.name == \"${env:NAME:-a}\" adn true']}"
    assert [code for code, _ in told({"filter": settings})] == ["OTTL_INVALID"]


@pytest.mark.parametrize(
    ("settings", "refused"),
    [
        ("{send_batch_size: '${env:SIZE}'}", False),
        ("{timeout: '${env:TIMEOUT}', metadata_keys: ['${env:KEY}']}", False),
        ("{send_batch_sice: '${env:SIZE}'}", True),
        ("{send_batch_size: '${env:SIZE}', timeout: soon}", True),
        ("{timeout: '${file:/etc/timeout}'}", False),
    ],
)
def test_what_the_host_decides_is_refused_only_when_every_value_would_be(settings, refused):
    codes = {code for code, _ in told({"batch": settings})} - {"CONFIG_PROVIDER_DENIED"}
    assert bool(codes) is refused


def test_what_is_checked_when_a_pipeline_is_built_is_not_told_of_unused_processors():
    unused = metrics_config({"attributes": "{actions: [{key: a, action: add}]}"}).replace(", attributes]", "]")
    assert errors(unused) == []
    keys = metrics_config({"attributes": "{action: []}"}).replace(", attributes]", "]")
    assert [finding.code for finding in errors(keys)] == ["COLLECTOR_KEY_UNKNOWN"]


def test_the_choice_of_other_signals_is_not_judged():
    choice = "{include: {match_type: strict, span_names: [a]}, actions: [{key: a, action: delete}]}"
    text = metrics_config({"attributes": choice}).replace("    metrics:\n", "    traces:\n")
    text = text.replace(
        "host_metrics: {collection_interval: 10s, scrapers: {process: }}", "otlp: {protocols: {grpc: }}"
    )
    text = text.replace("[host_metrics]", "[otlp]")
    assert [finding.code for finding in errors(text)] == []
    assert told({"attributes": choice}) == [("COLLECTOR_SETTINGS_REFUSED", "span_names")]


def test_what_the_engine_does_not_do_is_no_mistake():
    assert told({"filter": "{metrics: {include: {match_type: strict, metric_names: [a]}}}"}) == []
