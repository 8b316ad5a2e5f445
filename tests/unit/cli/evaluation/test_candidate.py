from dataclasses import replace

import pytest
from tests.support.replay.process_requests import scrapes

from phoenix.cli.evaluation.candidate import Candidate
from phoenix.collector.config.document import ConfigDocument
from phoenix.decide.report import Cadence
from phoenix.telemetry.capture import Origin

CONFIG = """receivers:
  host_metrics: {RECEIVER}
processors:
  interval: {interval: 60s}
  batch: {}
exporters:
  debug: {}
service:
  pipelines:
    metrics: {receivers: [host_metrics], processors: [PROCESSOR], exporters: [debug]}
"""
AT_5_SECONDS = scrapes([0, 5, 10]).with_origin(Origin(host="a", interval_seconds=5.0))


def candidate(receiver="collection_interval: 60s", processor="batch"):
    text = CONFIG.replace("RECEIVER", receiver).replace("PROCESSOR", processor)
    return Candidate("mine", ConfigDocument.parse(text, "mine.yaml"))


@pytest.mark.parametrize(
    ("receiver", "processor", "cadence"),
    [
        ("collection_interval: 60s", "batch", Cadence(60)),
        ("", "batch", Cadence(5)),
        ("collection_interval: '${env:EVERY}'", "batch", Cadence(5)),
        ("collection_interval: 60s", "interval", Cadence(60, thins_by_clock=True)),
        ("collection_interval: 5s", "interval", Cadence(5)),
    ],
)
def test_the_cadence_is_the_config_s_or_else_the_capture_s(receiver, processor, cadence):
    assert candidate(receiver, processor).cadence(None, AT_5_SECONDS) == cadence


def test_a_capture_of_unknown_cadence_counts_as_one_a_minute():
    unknown = AT_5_SECONDS.with_origin(replace(AT_5_SECONDS.origin, interval_seconds=None))
    assert candidate("").cadence(None, unknown) == Cadence(60)


def test_receivers_are_told_apart_by_their_settings():
    assert candidate().receivers(None) == {"host_metrics": {"collection_interval": "60s"}}
    assert candidate().receivers(None) != candidate("collection_interval: 10s").receivers(None)
