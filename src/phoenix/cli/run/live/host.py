"""This machine as a host of the main job's server: enrolled, its collector under the stock supervisor, watched."""

import contextlib
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from phoenix.cli.host.enrolment import enrol_here
from phoenix.cli.run.live.errors import HostNotProvedError, RunHostBusyError
from phoenix.cli.run.live.plane import Plane
from phoenix.client.hosts import Hosts
from phoenix.collector.supervised.model import SupervisorFiles
from phoenix.collector.supervised.processes import supervisors
from phoenix.collector.supervised.running import RunningSupervisor, running_supervisor

if TYPE_CHECKING:
    from phoenix.cli.terminal.progress import Step

_LABELS: Final = {"phoenix.run": "true"}
_PROOF_SECONDS: Final = 120.0
_LOOK_SECONDS: Final = 0.5


@contextlib.contextmanager
def local_host(plane: Plane, config: str) -> Iterator[Mapping[str, Any]]:
    """Give this machine as a host whose collector runs and whose config is proved by its telemetry.

    Args:
        plane: the server it belongs to.
        config: what its collector runs today, as text.

    Raises:
        RunHostBusyError: its supervisor runs already.
        HostNotProvedError: its telemetry did not come in time; the message says what was missing.
        PhoenixError: it cannot be enrolled, or the supervisor ended by itself.
    """
    cli, name = plane.cli, socket.gethostname()
    hosts = Hosts(cli.server)
    files, host = _enrolled(plane, name, config)
    with running_supervisor(files) as running:
        with cli.progress("Starting a supervised collector, until its telemetry proves it", _PROOF_SECONDS) as step:
            proved = _proved(hosts, host, running, step)
        yield proved


def _enrolled(plane: Plane, name: str, config: str) -> tuple[SupervisorFiles, str]:
    folder = plane.hosts / name
    if supervisors(SupervisorFiles(folder)):
        raise RunHostBusyError(f"{folder}: a supervisor runs on these files")
    # An earlier run may have left files; their credential is of an enrolment that this one replaces.
    shutil.rmtree(folder, ignore_errors=True)
    host, files = enrol_here(plane.cli, folder, name=name, labels=_LABELS, config=config, again=True)
    return files, host["id"]


def _proved(hosts: Hosts, host: str, running: RunningSupervisor, step: "Step") -> Mapping[str, Any]:
    started = time.monotonic()
    while True:
        running.check()
        seen = hosts.get(host)
        if seen["verified"] and seen["proved"] == seen["desired"]:
            return seen
        passed = time.monotonic() - started
        if passed > _PROOF_SECONDS:
            diagnosis = hosts.diagnose(host)
            raise HostNotProvedError(
                f"the collector of {seen['name']} runs, and its telemetry proves nothing: {diagnosis['headline']}",
                diagnosis=diagnosis,
            )
        step.done(passed)
        time.sleep(_LOOK_SECONDS)
