"""`phoenix loadsim` on real processes."""

import json

import psutil
import pytest
from tests.support.cli import phoenix


def _runs(process: psutil.Process) -> bool:
    try:
        # Whoever adopted it may not have asked how it ended.
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def environment(tmp_path):
    environment = {"PHOENIX_CACHE_DIR": str(tmp_path / "cache")}
    yield environment
    phoenix("loadsim", "stop", environment=environment)


def test_starts_and_stops_every_process(environment):
    line = ("loadsim", "start", "realistic", "--process-count", "30", "--churn-rate", "0", "--duration", "2m")
    started = phoenix(*line, "-o", "json", environment=environment)
    assert started.status == 0, started.err
    supervisor = psutil.Process(json.loads(started.out)["pid"])
    family = [supervisor, *supervisor.children(recursive=True)]
    assert len(family) > 30
    again = phoenix(*line, "-o", "json", environment=environment)
    assert (again.status, again.out) == (6, "")
    assert json.loads(again.err[again.err.index("{") :])["code"] == "LOADSIM_ALREADY_RUNNING"
    stopped = phoenix("loadsim", "stop", environment=environment)
    assert stopped.status == 0
    assert stopped.out.startswith("Stopped realistic: 30 processes ran")
    assert [process for process in family if _runs(process)] == []
    assert phoenix("loadsim", "stop", environment=environment).status == 4


def test_a_broken_profile_names_the_place(environment, tmp_path):
    profile = tmp_path / "own.yaml"
    profile.write_text("name: own\nprocesses:\n  - name: db\n    cuont: 3\n")
    finished = phoenix("loadsim", "start", "--profile-file", profile, environment=environment)
    assert (finished.status, finished.out) == (3, "")
    assert "own.yaml: processes[0].cuont" in finished.err
    assert "code: LOADSIM_PROFILE_INVALID" in finished.err
