"""An experiment as a user drives it: server, host and experiment by command, on a real collector, to its end."""

import contextlib
import json
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.support.cli import PHOENIX, clean_environment, phoenix

BASELINE = """
receivers:
  host_metrics:
    collection_interval: 1s
    scrapers:
      memory: {}
      load: {}
      paging: {}
processors:
  resource:
    attributes: [{key: host.name, value: "${env:HOSTNAME:-h1}", action: upsert}]
exporters:
  debug: {}
service:
  pipelines:
    metrics:
      receivers: [host_metrics]
      processors: [resource]
      exporters: [debug]
"""
CANDIDATE = BASELINE.replace(
    "exporters:\n  debug: {}",
    "  filter:\n    error_mode: propagate\n"
    "    metrics: {metric: ['IsMatch(name, \"^system[.]paging[.].*\")']}\nexporters:\n  debug: {}",
).replace("processors: [resource]", "processors: [resource, filter]")


@contextlib.contextmanager
def running(environment: Mapping[str, str], *line: str | Path) -> Iterator[dict[str, Any]]:
    """Run a command that stays, give the document it wrote, and end it by Ctrl-C."""
    with subprocess.Popen(
        [PHOENIX, *line, "-o", "json"],
        env=clean_environment(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as command:
        try:
            said = ""
            assert command.stdout is not None
            while not said.endswith("\n}\n"):
                read = command.stdout.readline()
                assert read, f"it ended: {said}"
                said += read
            yield json.loads(said)
        finally:
            command.send_signal(signal.SIGINT)
            try:
                command.wait(30)
            finally:
                command.kill()


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Iterator[dict[str, str]]:
    """A server and one host of it, whose config is proved."""
    folder = tmp_path_factory.mktemp("live")
    (folder / "baseline.yaml").write_text(BASELINE, encoding="utf-8")
    (folder / "candidate.yaml").write_text(CANDIDATE, encoding="utf-8")
    settings = {
        "PHOENIX_SERVER__DATA_DIR": str(folder / "data"),
        "XDG_STATE_HOME": str(folder / "state"),
        "PHOENIX_SERVER__OWN_METRICS_INTERVAL": "1s",
    }
    with running(settings, "up", "--port", "0", "--grpc-port", "0") as server:
        here = settings | {"PHOENIX_API_URL": server["url"], "FOLDER": str(folder)}
        line = ("host", "enrol", "--name", "h1", "--label", "app=web", "--config", folder / "baseline.yaml", "--start")
        with running(here, *line):
            deadline = time.monotonic() + 90
            while document(here, "host", "get", "h1")["proved"] is None:
                assert time.monotonic() < deadline, phoenix("doctor", "h1", environment=here).out
                time.sleep(0.5)
            yield here


def document(environment: Mapping[str, str], *line: str | Path) -> Any:
    finished = phoenix(*line, "-o", "json", environment=environment)
    assert finished.status == 0, finished.err
    return json.loads(finished.out)


def test_an_experiment_runs_to_its_end_and_is_promoted(environment) -> None:
    folder = Path(environment["FOLDER"])
    sides = ("--baseline", folder / "baseline.yaml", "--candidate", folder / "candidate.yaml")
    line = ("experiment", "create", *sides, "-l", "app=web", "--windows", "2", "--window", "5s")
    assert document(environment, *line, "--dry-run")["experiment"] is None
    made = document(environment, *line, "--start")["experiment"]
    finished = phoenix("experiment", "status", made["id"], "--watch", "-o", "json", environment=environment)
    assert finished.status == 0, finished.err
    ended = json.loads(finished.out)
    assert (ended["phase"], ended["verdict"]) == ("completed", "measured"), ended
    assert finished.err.count(": series ") >= 2

    windows = document(environment, "experiment", "metrics", made["id"])["items"]
    assert len([it for it in windows if it["no_data"] is None]) >= 2
    comparison = document(environment, "experiment", "compare", made["id"])
    assert 0 < comparison["saving_percent"]["series"] < 100
    assert comparison["loss"]["corrupted"] == []
    promoted = document(environment, "experiment", "promote", made["id"], "--reason", "it saves")
    assert promoted["resolution"] == "promoted"
    assert phoenix("experiment", "get", made["id"], environment=environment).status == 0
    assert [it["id"] for it in document(environment, "experiment", "list")["items"]] == [made["id"]]


def test_the_doctor_is_content_and_the_history_tells_what_was(environment) -> None:
    assert document(environment, "doctor")["well"]
    kinds = [it["kind"] for it in document(environment, "host", "history", "h1")["events"]]
    assert kinds[0] == "enrolled"
    assert {"connected", "offered", "proved"} <= set(kinds)


def test_a_stopped_experiment_brings_the_host_back(environment) -> None:
    folder = Path(environment["FOLDER"])
    sides = ("--baseline", folder / "baseline.yaml", "--candidate", folder / "candidate.yaml")
    made = document(environment, "experiment", "create", *sides, "--windows", "500", "--window", "5s", "--start")
    experiment = made["experiment"]["id"]
    stopped = document(environment, "experiment", "stop", experiment, "--reason", "changed my mind")
    assert stopped["phase"] == "restoring"
    ended = document(environment, "experiment", "status", experiment, "--watch")
    assert (ended["phase"], ended["reason"]) == ("cancelled", "changed my mind")
