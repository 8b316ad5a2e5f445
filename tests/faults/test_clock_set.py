"""The server's clock is set while an experiment measures."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.plane.critical import CRITICAL
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.trouble.launched import LaunchedPlane

_HOUR = 3600


@pytest.fixture
def ahead(tmp_path: Path) -> Path:
    """A file with the seconds that the server's clock is ahead."""
    file = tmp_path / "ahead"
    file.write_text("0")
    return file


@pytest.fixture
def plane(tmp_path: Path, ahead: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LaunchedPlane]:
    monkeypatch.setenv("PHOENIX_CRITICAL_PROCESSES", CRITICAL)
    command = (sys.executable, "-m", "tests.support.trouble.stepped_server", str(ahead))
    plane = LaunchedPlane(tmp_path / "server", {"WINDOW": "3s"}, command=command)
    plane.start()
    try:
        yield plane
    finally:
        plane.stop()


def test_the_clock_set_by_an_hour_in_each_direction_changes_nothing(
    plane: LaunchedPlane, host: FaultHost, ahead: Path, critical: str
):
    measured = Measured.begin(plane, host, critical, windows=6)
    plane.until_phase(measured.experiment, "deploying")
    ahead.write_text(str(-_HOUR))
    for seconds, pairs in ((_HOUR, 1), (0, 3)):
        measured.until_pairs(pairs)
        ahead.write_text(str(seconds))
    measured.completes()
    assert len(measured.gaps) <= 2, measured.gaps
