"""Each practice rule speaks on a bad config, at the right line, and is silent on a good one."""

import pytest
from tests.support.configs import OTLP, metrics_config, pipeline_config
from tests.support.findings import beyond_declared

from phoenix.collector.validate.finding import Finding
from phoenix.collector.validate.service import validate
from phoenix.telemetry.processes import ProcessPattern

FORGET_PID = "{attributes: [{key: process.pid, action: delete}]}"
AGGREGATE = (
    "{error_mode: propagate, metric_statements: [{context: metric, statements: ['aggregate_on_attributes(\"sum\")']}]}"
)
RESOURCE = "{error_mode: propagate, metric_statements: [{context: resource, statements: ['%s']}]}"
ALIGN = (
    "{error_mode: propagate, metric_statements: [{context: datapoint, statements: "
    "['set(time, TruncateTime(time, Duration(\"10s\")))', 'set(start_time, time)']}]}"
)
FOLD = {
    "cumulative_to_delta": "",
    "resource/forget": FORGET_PID,
    "groupbyattrs": "",
    "transform/align": ALIGN,
    "transform/sum": AGGREGATE,
}
REMOTE = (
    "prometheus_remote_write: {endpoint: 'http://127.0.0.1:9090', resource_to_telemetry_conversion: {enabled: true}}"
)


def findings(text: str, *critical: str) -> list[Finding]:
    """Return what is bad; what a config only says that it drops or folds is asked for in test_loss.py."""
    report = validate(text, "c.yaml", critical=[ProcessPattern.parse(name) for name in critical])
    return beyond_declared(report.findings)


def codes(text: str, *critical: str) -> list[str]:
    return [finding.code for finding in findings(text, *critical)]


