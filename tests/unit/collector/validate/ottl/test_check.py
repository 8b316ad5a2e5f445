"""Every mistake in OTTL is told once, without a binary, at its line and column, with what to do."""

import pytest
from tests.support.configs import metrics_config

from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.service import validate


def mistakes(processors: dict[str, str]) -> list[Finding]:
    found = validate(metrics_config(processors), "c.yaml").findings
    return [finding for finding in found if finding.code == "OTTL_INVALID"]


def places(processors: dict[str, str]) -> list[str]:
    """Return what stands at each mistake, to the end of its line."""
    lines = metrics_config(processors).split("\n")
    return [lines[finding.place.line - 1][finding.place.column - 1 :] for finding in mistakes(processors)]


def test_each_text_has_its_own_mistake():
    group = "{context: datapoint, conditions: ['tme == time'], statements: ['sett(time, 1)', 'set(tim, 1)']}"
    found = places({"transform": f"{{metric_statements: [{group}]}}"})
    assert [text.partition("'")[0] for text in found] == ["tme == time", "sett(time, 1)", "tim, 1)"]


def test_the_remedy_says_what_is_near():
    (found,) = mistakes({"filter": "{metrics: {metric: ['nam == \"a\"']}}"})
    assert found.user_action == "Did you mean name?"
    assert found.message == "filter: metric has no path nam"


def test_texts_without_a_context_are_for_one_context_together():
    assert places({"transform": "{metric_statements: ['set(metric.name, \"a\")', 'set(span.name, \"a\")']}"})
    assert not places({"transform": "{metric_statements: ['set(metric.name, \"a\")', 'set(datapoint.flags, 1)']}"})


def test_one_broken_text_does_not_put_the_others_in_a_wrong_context():
    texts = "['set(datapoint.flags 1)', 'aggregate_on_attributes(\"sum\")']"
    assert [text[:1] for text in places({"transform": f"{{metric_statements: {texts}}}"})] == ["1"]


@pytest.mark.parametrize(
    "settings",
    [
        "{metric_conditions: ['metric.name == \"${env:NAME}\" and and']}",
        "{metric_conditions: [{context: nonsense, conditions: ['and']}]}".replace("'and'", "'metric.name == nil'"),
        "{metric_conditions: 3, metrics: [a], logs: 3}",
    ],
)
def test_what_only_the_host_or_the_settings_can_say_is_left_out(settings):
    assert not places({"filter": settings})


def test_doubled_dollars_are_one_character_for_the_collector():
    statement = 'replace_pattern(metric.name, "$$", "$$1") where metric.nam == "a"'
    assert [text[:3] for text in places({"transform": f"{{metric_statements: ['{statement}']}}"})] == ["nam"]


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("transform", "{log_statements: ['set(log.body, )']}"),
        ("transform", "{trace_statements: [{context: span, conditions: ['name ='], statements: []}]}"),
        ("filter", "{logs: {log_record: ['body = 1']}}"),
        ("filter", "{trace_conditions: ['span.name = 1']}"),
        ("filter", "{profile_conditions: [{conditions: ['profile.x = 1']}]}"),
    ],
)
def test_the_grammar_of_other_signals_is_checked(name, settings):
    assert len(mistakes({name: settings})) == 1


def test_paths_and_functions_of_other_signals_are_not_judged():
    assert not mistakes({"transform": "{log_statements: ['whatever(log.nonsense)']}"})


def test_what_an_anchor_repeats_is_told_once():
    shared = {"filter/a": "&a {metrics: {metric: ['nam == \"a\"']}}", "filter/b": "*a"}
    assert len(mistakes(shared)) == 1
