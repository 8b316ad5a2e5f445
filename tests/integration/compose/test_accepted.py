"""The real binary accepts what is composed, and its own metrics name things as `Composed` does."""

from pathlib import Path

import pytest
import yaml
from tests.support.live.collector import free_port, live_collector
from tests.support.live.otlp_sink import own_values
from tests.support.live.pairs import paired, steady
from tests.support.stock_collector import refusal

from phoenix.collector.catalogue import registry
from phoenix.collector.config.document import ConfigDocument

URL = "https://phoenix.example"
CASES = Path(__file__).parents[2] / "unit" / "collector" / "compose" / "cases"
# The others name components that this binary lacks, or files of a host.
ACCEPTED = ("steady_old_telemetry", "pair_one_pipeline", "pair_other_receivers", "pair_connectors")
ENVIRONMENT = {"PHOENIX_TOKEN": "t", "KEY": "k", "METRICS_PORT": "19999"}


def rendered(name):
    return ConfigDocument.parse(registry.render(name).text, f"{name}.yaml")


@pytest.mark.parametrize("name", registry.names())
def test_accepts_every_template_as_candidate(collector_binary, tmp_path, name):
    composed = paired(rendered("process-baseline-v1"), rendered(name), URL)
    assert composed.unpaired == ()
    assert refusal(collector_binary, tmp_path, composed.text, ENVIRONMENT) == ""


@pytest.mark.parametrize("name", registry.names())
def test_accepts_every_template_as_steady_config(collector_binary, tmp_path, name):
    assert refusal(collector_binary, tmp_path, steady(rendered(name), URL).text, ENVIRONMENT) == ""


@pytest.mark.parametrize("case", ACCEPTED)
def test_accepts_the_golden_texts(collector_binary, tmp_path, case):
    text = (CASES / case / "composed.yaml").read_text()
    assert refusal(collector_binary, tmp_path, text, ENVIRONMENT) == ""


def test_own_metrics_name_exporters_and_receivers_as_the_user_did(collector_binary, tmp_path, sink):
    exporters = {
        "otlphttp/a": {"endpoint": f"{sink.url}/production"},
        "prometheus": {"endpoint": f"127.0.0.1:{free_port()}"},
        "prometheusremotewrite": {"endpoint": f"{sink.url}/production"},
        "file": {"path": str(tmp_path / "out.json")},
        "debug": {},
        "nop": {},
    }
    pipeline = {"receivers": ["hostmetrics"], "processors": ["cumulativetodelta"], "exporters": [*exporters]}
    config = {
        "receivers": {"hostmetrics": {"collection_interval": "200ms", "scrapers": {"memory": {}}}},
        "processors": {"cumulativetodelta": {}},
        "exporters": exporters,
        "service": {"pipelines": {"metrics": pipeline}},
    }
    composed = steady(ConfigDocument.parse(yaml.safe_dump(config)), sink.url, own_interval_seconds=0.2)
    with live_collector(collector_binary, tmp_path, composed.text):
        sink.wait_for("/production", 4)
        last = sink.wait_for("/own/", len(sink.received("/own/")) + 2)[-1].message
    sent = own_values(last, "otelcol_exporter_sent_metric_points", "exporter")
    assert sent.keys() == set(composed.exporters) == exporters.keys() - {"nop"}
    assert all(sent.values())
    assert own_values(last, "otelcol_receiver_accepted_metric_points", "receiver").keys() == set(composed.receivers)
