"""What a config loses is said from the config alone, in the words of its conditions."""

import pytest
from tests.support.configs import OTLP, metrics_config

from phoenix.collector.validate.finding import Severity
from phoenix.collector.validate.loss.registry import CODES
from phoenix.collector.validate.rules.temporality import RELABELLED
from phoenix.collector.validate.service import validate

JUDGED = {code.code for code in (*CODES, RELABELLED)}
SUM = '{error_mode: propagate, metric_statements: [\'aggregate_on_attributes("sum") where metric.name != "a"\']}'
TIMES = 'set(datapoint.time, TruncateTime(datapoint.time, Duration("10s")))'
STARTS = "set(datapoint.start_time, datapoint.time)"
FORGET = "{attributes: [{key: process.pid, action: delete}]}"


def conditions(*texts: str) -> dict[str, str]:
    return {"filter": f"{{error_mode: propagate, metric_conditions: {[*texts]}}}"}


def statements(*texts: str, context: str = "") -> dict[str, str]:
    group = f"{{context: {context}, statements: {[*texts]}}}" if context else f"{{statements: {[*texts]}}}"
    return {"transform": f"{{error_mode: propagate, metric_statements: [{group}]}}"}


def told(processors: dict[str, str], receiver: str = OTLP) -> list[tuple[str, str, str]]:
    report = validate(metrics_config(processors, receiver=receiver), "c.yaml")
    found = [finding for finding in report.findings if finding.code in JUDGED]
    return [(finding.code, finding.severity.value, finding.message) for finding in found]


DECLARED = [
    (
        conditions('metric.name == "a"'),
        "SERIES_DROPPED",
        'filter drops every series of metrics where metric.name == "a"',
    ),
    (
        conditions('resource.attributes["a"] ==  "b"'),
        "SERIES_DROPPED",
        'filter drops every series of resources where resource.attributes["a"] == "b"',
    ),
    (conditions('scope.name == "a"'), "SERIES_DROPPED", 'filter drops every series of scopes where scope.name == "a"'),
    (
        conditions('datapoint.attributes["state"] == "idle"'),
        "SERIES_DROPPED",
        'filter drops every series where datapoint.attributes["state"] == "idle"',
    ),
    (
        conditions('metric.name == "a" and datapoint.value_double < 1.0'),
        "POINTS_DROPPED",
        'filter drops every point where metric.name == "a" and datapoint.value_double < 1.0',
    ),
    (
        {"filter": "{error_mode: propagate, metrics: {include: {match_type: strict, metric_names: [a]}}}"},
        "SERIES_DROPPED",
        "filter drops every series but those that include names",
    ),
    ({"interval": "{interval: 30s}"}, "POINTS_THINNED", "interval keeps one point a series in each 30s"),
    ({"interval": ""}, "POINTS_THINNED", "interval keeps one point a series in each 60s"),
    (
        {"cumulative_to_delta": "{initial_value: drop}"},
        "POINTS_DROPPED",
        "cumulative_to_delta leaves out the first point of every counter",
    ),
    (
        {"cumulative_to_delta": ""},
        "POINTS_DROPPED",
        "cumulative_to_delta leaves out the point of each counter that began before it did",
    ),
    (
        {"transform": SUM},
        "SERIES_FOLDED",
        'transform folds the series of each metric where metric.name != "a"',
    ),
    (
        statements('aggregate_on_attributes("max", ["a", "b"])', context="metric"),
        "SERIES_FOLDED",
        "transform folds the series of each metric; what is left tells apart a, b",
    ),
    (
        statements('aggregate_on_attributes("max", [])', context="metric"),
        "SERIES_FOLDED",
        "transform folds the series of each metric; one series a metric and resource is left",
    ),
    (
        statements('aggregate_on_attribute_value("sum", "a", ["b"], "c")', context="metric"),
        "SERIES_FOLDED",
        "transform folds the series of each metric",
    ),
    (
        {
            "metrics_transform": "{transforms: [{include: m, action: update, operations: "
            "[{action: aggregate_labels, label_set: [a]}]}]}"
        },
        "SERIES_FOLDED",
        'metrics_transform folds those of the metrics that "m" names; what is left tells apart a',
    ),
    (
        {"metrics_transform": "{transforms: [{include: '^m', match_type: regexp, action: combine, new_name: n}]}"},
        "SERIES_FOLDED",
        'metrics_transform folds those of the metrics that "^m" names',
    ),
]


@pytest.mark.parametrize(("processors", "code", "message"), DECLARED)
def test_what_is_declared_is_an_info_in_the_words_of_the_config(processors, code, message):
    assert told(processors) == [(code, "info", message)]


