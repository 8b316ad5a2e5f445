"""`./dev run --once -o json` gives what the README promises."""

import os
import signal
import socket
import subprocess
import time

import psutil
import pytest
from tests.e2e.conftest import PHOENIX

from phoenix.decide.pricing.sheets.shipped import vendors

CATALOGUE = {"baseline", "priority-filter", "topk", "aggregated", "adaptive", "minimal", "intelligent"}
VENDORS = set(vendors())


def test_names_host_collector_and_capture(main_job):
    assert main_job.result["host"] == socket.gethostname()
    assert tuple(map(int, main_job.result["collector_version"].split("."))) >= (0, 155, 0)
    capture = main_job.result["capture"]
    assert capture["scrapes"] == 4
    assert capture["processes"] >= 50
    assert capture["points"] > 1000


def test_starts_the_load_simulation_where_there_is_little_to_see(main_job):
    assert main_job.result["capture"]["load_profile"] == "realistic"
    assert "starting the load simulation" in main_job.stderr


def test_evaluates_the_whole_catalogue(main_job):
    assert {it["name"] for it in main_job.result["pipelines"]} == {f"process-{name}-v1" for name in CATALOGUE}


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_pipeline_has_saving_loss_and_cost(main_job, name):
    pipeline = main_job.pipeline(name)
    assert pipeline["series"] > 0
    assert pipeline["points"] > 0
    assert pipeline["bytes"] > 0
    assert set(pipeline["saving_percent"]) == {"series", "points", "bytes", *VENDORS}
    assert {"dropped", "folded", "corrupted"} <= set(pipeline)
    assert pipeline["cpu_seconds_per_million_points"] > 0


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_every_pipeline_is_safe_and_keeps_the_critical(main_job, name):
    pipeline = main_job.pipeline(name)
    assert pipeline["corrupted"] == []
    assert pipeline["critical_processes"]["expected"] >= 3
    assert pipeline["critical_processes"]["kept"] == pipeline["critical_processes"]["expected"]
    assert pipeline["safe"]


def test_the_baseline_leaves_everything_as_it_is(main_job):
    baseline, capture = main_job.pipeline("baseline"), main_job.result["capture"]
    assert (baseline["series"], baseline["points"]) == (capture["series"], capture["points"])
    assert not baseline["dropped"]["series"]
    assert not baseline["folded"]["series_in"]


def test_the_best_saves_most_series_of_the_safe_ones(main_job):
    safe = [it for it in main_job.result["pipelines"] if it["safe"]]
    assert main_job.result["best"] == max(safe, key=lambda it: it["saving_percent"]["series"])["name"]


@pytest.mark.parametrize("after_seconds", [1.0, 6.0, 16.0])
def test_ctrl_c_leaves_no_process_and_no_half_capture(private_cache, after_seconds):
    """One second is before the recording or as it begins, six while it runs, sixteen usually in what comes after."""
    process = subprocess.Popen(
        [PHOENIX, "run", "--record-for", "10s", "--once", "-o", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PHOENIX_CACHE_DIR": str(private_cache)},
    )
    time.sleep(after_seconds)
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == 130, stderr
    assert stdout == ""
    assert "INTERRUPTED" in stderr
    _, alive = psutil.wait_procs(family, timeout=5)
    assert not alive
    assert not list(private_cache.glob("captures/.*"))
