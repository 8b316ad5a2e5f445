"""A server and a host for the tests of one file, which share them; each test leaves them as they were."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.live.collector import free_port
from tests.support.plane.host import FaultHost, baseline
from tests.support.plane.plane import Plane
from tests.support.plane.processes import KEPT, NAMES

from phoenix.collector.binary.build import Built


@contextlib.contextmanager
def serving(folder: Path, *, port: int | None = None, **settings: str) -> Iterator[Plane]:
    """Run a server with windows of two seconds until the block ends."""
    plane = Plane(folder, {"WINDOW": "2s", **settings}, port=port or free_port())
    with pytest.MonkeyPatch.context() as patch:
        # The catalogue's own list would refuse a receiver that looks at a few processes only.
        patch.setenv("PHOENIX_CRITICAL_PROCESSES", KEPT)
        plane.start()
    try:
        yield plane
    finally:
        plane.stop()


@contextlib.contextmanager
def supervised(plane: Plane, built: Built, folder: Path, name: str = "host-1") -> Iterator[FaultHost]:
    """Run a host that looks at this test run's processes only, proved, until the block ends."""
    host = FaultHost(plane, built, folder, name)
    host.enrol(baseline(host.production, processes=NAMES))
    host.start()
    try:
        plane.until_proved(host.name)
        yield host
    finally:
        host.stop()
