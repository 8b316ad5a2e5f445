"""A collector that dies again and again under an experiment's config: the verified one is back by itself."""

import resource
from pathlib import Path

from tests.support.plane import doctor
from tests.support.plane.configs import leaking, with_processors
from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane, State, eventually
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
    eventually(lambda: next((it.pid for it in collectors(host.files) if it.pid != killed), None), "another collector")
    host.kill_collector()

    assert_crash_loop_is_told(plane, host)
    ended = trial.ended("failed", most_missed=MOST_MISSED)
    assert_lost_to_a_crash_loop(ended)
    doctor.well(plane, host.name, "COLLECTOR_CRASH_LOOP")


def test_a_config_that_comes_up_and_dies_later_loses_the_experiment_only(plane: Plane, host: FaultHost, critical: str):
    # As in a container: the collector gets no more memory than it has, and a little.
    assert host.running is not None
    (collector,) = collectors(host.files)
    most = int(_status(collector.pid, "VmData")) * 1024 + 160_000_000
    resource.prlimit(host.running.process.pid, resource.RLIMIT_DATA, (most, most))
    trial = Trial.begin(plane, host, with_processors(host.config, **leaking(14)), windows=100)

    assert_crash_loop_is_told(plane, host)
    ended = trial.ended("failed", most_missed=MOST_MISSED)
    assert_lost_to_a_crash_loop(ended)
    doctor.well(plane, host.name, "COLLECTOR_CRASH_LOOP")


def assert_crash_loop_is_told(plane: Plane, host: FaultHost) -> None:
    kinds = lambda: [event["kind"] for event in plane.history(host.name)]  # noqa: E731 - asked again and again
    plane.until_ails(host.name, "crash_loop")
    doctor.ailing(plane, host.name, "crashes again and again", "exited unexpectedly", "Read the collector's log")
    eventually(lambda: "crash_loop" in kinds() or None, "a crash loop in the host's history")


def assert_lost_to_a_crash_loop(ended: State) -> None:
    assert ended["cause"]["code"] in ("EXPERIMENT_HOST_FAILED", "EXPERIMENT_GUARDRAIL_TRIPPED")
    assert "COLLECTOR_CRASH_LOOP" in ended["reason"]
    assert "exited unexpectedly" in ended["reason"]


def _status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))
