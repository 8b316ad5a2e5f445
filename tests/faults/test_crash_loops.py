"""A collector that dies again and again under an experiment's config: the verified one is back by itself."""

import resource
from pathlib import Path

from tests.support.plane import doctor
from tests.support.plane.configs import leaking, with_processors
from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.trial import Trial

from phoenix.collector.supervised.processes import collectors

# The supervisor starts a collector that died again after five seconds; twice in a row is a loop.
MOST_MISSED = 8


def test_a_collector_that_is_killed_again_and_again_loses_the_experiment_only(
    plane: Plane, host: FaultHost, critical: str
):
    trial = Trial.begin(plane, host, with_processors(host.config), windows=100, critical_processes=[critical])
    plane.until_phase(trial.experiment, "running")
    killed = host.kill_collector()
    plane.until_ails(host.name, "crashed")
    doctor.ailing(plane, host.name, "has crashed", "exited unexpectedly", "Read the collector's log")
    eventually(lambda: next((it for it in collectors(host.files) if it.pid != killed), None), "another collector")
    host.kill_collector()

    # The verified config goes out at once, so the loop itself is seen for a moment only.
    ended = trial.ended("failed", most_missed=MOST_MISSED)
    assert ended["cause"]["code"] in ("EXPERIMENT_HOST_FAILED", "EXPERIMENT_GUARDRAIL_TRIPPED")
    assert "COLLECTOR_CRASH_LOOP: Agent process exited unexpectedly" in ended["reason"]
    assert "crash_loop" in [event["kind"] for event in plane.history(host.name)]
    doctor.well(plane, host.name, "COLLECTOR_CRASH_LOOP")


def test_a_config_that_comes_up_and_dies_later_loses_the_experiment_only(plane: Plane, host: FaultHost, critical: str):
    # As in a container: the collector gets the memory that it has, and a little more.
    assert host.running is not None
    (collector,) = collectors(host.files)
    most = int(_status(collector.pid, "VmData")) * 1024 + 96_000_000
    resource.prlimit(host.running.process.pid, resource.RLIMIT_DATA, (most, most))
    trial = Trial.begin(plane, host, with_processors(host.config, **leaking(12)), windows=100)

    plane.until_ails(host.name, "crashed")
    doctor.ailing(plane, host.name, "has crashed", "exit code=2", "Read the collector's log")
    ended = trial.ended("failed", most_missed=MOST_MISSED)
    # Whichever sees it first: the fleet counts exits that follow soon, the guardrail counts starts.
    if ended["cause"]["code"] == "EXPERIMENT_GUARDRAIL_TRIPPED":
        assert ended["cause"]["details"]["guardrail"]["name"] == "collector"
    else:
        assert ended["cause"]["code"] == "EXPERIMENT_HOST_FAILED"
    doctor.well(plane, host.name, "The collector on host")


def _status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
