import json

import pytest

from phoenix.collector.catalogue.source import HOST_IDENTITY, host_identity
from phoenix.collector.record.config import recording_config
from phoenix.collector.record.errors import RecordingTimeInvalidError
from phoenix.collector.record.scraping import expected_scrapes


@pytest.mark.parametrize(("seconds", "interval", "scrapes"), [(60, 5, 12), (5, 5, 1), (12, 5, 2), (1, 0.1, 10)])
def test_a_scrape_at_once_and_one_every_interval(seconds, interval, scrapes):
    assert expected_scrapes(seconds, interval) == scrapes


@pytest.mark.parametrize(
    ("seconds", "interval", "message"),
    [
        (60, 0, "an interval of 0 s"),
        (60, -5, "an interval of -5 s"),
        (60, float("nan"), "an interval of nan s"),
        (60, 4000, "an interval of 4000 s"),
        (3, 5, r"a length of 3 s .* one interval \(5 s\)"),
        (1e9, 5, "a length of 1e\\+09 s"),
        (float("inf"), 5, "a length of inf s"),
    ],
)
def test_refuses_times_out_of_range(seconds, interval, message):
    with pytest.raises(RecordingTimeInvalidError, match=message):
        expected_scrapes(seconds, interval)


def test_the_receivers_own_settings_stand_but_for_its_times():
    receiver = {
        "scrapers": {"process": {"mute_process_all_errors": True}},
        "collection_interval": "1h",
        "timeout": "9s",
    }
    config = json.loads(recording_config(receiver, interval_seconds=2.5, path="/out"))
    assert config["receivers"]["host_metrics"] == {
        "scrapers": {"process": {"mute_process_all_errors": True}},
        "collection_interval": "2.5s",
        "initial_delay": "0s",
        "timeout": "9s",
    }


def test_the_collector_opens_no_port_and_says_which_host_it_is():
    config = json.loads(recording_config({}, interval_seconds=5, path="/out"))
    assert config["service"]["telemetry"]["metrics"] == {"level": "none"}
    assert "extensions" not in config["service"]
    assert config["processors"] == {HOST_IDENTITY: host_identity()}
    assert config["service"]["pipelines"]["metrics"]["processors"] == [HOST_IDENTITY]
    assert config["exporters"]["file"]["path"] == "/out"
