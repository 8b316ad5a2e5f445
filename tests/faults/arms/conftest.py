"""Fixtures of the rows about candidates: one server and one host for all of them.

Each test begins and ends with the host on its verified config, so the next one needs no new host.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane

from phoenix.collector.binary.build import Built

CRITICAL = "phx-critical"
# Processes that nobody called critical; the candidates that work hard need some.
OTHERS = tuple(f"phx-other-{number}" for number in range(8))


@pytest.fixture(scope="module")
def critical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A process that must be kept, beside others: its executable's name."""
    folder = tmp_path_factory.mktemp("processes")
    with ExitStack() as started:
        for name in (CRITICAL, *OTHERS):
            program = folder / name
            shutil.copy("/bin/sleep", program)
            process = started.enter_context(subprocess.Popen([program, "3600"]))
            started.callback(process.kill)
        yield CRITICAL


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plane]:
    plane = Plane(tmp_path_factory.mktemp("server"), {"WINDOW": "2s"})
    with pytest.MonkeyPatch.context() as patch:
        # The catalogue's own list would refuse a receiver that looks at a few processes only.
        patch.setenv("PHOENIX_CRITICAL_PROCESSES", CRITICAL)
        plane.start()
    try:
        yield plane
    finally:
        plane.stop()


@pytest.fixture(scope="module")
def host(
    plane: Plane, critical: str, built_programs: Built, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FaultHost]:
    host = FaultHost(plane, built_programs, tmp_path_factory.mktemp("host"))
    host.enrol()
    host.start()
    try:
        plane.until_proved(host.name)
        yield host
    finally:
        host.stop()
