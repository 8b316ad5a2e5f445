"""kill -9 of the collector and of the supervisor, each at each phase: five hosts, an experiment and a fate each."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.support.plane.critical import critical_process
from tests.support.plane.host import FaultHost
from tests.support.plane.phases import held_in
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.truth import check_windows

from phoenix.client.experiments import Experiments
from phoenix.collector.binary.build import Built

PHASES = ("pending", "initializing", "deploying", "running", "analyzing", "restoring")
VICTIMS = ("collector", "supervisor")
WINDOWS = 3
# The supervisor starts a collector that ended after five seconds.
DARK_SCRAPES = 8


@dataclass
class Fate:
    """A host, its experiment, and what became of both."""

    host: FaultHost
    phase: str
    experiment: str
    before: dict[str, Any]
    since: float
    ended: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    until: float = 0.0


@pytest.fixture(scope="module", params=VICTIMS)
def victim(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def critical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with critical_process(tmp_path_factory.mktemp("critical")) as name:
        yield name


@pytest.fixture(scope="module")
def fates(
    victim: str, built_programs: Built, tmp_path_factory: pytest.TempPathFactory, critical: str
) -> Iterator[tuple[Plane, dict[str, Fate]]]:
    """Live through all phases at once and give how each ended, by the phase of the kill."""
    folder = tmp_path_factory.mktemp(victim)
    plane = Plane(folder / "server", {"WINDOW": "3s"})
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("PHOENIX_CRITICAL_PROCESSES", critical)
        plane.start()
        stack.callback(plane.stop)
        hosts = {phase: _host(stack, plane, built_programs, folder, phase) for phase in PHASES}
        fates = {phase: _begun(plane, host, phase, critical) for phase, host in hosts.items()}
        _kill_all(plane, fates, victim)
        for fate in fates.values():
            fate.ended, fate.after = plane.until_phase(fate.experiment), plane.host(fate.host.name)
            fate.until = time.time()
        yield plane, fates


def _host(stack: ExitStack, plane: Plane, built: Built, folder: Path, phase: str) -> FaultHost:
    host = FaultHost(plane, built, folder / phase, name=f"host-{phase}")
    host.enrol()
    host.start()
    stack.callback(host.stop)
    return host


def _begun(plane: Plane, host: FaultHost, phase: str, critical: str) -> Fate:
    before = plane.until_proved(host.name)
    since = time.time()
    experiment = plane.experiment(
        baseline_pipeline=plane.store(f"base-{phase}", host.config),
        candidate_pipeline=plane.store(f"same-{phase}", f"{host.config}# The same in both arms.\n"),
        critical_processes=[critical],
        target_nodes=f"name={host.name}",
        windows=WINDOWS,
        start=False,
    )
    return Fate(host, phase, experiment, before, since)


def _kill_all(plane: Plane, fates: dict[str, Fate], victim: str) -> None:
    """Start every experiment and kill at each one's phase; supervisors are started again, as an init system does."""
    with ThreadPoolExecutor(len(fates)) as pool, plane.connection() as connection:
        killed = {pool.submit(_kill, plane, fate, victim): fate for fate in fates.values()}
        for done in as_completed(killed):
            done.result()
            fate = killed[done]
            if victim == "supervisor":
                # From this thread: a supervisor ends with the one that started it.
                fate.host.start()
            if fate.phase == "pending":
                # The others' threads wait for their phases meanwhile.
                for other in fates.values():
                    Experiments(connection).start(other.experiment)


def _kill(plane: Plane, fate: Fate, victim: str) -> None:
    if fate.phase == "running":
        plane.until_phase(fate.experiment, "running")
        eventually(lambda: plane.status(fate.experiment)["windows"]["paired"] or None, "a pair of windows")
    kill = fate.host.kill_collector if victim == "collector" else fate.host.kill_supervisor
    with held_in(plane, fate.experiment, fate.phase):
        kill()


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_killed_at_a_phase_costs_a_gap_and_no_more(
    fates: tuple[Plane, dict[str, Fate]], phase: str, victim: str
):
    plane, fate = fates[0], fates[1][phase]
    ended, host = fate.ended, fate.host
    if phase == "deploying" and ended["phase"] == "failed":
        # The crash came while the config was applied: the host cannot know that the config is not to blame.
        assert ended["cause"]["code"] == "EXPERIMENT_HOST_FAILED"
        assert "exited unexpectedly" in ended["reason"]
    else:
        assert (ended["phase"], ended["verdict"]) == ("completed", "measured"), ended

    # What is said of the host when the end is said: it is back already.
    assert fate.after["proved"] == fate.after["desired"] == fate.before["verified"]
    assert host.missed_scrapes(fate.since, fate.until) <= DARK_SCRAPES
    pairs = check_windows(plane.windows(fate.experiment), host.production, seconds=3)
    if ended["phase"] == "completed":
        assert len(pairs) >= WINDOWS
        assert plane.comparison(fate.experiment)["saving_percent"]["points"] == 0
    assert plane.until_proved(host.name)["verified"] == fate.before["verified"]
    assert plane.diagnosis(host.name)["ailment"] == "none"
