"""Fixtures of the fault suite: `plane` (a server), `host` (enrolled, running, proved), `critical` (a process)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.plane.critical import CRITICAL, critical_process
from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane

from phoenix.collector.binary.build import Built


@pytest.fixture
def plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plane]:
    # The catalogue's own list would refuse a receiver that looks at a few processes only.
    monkeypatch.setenv("PHOENIX_CRITICAL_PROCESSES", CRITICAL)
    plane = Plane(tmp_path / "server", {"WINDOW": "3s"})
    plane.start()
    try:
        yield plane
    finally:
        plane.stop()


@pytest.fixture
def host(plane: Plane, built_programs: Built, tmp_path: Path) -> Iterator[FaultHost]:
    host = FaultHost(plane, built_programs, tmp_path / "host-1")
    host.enrol()
    host.start()
    try:
        plane.until_proved(host.name)
        yield host
    finally:
        host.stop()


@pytest.fixture(scope="session")
def critical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A process that must be kept: its executable's name."""
    with critical_process(tmp_path_factory.mktemp("critical")) as name:
        yield name