def test_what_no_pipeline_of_metrics_uses_loses_nothing():
    text = metrics_config(conditions('metric.name == "a"')).replace(", filter]", "]")
    assert not any(finding.code in JUDGED for finding in validate(text, "c.yaml").findings)


CORRUPTING = [
    ({"attributes": "{actions: [{key: state, action: delete}]}"}, "POINT_IDENTITY_LOST", "warning"),
    ({"attributes": "{actions: [{pattern: '^s', action: DELETE}]}"}, "POINT_IDENTITY_LOST", "warning"),
    (statements('delete_key(datapoint.attributes, "state")'), "POINT_IDENTITY_LOST", "warning"),
    (statements('keep_keys(attributes, ["a"])', context="datapoint"), "POINT_IDENTITY_LOST", "warning"),
    (statements('keep_matching_keys(attributes, "^a")', context="datapoint"), "POINT_IDENTITY_LOST", "warning"),
    (statements("clear(attributes)", context="datapoint"), "POINT_IDENTITY_LOST", "warning"),
    (
        {"resource": "{attributes: [{key: service.instance.id, action: delete}]}"},
        "INSTANCE_IDENTITY_LOST",
        "warning",
    ),
    (statements('delete_key(resource.attributes, "service.instance.id")'), "INSTANCE_IDENTITY_LOST", "warning"),
    (statements("set(datapoint.start_time_unix_nano, 0)"), "START_TIMES_LOST", "warning"),
    (statements("set(start_time, Unix(0))", context="datapoint"), "START_TIMES_LOST", "warning"),
    (statements('set(datapoint.start_time_unix_nano, 0) where metric.name == "a"'), "START_TIMES_LOST", "info"),
    ({"cumulative_to_delta": "{initial_value: keep}"}, "FIRST_TOTAL_SENT_AS_DELTA", "warning"),
    (statements("set(metric.aggregation_temporality, 1)"), "TEMPORALITY_RELABELLED", "warning"),
]


@pytest.mark.parametrize(("processors", "code", "severity"), CORRUPTING)
def test_what_corrupts_is_told(processors, code, severity):
    assert [pair[:2] for pair in told(processors)] == [(code, severity)]


def test_the_states_of_processes_are_certainly_mixed_up():
    found = told({"attributes": "{actions: [{key: state, action: delete}]}"}, "host_metrics: {scrapers: {process: }}")
    assert [pair[:2] for pair in found] == [("POINT_IDENTITY_LOST", "error")]


def folded(*steps: str) -> list[str]:
    """Return what is bad about folding gauges of grouped resources after these statements for points."""
    align = statements(*steps)["transform"] if steps else "{error_mode: propagate}"
    processors = {"resource": FORGET, "groupbyattrs": "", "transform/align": align, "transform/sum": SUM}
    return [code for code, severity, _ in told(processors) if severity != Severity.INFO]


def test_points_that_are_added_up_need_equal_times():
    assert folded() == ["AGGREGATED_TIMES_DIFFER"]
    assert folded(TIMES) == []


@pytest.mark.parametrize(("steps", "bad"), [((), True), ((TIMES,), True), ((TIMES, STARTS), False)])
def test_deltas_that_are_added_up_need_equal_start_times_too(steps, bad):
    align = statements(*steps)["transform"] if steps else "{error_mode: propagate}"
    processors = {
        "cumulative_to_delta": "",
        "resource": FORGET,
        "groupbyattrs": "",
        "transform/align": align,
        "transform/sum": SUM,
    }
    assert ("AGGREGATED_TIMES_DIFFER" in [code for code, _, _ in told(processors)]) is bad


def test_attributes_that_are_aggregated_afterwards_are_not_missed():
    processors = {"attributes": "{actions: [{key: state, action: delete}]}", "transform": SUM}
    assert [code for code, severity, _ in told(processors) if severity != Severity.INFO] == []


def test_a_sum_within_each_process_does_not_bring_processes_together():
    text = metrics_config({"resource": FORGET, "transform": SUM})
    assert "PROCESS_IDENTITY_LOST" in [finding.code for finding in validate(text, "c.yaml").findings]


def test_the_naive_template_is_refused():
    processors = {"resource": FORGET, "groupbyattrs": "{keys: [process.executable.name]}"}
    report = validate(metrics_config(processors), "c.yaml")
    assert not report.ok
    assert [finding.code for finding in report.findings] == ["GROUPED_NOT_SUMMED"]
