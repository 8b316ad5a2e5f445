"""kill -9 of the collector and of the supervisor at each phase: a host, an experiment and a fate a phase."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane
from tests.support.trouble.phases import held_in

from phoenix.client.experiments import Experiments
from phoenix.collector.binary.build import Built

PHASES = ("pending", "initializing", "deploying", "running", "analyzing", "restoring")
# A supervisor waits five seconds before it starts a collector anew. One that is offered a config while it starts waits
# ten for a collector that is not coming, then says that the config failed.
DARK_SCRAPES = {"collector": 8, "supervisor": 16}


@pytest.fixture(scope="module", params=list(DARK_SCRAPES))
def victim(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def fates(
    victim: str, built_programs: Built, tmp_path_factory: pytest.TempPathFactory, critical: str
) -> Iterator[Mapping[str, Measured]]:
    """Live through all phases at once and give how each ended, by the phase of the kill."""
    folder = tmp_path_factory.mktemp(victim)
    plane = Plane(folder / "server", {"WINDOW": "3s"})
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setenv("PHOENIX_CRITICAL_PROCESSES", critical)
        plane.start()
        stack.callback(plane.stop)
        hosts = {phase: _host(stack, plane, built_programs, folder, phase) for phase in PHASES}
        fates = {phase: Measured.begin(plane, it, critical, windows=3, start=False) for phase, it in hosts.items()}
        _kill_all(plane, fates, victim)
        for fate in fates.values():
            fate.end()
        yield fates


def _host(stack: ExitStack, plane: Plane, built: Built, folder: Path, phase: str) -> FaultHost:
    host = FaultHost(plane, built, folder / phase, name=f"host-{phase}")
    host.enrol()
    host.start()
    stack.callback(host.stop)
    return host


def _kill_all(plane: Plane, fates: Mapping[str, Measured], victim: str) -> None:
    """Start every experiment and kill at each one's phase; supervisors are started again, as an init system does."""
    with ThreadPoolExecutor(len(fates)) as pool, plane.connection() as connection:
        killed = {pool.submit(_kill, fate, phase, victim): phase for phase, fate in fates.items()}
        for done in as_completed(killed):
            done.result()
            phase = killed[done]
            if victim == "supervisor":
                # From this thread: a supervisor ends with the one that started it.
                fates[phase].host.start()
            if phase == "pending":
                # The others' threads wait for their phases.
                for fate in fates.values():
                    Experiments(connection).start(fate.experiment)


def _kill(fate: Measured, phase: str, victim: str) -> None:
    if phase == "running":
        fate.until_pairs(1)
    kill = fate.host.kill_collector if victim == "collector" else fate.host.kill_supervisor
    with held_in(fate.plane, fate.experiment, phase):
        kill()


@pytest.mark.parametrize("phase", PHASES)
def test_what_is_killed_on_a_host_costs_a_gap_and_no_more(fates: Mapping[str, Measured], phase: str, victim: str):
    fate, plane = fates[phase], fates[phase].plane
    if phase == "deploying" and fate.ended["phase"] == "failed":
        # The kill came while the config was applied: the host cannot know that the config is not to blame.
        assert fate.ended["cause"]["code"] == "EXPERIMENT_HOST_FAILED"
        assert "exited unexpectedly" in fate.ended["reason"] or "has not started" in fate.ended["reason"]
    else:
        assert (fate.ended["phase"], fate.ended["verdict"]) == ("completed", "measured"), fate.ended
        assert len(fate.check_windows()) >= fate.wanted
        assert plane.comparison(fate.experiment)["saving_percent"]["points"] == 0

    fate.check_windows()
    fate.check_host(missed=DARK_SCRAPES[victim])
    assert plane.until_proved(fate.host.name)["verified"] == fate.before["verified"]
    assert plane.diagnosis(fate.host.name)["ailment"] == "none"
