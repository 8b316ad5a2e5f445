"""kill -9 of the server at each phase."""

import psutil
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane, eventually
from tests.support.trouble.phases import held_in

from phoenix.client.experiments import Experiments


def test_a_server_killed_in_every_phase_goes_on_and_completes(plane: Plane, host: FaultHost, critical: str):
    measured = Measured.begin(plane, host, critical, windows=3, start=False)
    _killed_and_back(measured, "pending")
    with plane.connection() as connection:
        Experiments(connection).start(measured.experiment)
    for phase in ("initializing", "deploying"):
        _killed_and_back(measured, phase)
    measured.until_pairs(1)
    for phase in ("running", "analyzing", "restoring"):
        _killed_and_back(measured, phase)
    measured.completes()


def _killed_and_back(measured: Measured, phase: str) -> None:
    plane = measured.plane
    workers = psutil.Process(plane.server.server.process.pid).children(recursive=True)
    with held_in(plane, measured.experiment, phase):
        plane.kill()
    eventually(lambda: None if any(it.is_running() for it in workers) else True, "its workers ended", seconds=10)
    plane.start()