def the_line(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


GOOD = {
    "nothing but the sound processors": metrics_config(),
    "batch last": metrics_config({"batch": "{send_batch_max_size: 100}"}),
    "the recipe that folds processes": metrics_config(FOLD),
    "folding, and cumulative again for remote write": metrics_config(
        {**FOLD, "delta_to_cumulative": ""}, exporter=REMOTE
    ),
    "remote write with the resource kept": metrics_config(exporter=REMOTE),
    "states of one process summed": metrics_config(
        {
            "metrics_transform": "{transforms: [{include: process.cpu.time, action: update, operations: "
            "[{action: aggregate_labels, label_set: [], aggregation_type: sum}]}]}"
        }
    ),
    "gauges of a group summed": metrics_config(
        {
            "resource/forget": FORGET_PID,
            "groupbyattrs": "",
            "transform/align": ALIGN,
            "metrics_transform": "{transforms: [{include: process.memory.usage, action: update, operations: "
            "[{action: aggregate_labels, label_set: [], aggregation_type: sum}]}]}",
        }
    ),
    "host set by a statement": pipeline_config(
        {
            "memory_limiter": "{check_interval: 1s, limit_mib: 100}",
            "transform": RESOURCE % 'set(attributes["host.name"], "a")',
        },
        receiver="host_metrics: {scrapers: {process: }}",
    ),
    "secrets from the environment": metrics_config(
        exporter="otlp_http: {endpoint: 'http://a', headers: {authorization: 'Bearer ${env:TOKEN}', api-key: '${KEY}'}}"
    ),
    "files that hold secrets": metrics_config(exporter="otlp_grpc: {endpoint: 'a:1', tls: {key_file: /etc/key.pem}}"),
    "a default and an escaped dollar": metrics_config(
        {"resource": "{attributes: [{key: a, value: '${env:A:-b}$${file:c}', action: upsert}]}"}
    ),
    "process metrics by their names": metrics_config(
        receiver="host_metrics: {scrapers: {process: {metrics: {process.threads: {enabled: true}}}}}"
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_says_nothing_of_good_practice(name):
    assert findings(GOOD[name]) == []


BAD = [
    ("MEMORY_LIMITER_MISSING", "warning", pipeline_config({"batch": ""}), "metrics:"),
    (
        "MEMORY_LIMITER_NOT_FIRST",
        "warning",
        pipeline_config({"interval": "", "memory_limiter": "{check_interval: 1s, limit_mib: 9}"}),
        "processors: [",
    ),
    (
        "MEMORY_LIMITER_PERCENTAGE",
        "warning",
        pipeline_config({"memory_limiter": "{check_interval: 1s, limit_percentage: 80}"}),
        "limit_percentage",
    ),
    ("BATCH_NOT_LAST", "warning", metrics_config({"batch": "", "interval": ""}), "processors: ["),
    (
        "BATCH_CUTS_SCRAPES",
        "error",
        metrics_config({"batch": "{send_batch_size: 10, send_batch_max_size: 10}", **FOLD}),
        "processors: [",
    ),
    (
        "ERROR_MODE_NOT_SET",
        "warning",
        metrics_config({"filter/a": "{metric_conditions: ['metric.name == \"a\"']}"}),
        "filter/a:",
    ),
    ("ERROR_MODE_HIDES_ERRORS", "warning", metrics_config({"transform": "{error_mode: silent}"}), "transform:"),
    (
        "HOST_IDENTITY_NOT_SET",
        "warning",
        pipeline_config(
            {"memory_limiter": "{check_interval: 1s, limit_mib: 9}"}, receiver="host_metrics: {scrapers: {cpu: }}"
        ),
        "    metrics:",
    ),
    (
        "HOST_IDENTITY_REMOVED",
        "error",
        metrics_config({"resource/strip": "{attributes: [{pattern: '^host', action: delete}]}"}),
        "resource/strip:",
    ),
    (
        "HOST_IDENTITY_REMOVED",
        "error",
        metrics_config({"transform": RESOURCE % 'keep_keys(attributes, ["process.pid"])'}),
        "transform:",
    ),
    (
        "GROUPED_NOT_SUMMED",
        "error",
        metrics_config({"groupbyattrs": "{keys: [process.executable.name]}"}),
        "groupbyattrs: {",
    ),
    ("GROUPED_NOT_SUMMED", "error", metrics_config({"resource/x": FORGET_PID, "groupbyattrs": ""}), "groupbyattrs: "),
    ("PROCESS_IDENTITY_LOST", "error", metrics_config({"resource/x": FORGET_PID}), "resource/x:"),
    (
        "PROCESS_IDENTITY_LOST",
        "error",
        metrics_config({"transform": RESOURCE % 'delete_key(attributes, "process.pid")'}),
        "transform:",
    ),
    (
        "PROCESS_IDENTITY_LOST",
        "error",
        metrics_config(
            receiver="host_metrics: {scrapers: {process: {resource_attributes: {process.pid: {enabled: false}}}}}"
        ),
        "host_metrics:",
    ),
    (
        "SUM_OF_CUMULATIVE_COUNTERS",
        "error",
        metrics_config(
            {"resource/x": FORGET_PID, "groupbyattrs": "", "transform/align": ALIGN, "transform/sum": AGGREGATE}
        ),
        "transform/sum:",
    ),
    (
        "SUM_OF_CUMULATIVE_COUNTERS",
        "error",
        metrics_config(
            {
                "resource/x": FORGET_PID,
                "groupbyattrs": "",
                "transform/align": ALIGN,
                "metrics_transform": "{transforms: [{include: 'process\\.cpu.*', match_type: regexp, action: update, "
                "operations: [{action: aggregate_labels, label_set: []}]}]}",
            }
        ),
        "metrics_transform:",
    ),
    ("EXPORTER_REFUSES_DELTA", "error", metrics_config({"cumulativetodelta": ""}, exporter=REMOTE), "exporters: ["),
    (
        "PROMETHEUS_COLLAPSES_PROCESSES",
        "error",
        metrics_config(exporter='prometheus: {endpoint: "127.0.0.1:9464"}'),
        "exporters: [",
    ),
    (
        "PROCESS_METRIC_UNKNOWN",
        "error",
        metrics_config(receiver="host_metrics: {scrapers: {process: {metrics: {process.memory.physical: }}}}"),
        "host_metrics:",
    ),
    (
        "PROCESS_METRIC_UNKNOWN",
        "warning",
        metrics_config(
            {"filter/a": "{error_mode: propagate, metrics: {metric: ['name == \"process.memory.physical\"']}}"}
        ),
        "filter/a:",
    ),
    (
        "COLLECTION_INTERVAL_SHORT",
        "warning",
        metrics_config(receiver="hostmetrics: {collection_interval: 500ms, scrapers: {process: }}"),
        "hostmetrics:",
    ),
    (
        "SECRET_IN_CLEAR",
        "error",
        metrics_config(exporter="otlp_http: {endpoint: 'http://a', headers: {DD-API-KEY: 0123456789}}"),
        "otlp_http:",
    ),
    (
        "SECRET_IN_CLEAR",
        "error",
        metrics_config(exporter="otlp_http: {endpoint: 'http://a', headers: {Authorization: 'Basic YTpi'}}"),
        "otlp_http:",
    ),
    (
        "SECRET_IN_CLEAR",
        "error",
        metrics_config(exporter="otlp_http: {endpoint: 'https://me:hunter2@there'}"),
        "otlp_http:",
    ),
    (
        "CONFIG_PROVIDER_DENIED",
        "error",
        metrics_config({"resource": "{attributes: [{key: a, value: '${file:/etc/passwd}', action: upsert}]}"}),
        "resource:",
    ),
    (
        "CONFIG_PROVIDER_DENIED",
        "error",
        metrics_config({"resource": '{attributes: [{key: a, value: "\\x24{http://there}", action: upsert}]}'}),
        "resource:",
    ),
    (
        "CRITICAL_PROCESS_DROPPED",
        "error",
        metrics_config(
            {
                "filter/a": "{error_mode: propagate, metric_conditions: "
                '[\'not IsMatch(resource.attributes["process.executable.name"], "^(nginx|redis)$")\']}'
            }
        ),
        "filter/a:",
    ),
]


@pytest.mark.parametrize(("code", "severity", "text", "part"), BAD, ids=[f"{bad[0]}-{i}" for i, bad in enumerate(BAD)])
def test_says_what_is_bad_practice_and_where(code, severity, text, part):
    found = [finding for finding in findings(text, "postgres") if finding.code == code]
    assert [(finding.severity, finding.place.line) for finding in found] == [(severity, the_line(text, part))]


@pytest.mark.parametrize(("code", "severity", "text", "part"), BAD, ids=[f"{bad[0]}-{i}" for i, bad in enumerate(BAD)])
def test_bad_practice_is_no_other_finding(code, severity, text, part):
    assert set(codes(text, "postgres")) == {code}


@pytest.mark.parametrize(
    "default",
    ['"\\\\x24{file:/etc/passwd}"', "!!binary JA==", "{file:/etc/passwd", "&a b", "*a"],
)
def test_a_default_that_could_become_a_question_is_refused(default):
    value = f"${{env:A:-{default}}}".replace("'", "''")
    text = metrics_config({"resource": f"{{attributes: [{{key: a, value: '{value}', action: upsert}}]}}"})
    assert codes(text) == ["CONFIG_EXPANSION_HIDDEN"]


@pytest.mark.parametrize(
    "config",
    [
        "{scrape_config_files: [/etc/passwd]}",
        "{rule_files: &a [/etc/passwd], scrape_config_files: *a}",
        "{<<: {scrape_config_files: [/etc/passwd]}}",
        '{"scrape_config\\x5ffiles": [/etc/passwd]}',
        "'${env:A:-scrape_config_files: [/etc/passwd]}'",
    ],
)
def test_a_config_that_takes_in_other_files_is_refused(config):
    text = metrics_config(receiver=f"prometheus: {{config: {config}}}")
    assert "CONFIG_INCLUDE_DENIED" in codes(text)


@pytest.mark.parametrize("value", ["${env:${env:A}}", "${${env:A}:/x}", "${1A}", "${env:A-B}", "${A:-b}"])
def test_an_expansion_that_is_not_plain_is_refused(value):
    text = metrics_config({"resource": f"{{attributes: [{{key: a, value: '{value}', action: upsert}}]}}"})
    assert set(codes(text)) <= {"CONFIG_EXPANSION_HIDDEN", "CONFIG_PROVIDER_DENIED"}
    assert codes(text)


def test_a_secret_is_not_repeated_in_the_finding():
    text = metrics_config(exporter="otlp_http: {endpoint: 'https://me:hunter2@there', headers: {x-api-key: hunter3}}")
    assert "hunter" not in str([finding.as_dict() for finding in findings(text)])


def test_pipelines_that_mix_intervals_are_told():
    text = metrics_config().replace("  host_metrics:", "  host_metrics/slow: {scrapers: {cpu: }}\n  host_metrics:")
    text = text.replace("receivers: [host_metrics]", "receivers: [host_metrics, host_metrics/slow]")
    assert codes(text) == ["COLLECTION_INTERVALS_DIFFER"]


def test_a_connector_carries_what_earlier_pipelines_did():
    text = """\
receivers: {otlp: {protocols: {grpc: }}}
processors:
  memory_limiter: {check_interval: 1s, limit_mib: 9}
  cumulative_to_delta:
connectors: {forward: }
exporters: {prometheus_remote_write: {endpoint: "http://a"}}
service:
  pipelines:
    metrics/in: {receivers: [otlp], processors: [memory_limiter, cumulative_to_delta], exporters: [forward]}
    metrics/out: {receivers: [forward], exporters: [prometheus_remote_write]}
"""
    assert [(finding.code, finding.place.line) for finding in findings(text)] == [("EXPORTER_REFUSES_DELTA", 10)]


@pytest.mark.parametrize(
    ("condition", "dropped"),
    [
        ('IsMatch(resource.attributes["process.executable.name"], "post.*")', True),
        ('IsMatch(resource.attributes["process.executable.name"], "^nginx$")', False),
        ('resource.attributes["process.executable.name"] == "postgres"', True),
        ('resource.attributes["process.executable.name"] != "postgres"', False),
        ('resource.attributes["process.executable.name"] != "nginx"', True),
        ('resource.attributes["process.executable.name"] != "nginx" and resource.attributes["x"] == "y"', False),
    ],
)
def test_a_filter_by_name_alone_is_judged_for_critical_processes(condition, dropped):
    text = metrics_config({"filter": f"{{error_mode: propagate, metrics: {{resource: ['{condition}']}}}}"})
    assert ("CRITICAL_PROCESS_DROPPED" in codes(text, "postgres")) is dropped


@pytest.mark.parametrize(
    ("choice", "dropped"),
    [
        ("include: {match_type: strict, names: [nginx]}", True),
        ("include: {match_type: regexp, names: [post.*]}", False),
        ("exclude: {match_type: strict, names: [postgres]}", True),
        ("exclude: {match_type: regexp, names: ['(']}", False),
    ],
)
def test_the_choice_of_the_scraper_is_judged_for_critical_processes(choice, dropped):
    text = metrics_config(receiver=f"host_metrics: {{scrapers: {{process: {{{choice}}}}}}}")
    assert ("CRITICAL_PROCESS_DROPPED" in codes(text, "postgres", "kube.*", "process.owner=root")) is dropped


def test_otlp_in_needs_no_host_identity():
    assert codes(metrics_config(receiver=OTLP)) == []
