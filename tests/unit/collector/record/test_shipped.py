"""The capture that ships: small, of load-simulated processes, and nothing of the machine it was made on."""

import re
from importlib.resources import files

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.collector.catalogue.source import METRICS
from phoenix.collector.record.shipped import FOLDER, HOST, shipped_capture
from phoenix.telemetry.codec import encode

NUMBERS = {"process.pid", "process.parent_pid"}
NAME = re.compile(r"loadsim(-[a-z]+)?")


@pytest.fixture(scope="module")
def capture():
    return shipped_capture()


@pytest.fixture(scope="module")
def requests(capture):
    return [ExportMetricsServiceRequest.FromString(body) for body in encode(capture)]


def texts(resource_metrics):
    return {
        item.key: item.value.string_value
        for item in resource_metrics.resource.attributes
        if item.value.WhichOneof("value") == "string_value"
    }


def test_is_small():
    folder = files("phoenix.collector.record") / FOLDER
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 1_000_000


def test_says_where_it_comes_from(capture):
    assert capture.origin.host == HOST
    assert capture.origin.masked
    assert capture.origin.interval_seconds == 5.0
    assert set(capture.origin.notes) == {"made_by", "load_profile"}


def test_says_nothing_of_the_machine_it_was_made_on(requests):
    for resource_metrics in (one for request in requests for one in request.resource_metrics):
        said = texts(resource_metrics)
        name = said["process.executable.name"]
        assert NAME.fullmatch(name)
        assert said == {
            "process.executable.name": name,
            "process.executable.path": f"/usr/bin/{name}",
            "process.command": f"/usr/bin/{name}",
            "process.owner": "root",
            "host.name": HOST,
        }
        assert {item.key for item in resource_metrics.resource.attributes} == said.keys() | NUMBERS


def test_nothing_but_process_metrics_of_the_catalogue_is_in_it(requests):
    seen = {
        metric.name
        for request in requests
        for resource_metrics in request.resource_metrics
        for scope_metrics in resource_metrics.scope_metrics
        for metric in scope_metrics.metrics
    }
    assert seen == set(METRICS)


def test_has_the_critical_processes_in_each_of_its_scrapes(requests):
    assert len(requests) >= 12
    for request in requests:
        names = {texts(resource_metrics)["process.executable.name"] for resource_metrics in request.resource_metrics}
        assert {"loadsim-db", "loadsim-web", "loadsim-queue"} <= names
        assert len(request.resource_metrics) >= 120


def test_processes_come_and_go_in_it(requests):
    pids = [
        {
            item.value.int_value
            for resource_metrics in request.resource_metrics
            for item in resource_metrics.resource.attributes
            if item.key == "process.pid"
        }
        for request in requests
    ]
    assert set.union(*pids) - pids[0]
    assert pids[0] - pids[-1]
