"""What cannot be composed is refused with its place and a remedy; nothing is lost silently."""

import pytest

from phoenix.collector.compose.errors import (
    CandidateSourceError,
    ConfigNotWrittenOutError,
    NameReservedError,
    NoMetricsPipelineError,
    ReferenceUnknownError,
    TelemetryUnsupportedError,
)
from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.compose.steady import compose_steady
from phoenix.collector.config.document import ConfigDocument
from phoenix.core.ids import ExperimentId, RevisionId

ENDPOINT, REVISION = PhoenixEndpoint("http://phoenix:8080"), RevisionId("rev-1")
GOOD = """
receivers: {otlp: {protocols: {grpc: }}}
exporters: {debug: }
service: {pipelines: {metrics: {receivers: [otlp], exporters: [debug]}}}
"""


def steady(text):
    return compose_steady(ConfigDocument.parse(text, "a.yaml"), endpoint=ENDPOINT, revision=REVISION)


def pair(baseline, candidate):
    documents = ConfigDocument.parse(baseline, "a.yaml"), ConfigDocument.parse(candidate, "b.yaml")
    return compose_pair(*documents, endpoint=ENDPOINT, experiment=ExperimentId("exp-1"), revision=REVISION)


def with_service(more):
    return GOOD.replace("service: {", f"service: {{{more}, ")


@pytest.mark.parametrize(
    ("text", "error", "place", "words"),
    [
        ("receivers: ${file:r.yaml}\n", ConfigNotWrittenOutError, "a.yaml:1:1", "receivers"),
        ("service: ${env:S}\n", ConfigNotWrittenOutError, "a.yaml:1:1", "not a mapping"),
        ("service: {pipelines: {metrics: {exporters: '${env:E}'}}}\n", ConfigNotWrittenOutError, "a.yaml:1:33", "list"),
        ("service: {extensions: [1]}\n", ConfigNotWrittenOutError, "a.yaml:1:11", "list of names"),
        ("exporters: {/x: }\n", ConfigNotWrittenOutError, "a.yaml:1:13", "before /"),
        ("exporters: {otlphttp/phoenix_baseline: }\n", NameReservedError, "a.yaml:1:13", "Phoenix needs"),
        ("processors: {batch/phoenix_boundary: }\n", NameReservedError, "a.yaml:1:14", "Phoenix needs"),
        (GOOD.replace("[debug]", "[debug, other]"), ReferenceUnknownError, "a.yaml:4:23", "exporter other"),
        (with_service("telemetry: {metrics: {readers: '${env:R}'}}"), ConfigNotWrittenOutError, "a.yaml", "readers"),
        (with_service("telemetry: {metrics: '${file:m.yaml}'}"), ConfigNotWrittenOutError, "a.yaml", "metrics"),
        (with_service("telemetry: {metrics: {address: 8888}}"), TelemetryUnsupportedError, "a.yaml", "host:port"),
        (with_service("telemetry: {resource: {attributes: x}}"), ConfigNotWrittenOutError, "a.yaml", "attributes"),
        (
            with_service("telemetry: {resource: {attributes: [{name: a, value: [1]}]}}"),
            TelemetryUnsupportedError,
            "a.yaml",
            "one value",
        ),
    ],
)
def test_a_config_that_cannot_be_kept_whole_is_refused(text, error, place, words):
    with pytest.raises(error) as refused:
        steady(text)
    assert str(refused.value.details["place"]).startswith(place)
    assert words in refused.value.message
    assert refused.value.user_action.endswith(".")


def test_an_experiment_needs_metrics_on_both_sides():
    none = GOOD.replace("metrics:", "traces:")
    for baseline, candidate, source in ((none, GOOD, "a.yaml"), (GOOD, none, "b.yaml")):
        with pytest.raises(NoMetricsPipelineError) as refused:
            pair(baseline, candidate)
        assert source in refused.value.message


def test_an_unknown_processor_of_the_candidate_is_named_with_its_pipeline():
    candidate = GOOD.replace("exporters: [debug]", "processors: [gone], exporters: [debug]")
    with pytest.raises(ReferenceUnknownError, match=r"b.yaml:4:23: service::pipelines::metrics: a processor gone"):
        pair(GOOD, candidate)


def test_metrics_made_of_the_candidates_traces_are_refused_unless_the_baseline_makes_them_too():
    candidate = """
receivers: {otlp: {protocols: {grpc: }}}
connectors: {count: {spans: {calls: {}}}}
exporters: {debug: }
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [count]}
    metrics: {receivers: [count], exporters: [debug]}
"""
    with pytest.raises(CandidateSourceError, match="connector count"):
        pair(GOOD, candidate)
    unread = candidate.replace("metrics: {receivers: [count]", "metrics: {receivers: [otlp]")
    composed = pair(unread.replace("exporters: [count]", "exporters: [count, debug]"), candidate)
    assert "Connector count is in the baseline, but no metrics pipeline of it reads it." in composed.unpaired
