"""The config that a promoted candidate becomes."""

import pytest

from phoenix.collector.compose.errors import ExportersAmbiguousError, NoMetricsPipelineError
from phoenix.collector.compose.promoted import promoted_document
from phoenix.collector.config.document import ConfigDocument

BASELINE = """\
receivers: {host_metrics: {scrapers: {process: {}}}, otlp: {protocols: {grpc: {}}}}
processors: {batch: {}, filter/old: {metrics: {metric: ['name == "a"']}}}
exporters: {otlp_http/vendor: {endpoint: "https://vendor.example"}, debug: {}}
extensions: {health_check: {}}
service:
  extensions: [health_check]
  pipelines:
    metrics: {receivers: [host_metrics], processors: [filter/old, batch], exporters: [otlp_http/vendor]}
    metrics/look: {receivers: [otlp], exporters: [debug]}
    traces: {receivers: [otlp], processors: [batch], exporters: [otlp_http/vendor]}
"""
CANDIDATE = """\
receivers: {host_metrics/mine: {scrapers: {process: {}}}}
processors: {filter/new: {metrics: {metric: ['name == "b"']}}, batch: {timeout: 5s}}
exporters: {debug/mine: {}}
service:
  pipelines: {metrics/cheap: {receivers: [host_metrics/mine], processors: [filter/new, batch], exporters: [debug/mine]}}
"""


def promoted(baseline: str = BASELINE, candidate: str = CANDIDATE):
    return promoted_document(ConfigDocument.parse(baseline), ConfigDocument.parse(candidate)).data


def test_the_candidates_processing_sends_to_the_baselines_exporters():
    data = promoted()
    assert data["service"]["pipelines"]["metrics/cheap"] == {
        "receivers": ["host_metrics"],
        "processors": ["filter/new", "batch/candidate"],
        "exporters": ["otlp_http/vendor"],
    }
    assert data["processors"]["batch/candidate"] == {"timeout": "5s"}


def test_what_is_not_the_metrics_that_are_sent_stays_as_it_is():
    data = promoted()
    before = ConfigDocument.parse(BASELINE).data
    assert set(data["service"]["pipelines"]) == {"metrics/cheap", "metrics/look", "traces"}
    for pipeline in ("metrics/look", "traces"):
        assert data["service"]["pipelines"][pipeline] == before["service"]["pipelines"][pipeline]
    assert (data["exporters"], data["extensions"]) == (before["exporters"], before["extensions"])
    assert data["service"]["extensions"] == ["health_check"]


def test_what_only_the_replaced_pipelines_used_is_gone():
    data = promoted()
    assert set(data["processors"]) == {"filter/new", "batch", "batch/candidate"}
    assert set(data["receivers"]) == {"host_metrics", "otlp"}


def test_nothing_of_the_experiment_is_left():
    document = promoted_document(ConfigDocument.parse(BASELINE), ConfigDocument.parse(CANDIDATE))
    assert "phoenix" not in document.text.partition("\n")[2]


def test_a_promoted_config_can_be_promoted_over_again():
    first = promoted_document(ConfigDocument.parse(BASELINE), ConfigDocument.parse(CANDIDATE))
    second = promoted_document(first, ConfigDocument.parse(BASELINE))
    before = ConfigDocument.parse(BASELINE).data["service"]["pipelines"]
    assert second.data["service"]["pipelines"]["metrics"]["exporters"] == before["metrics"]["exporters"]


def test_pipelines_of_the_same_ids_keep_their_exporters():
    two = """\
receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {otlp_http/a: {endpoint: "https://a.example"}, otlp_http/b: {endpoint: "https://b.example"}}
service:
  pipelines:
    metrics/a: {receivers: [otlp], exporters: [otlp_http/a]}
    metrics/b: {receivers: [otlp], exporters: [otlp_http/b]}
"""
    data = promoted(two, two.replace("a.example", "x.example"))
    assert data["service"]["pipelines"]["metrics/b"]["exporters"] == ["otlp_http/b"]
    with pytest.raises(ExportersAmbiguousError):
        promoted(two, CANDIDATE)


def test_a_baseline_that_sends_nothing_cannot_take_a_candidate():
    with pytest.raises(NoMetricsPipelineError):
        promoted("receivers: {otlp: {}}\nexporters: {debug: {}}\nservice: {pipelines: {}}\n")
