"""Production gets the same points, each once and at once, whatever becomes of the candidate or the meter.

A deterministic OTLP stream goes through a config without an experiment, and with one in each state the meter and the
candidate can be in. Compared are the points in the production exporter's file and the answer to each request: an answer
other than 200 makes a client send again what production holds.
"""

import pytest
import yaml
from tests.support.live.collector import free_port, live_collector, send
from tests.support.live.pairs import KEEP_NOTHING_AND_FAIL, config, otlp, paired, steady
from tests.support.replay.process_requests import scrapes

from phoenix.collector.compose.model import Arm
from phoenix.collector.compose.names import BOUNDARY, METERS
from phoenix.telemetry.codec import decode, encode
from phoenix.telemetry.diff import diff

# More than the queue of a meter's exporter (64) and its senders (16) hold together.
REQUESTS = encode(scrapes([float(number) for number in range(150)], processes=8))
SHADOW = {"filter/half": "{metric_conditions: ['metric.name == \"process.cpu.time\"']}"}
CHANGES = {"resource/here": "{attributes: [{key: here, value: yes, action: insert}]}"}


@pytest.fixture(scope="module")
def without_experiment(collector_binary, tmp_path_factory):
    """What production holds and what clients were answered when there is no experiment."""
    folder, port = tmp_path_factory.mktemp("steady"), free_port()
    text = steady(config(otlp(port), folder, CHANGES), "http://127.0.0.1:9").text
    with live_collector(collector_binary, folder, text) as live:
        statuses = send(port, REQUESTS)
        return live.wait_for_written(len(REQUESTS)), statuses


@pytest.fixture
def experiment(collector_binary, tmp_path, sink):
    """Return what production held and clients were answered, looked at while the trouble is still there."""

    def run(processors=None, *, spoil=lambda _: None):
        port = free_port()
        candidate = config(otlp(port), tmp_path, {**CHANGES, **(processors or SHADOW)})
        composed = paired(config(otlp(port), tmp_path, CHANGES), candidate, sink.url)
        generated = yaml.safe_load(composed.text)
        spoil(generated)
        with live_collector(collector_binary, tmp_path, yaml.safe_dump(generated)) as live:
            statuses = send(port, REQUESTS)
            written = live.wait_for_written(len(REQUESTS))
            sink.release()
        return written, statuses

    return run


def assert_same(found, expected):
    (written, statuses), (expected_written, expected_statuses) = found, expected
    assert statuses == expected_statuses == [200] * len(REQUESTS)
    assert len(written) == len(expected_written)
    difference = diff(decode(expected_written), decode(written))
    assert difference.equal, difference.differences


def test_a_healthy_experiment_changes_nothing(experiment, without_experiment, sink):
    assert_same(experiment(), without_experiment)
    arms = [sink.received(f"/{arm}/") for arm in ("baseline", "candidate")]
    assert [len(arm) for arm in arms] == [len(REQUESTS)] * 2


@pytest.mark.parametrize("arm", ["candidate", "baseline", "/exp-1/"])
def test_a_meter_that_hangs_changes_nothing(experiment, without_experiment, sink, arm):
    sink.hang(arm)
    assert_same(experiment(), without_experiment)


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_meter_that_answers_errors_changes_nothing(experiment, without_experiment, sink, status):
    sink.refuse("/exp-1/", status)
    assert_same(experiment(), without_experiment)
    assert any("/exp-1/candidate/" in path for path in sink.attempts)


def test_a_meter_that_is_killed_changes_nothing(experiment, without_experiment, sink):
    sink.close()
    assert_same(experiment(), without_experiment)


def test_a_candidate_whose_processor_fails_changes_nothing(experiment, without_experiment, sink):
    assert_same(experiment(KEEP_NOTHING_AND_FAIL), without_experiment)
    assert not sink.received("/candidate/")
    assert len(sink.received("/baseline/")) == len(REQUESTS)


def test_a_candidate_that_drops_everything_changes_nothing(experiment, without_experiment, sink):
    assert_same(experiment({"filter/all": "{metric_conditions: ['metric.name != \"\"']}"}), without_experiment)
    assert not sink.received("/candidate/")


def test_without_the_boundary_a_failing_candidate_would_make_clients_send_twice(experiment):
    def spoil(generated):
        generated["service"]["pipelines"]["metrics/phoenix_candidate"]["processors"].remove(BOUNDARY)

    written, statuses = experiment(KEEP_NOTHING_AND_FAIL, spoil=spoil)
    assert set(statuses) == {503}
    assert len(written) == len(REQUESTS)


def test_without_the_tap_a_full_queue_of_the_meter_would_make_clients_send_twice(experiment, sink):
    def spoil(generated):
        pipelines = generated["service"]["pipelines"]
        del pipelines["metrics/phoenix_baseline"], generated["connectors"]
        pipelines["metrics"]["exporters"] = ["file", METERS[Arm.BASELINE]]

    sink.hang("baseline")
    written, statuses = experiment(spoil=spoil)
    assert 503 in statuses
    assert len(written) == len(REQUESTS)
