"""kill -9 of the server at each phase."""

import time

import psutil
from tests.support.plane.host import FaultHost
from tests.support.plane.phases import held_in
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.truth import check_windows

from phoenix.client.experiments import Experiments

_WINDOWS = 3


def test_a_server_killed_in_every_phase_goes_on_and_completes(plane: Plane, host: FaultHost, critical: str):
    before, since = plane.host(host.name), time.time()
    experiment = plane.experiment(
        baseline_pipeline=plane.store("base", host.config),
        candidate_pipeline=plane.store("same", f"{host.config}# The same in both arms.\n"),
        critical_processes=[critical],
        windows=_WINDOWS,
        start=False,
    )
    _killed_and_back(plane, experiment, "pending")
    with plane.connection() as connection:
        Experiments(connection).start(experiment)
    for phase in ("initializing", "deploying"):
        _killed_and_back(plane, experiment, phase)
    plane.until_phase(experiment, "running")
    eventually(
        lambda: plane.status(experiment)["windows"]["paired"] or None,
        "a pair of windows",
        otherwise=lambda: plane.windows(experiment),
    )
    for phase in ("running", "analyzing", "restoring"):
        _killed_and_back(plane, experiment, phase)
    ended = plane.until_phase(experiment, "completed")
    after = plane.host(host.name)

    assert ended["verdict"] == "measured"
    assert after["proved"] == after["desired"]
    assert after["verified"] == before["verified"] == after["proved"]
    assert host.missed_scrapes(since) <= 1, "the collector does not need the server"
    pairs = check_windows(plane.windows(experiment), host.production, seconds=3)
    assert len(pairs) >= _WINDOWS
    assert plane.comparison(experiment)["saving_percent"]["points"] == 0


def _killed_and_back(plane: Plane, experiment: str, phase: str) -> None:
    processes = psutil.Process(plane.server.server.process.pid).children(recursive=True)
    with held_in(plane, experiment, phase):
        plane.kill()
    eventually(lambda: None if any(it.is_running() for it in processes) else True, "its workers ended", seconds=10)
    plane.start()
