"""Recording this machine with the real collector."""

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.machine.simulated import as_nobody, marked, with_environment

from phoenix.collector.catalogue.source import RECEIVER, receivers
from phoenix.collector.record.errors import NothingRecordedError, RecordingFailedError
from phoenix.collector.record.readability import readability
from phoenix.collector.record.recorder import record
from phoenix.loadsim.profile import ProcessGroup, Profile
from phoenix.loadsim.profiles import find
from phoenix.loadsim.simulation import start
from phoenix.telemetry.codec import encode

if TYPE_CHECKING:
    from phoenix.collector.record.scraping import RecordingProgress


@pytest.fixture(scope="module")
def profile():
    return find("realistic").with_process_count(60).with_churn_rate(0)


@pytest.fixture(scope="module")
def recording(collector, profile, tmp_path_factory):
    seen: list[RecordingProgress] = []
    folder = tmp_path_factory.mktemp("loadsim")
    with start(profile, folder=folder):
        # Other simulations may run on this machine.
        own = marked(folder)
        recorded = record(collector, seconds=4, interval_seconds=1, progress=seen.append)
    return recorded, seen, own


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "loadsim"


@pytest.fixture(scope="module")
def scrapes(recording):
    return [ExportMetricsServiceRequest.FromString(request) for request in encode(recording[0].capture)]


def only(name):
    """Return the receiver of the catalogue, command lines included, for processes of one name."""
    receiver = receivers(1, command_line=True)[RECEIVER]
    receiver["scrapers"]["process"]["include"] = {"match_type": "strict", "names": [name]}
    return receiver


def attributes(resource_metrics):
    return {item.key: item.value.string_value or item.value.int_value for item in resource_metrics.resource.attributes}


def test_makes_the_scrapes_asked_for(recording, scrapes):
    assert recording[0].expected_scrapes == 4
    assert len(scrapes) in (4, 5)
    received = recording[0].capture.batches
    assert (received[1:] > received[:-1]).all()


def test_every_simulated_process_has_its_name_in_every_scrape(recording, scrapes, profile):
    for scrape in scrapes:
        found = [attributes(resource) for resource in scrape.resource_metrics]
        names = [one["process.executable.name"] for one in found if one["process.pid"] in recording[2]]
        for group in profile.processes:
            assert names.count(group.name) == group.count


def test_every_process_says_which_host_it_is_on(scrapes):
    for scrape in scrapes:
        for resource in scrape.resource_metrics:
            found = attributes(resource)
            assert found["host.name"] == socket.gethostname()


def test_only_the_first_scrape_lacks_the_utilization(scrapes):
    def has_utilization(scrape):
        return any(
            metric.name == "process.cpu.utilization"
            for resource in scrape.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        )

    assert [has_utilization(scrape) for scrape in scrapes] == [False] + [True] * (len(scrapes) - 1)


def test_scrapes_are_whole(recording, scrapes):
    # A process that lasts is in all of them, with the same metrics.
    counts = [
        {
            attributes(resource)["process.pid"]: sum(len(scope.metrics) for scope in resource.scope_metrics)
            for resource in scrape.resource_metrics
            if attributes(resource)["process.pid"] in recording[2]
        }
        for scrape in scrapes
    ]
    assert all(count == counts[1] for count in counts[1:])


def test_says_where_it_comes_from(recording):
    origin = recording[0].capture.origin
    assert origin.host == socket.gethostname()
    assert origin.collector_version
    assert origin.interval_seconds == 1.0
    assert "user-space processes can be read" in origin.notes["processes"]


def test_says_how_far_it_is(recording):
    seen = recording[1]
    assert seen[-1].scrapes == seen[-1].expected_scrapes == 4
    assert [one.elapsed_seconds for one in seen] == sorted(one.elapsed_seconds for one in seen)
    assert len(seen) < 60


@pytest.mark.parametrize("mask", [True, False])
def test_arguments_of_command_lines_are_masked_unless_asked_otherwise(collector, folder, mask):
    receiver = only("secretive")
    group = ProcessGroup(name="secretive", count=1, arguments=("--password=hunter2", "hunter2"))
    with start(Profile(name="p", processes=(group,)), folder=folder):
        capture = record(collector, seconds=0.2, interval_seconds=0.2, receiver=receiver, mask=mask).capture
    (request,) = encode(capture)[:1]
    assert (b"hunter2" in request) is not mask
    assert b"secretive --password=" in request
    assert capture.origin.masked is mask


def test_leaves_no_process(collector, own_mark):
    before = set(with_environment(own_mark))
    record(collector, seconds=0.2, interval_seconds=0.2)
    assert set(with_environment(own_mark)) <= before


def test_a_port_in_use_does_not_matter(collector):
    # 8888 is where a collector would show its own metrics.
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", 8888))
        taken.listen()
        assert record(collector, seconds=0.2, interval_seconds=0.2).capture.points


def test_needs_no_room_on_the_disk(collector, tmp_path):
    # No process may write a byte to a file, and there is no folder for temporary ones.
    code = f"""
import resource, sys
from pathlib import Path
from phoenix.collector.catalogue.source import RECEIVER, receivers
from phoenix.collector.record.scraping import scrape
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
requests, said = scrape(Path({str(collector.path)!r}), receivers(1)[RECEIVER], scrapes=2, interval_seconds=0.2)
sys.exit(0 if len(requests) >= 2 and not said else said)
"""
    environment = {**os.environ, "TMPDIR": str(tmp_path / "missing")}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_a_receiver_that_the_collector_refuses_is_quoted(collector):
    with pytest.raises(RecordingFailedError, match=r"has invalid keys: nope") as caught:
        record(collector, seconds=1, interval_seconds=1, receiver={"scrapers": {"process": {"nope": 1}}})
    assert "\n" not in caught.value.message


def test_scrapes_without_a_point_are_no_recording(collector):
    with pytest.raises(NothingRecordedError, match="1 scrapes without a point"):
        record(collector, seconds=0.2, interval_seconds=0.2, receiver=only("no-such-process"))


def test_nobody_can_read_less_than_root():
    def look() -> dict[str, object]:
        found = readability()
        return {"lacks": found.user_space - found.readable, "capable": found.capable, "words": found.explanation}

    found = as_nobody(look)
    assert found["lacks"] > 0
    assert not found["capable"]
    assert "CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH" in found["words"]
