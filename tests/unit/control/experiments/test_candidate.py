"""What is known of a candidate and of the config it runs in."""

from datetime import UTC, datetime
from typing import Any

import pytest

from phoenix.collector.compose.model import PhoenixEndpoint
from phoenix.collector.compose.paired import compose_pair
from phoenix.collector.config.document import ConfigDocument
from phoenix.control.experiments.judging.candidate import CandidateFacts, boundary_of, scrape_seconds
from phoenix.control.pipelines.model import Draft, PipelineVersion, Source
from phoenix.core.ids import ExperimentId, PipelineVersionId, RevisionId
from phoenix.decide.arms.model import Boundary

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BASE = """\
receivers: {host_metrics: {collection_interval: 10s, scrapers: {process: {}}}}
exporters: {debug: {}}
processors: {%s}
service: {pipelines: {metrics: {receivers: [host_metrics], processors: [%s], exporters: [debug]}}}
"""


def version(text: str, template: str | None = None, parameters: dict[str, Any] | None = None) -> PipelineVersion:
    source = Source.CATALOGUE if template else Source.USER
    draft = Draft(text, source, template, parameters)
    return PipelineVersion(
        PipelineVersionId("pv-1"), "p", 1, text, draft.digest, source, template, parameters, {}, NOON, "usr-1"
    )


def config(processors: str = "", names: str = "") -> str:
    return BASE % (processors, names)


def paired(candidate: str) -> str:
    return compose_pair(
        ConfigDocument.parse(config()),
        ConfigDocument.parse(candidate),
        endpoint=PhoenixEndpoint("http://127.0.0.1:8080"),
        experiment=ExperimentId("exp-1"),
        revision=RevisionId("rev-1"),
    ).text


@pytest.mark.parametrize(
    ("processors", "names", "stay"),
    [
        ("filter: {}, batch: {}", "filter, batch", True),
        ("filter: {}, transform: {}", "filter, transform", False),
        ("transform: {}", "", True),
    ],
)
def test_values_stay_where_no_processor_in_use_may_change_them(processors, names, stay):
    assert CandidateFacts.of(version(config(processors, names))).values_stay is stay


def test_a_template_declares_what_it_does_and_a_users_text_nothing():
    template = version(config(), "process-priority-filter-v1", {})
    assert CandidateFacts.of(template).declared is not None
    assert CandidateFacts.of(version(config())).declared is None


def test_a_template_that_cannot_be_rendered_again_declares_nothing():
    assert CandidateFacts.of(version(config(), "process-topk-v1", {"top_k": 5})).declared is None


def test_the_boundary_is_before_the_candidates_first_processor():
    assert boundary_of(paired(config("filter: {}", "filter"))) == Boundary(
        ("host_metrics",), "filter/phoenix_candidate"
    )


def test_a_candidate_without_processors_has_nothing_that_tells_what_waits():
    assert boundary_of(paired(config())) == Boundary(("host_metrics",), "")


def test_the_shortest_interval_of_the_receivers_named_counts():
    text = (
        "receivers:\n"
        "  host_metrics/slow: {collection_interval: 1m}\n"
        "  host_metrics/fast: {collection_interval: 5s}\n"
        "  prometheus:\n"
        "    config: {global: {scrape_interval: 15s}, scrape_configs: [{job_name: a, scrape_interval: 7s}]}\n"
        "  otlp: {}\n"
    )
    assert scrape_seconds(text, ("host_metrics/slow", "prometheus", "otlp")) == 7.0
    assert scrape_seconds(text, ("host_metrics/slow", "host_metrics/fast")) == 5.0
    assert scrape_seconds(text, ("otlp",)) == 0.0
