"""The disk under the database is full while an experiment measures."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.plane.critical import CRITICAL
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import eventually
from tests.support.plane.screen import doctor_screen
from tests.support.trouble.small_disk import SmallDiskPlane

from phoenix.client.errors import ApiError


@pytest.fixture
def plane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDiskPlane]:
    monkeypatch.setenv("PHOENIX_CRITICAL_PROCESSES", CRITICAL)
    plane = SmallDiskPlane.below(tmp_path, megabytes=24, WINDOW="3s")
    plane.start()
    try:
        yield plane
    finally:
        plane.stop()


def test_a_full_disk_is_told_and_gone_on_from_when_there_is_room(plane: SmallDiskPlane, host: FaultHost, critical: str):
    measured = Measured.begin(plane, host, critical, windows=5)
    measured.until_pairs(1)
    plane.fill()
    refused = _write_until_refused(plane, host)
    assert refused.code == "DATABASE_FULL"
    assert "Free space" in refused.user_action
    unready = eventually(lambda: None if (it := plane.server.readiness())["status"] == "ok" else it, "it is not ready")
    assert "DATABASE_FULL" in unready["checks"]["database"]
    said = doctor_screen(host, plane.url, plane.server.token)
    assert "DATABASE_FULL" in said
    assert "Free space" in said
    assert plane.status(measured.experiment)["phase"] == "running", "what can be read is told on"

    plane.empty()
    eventually(lambda: plane.server.readiness()["status"] == "ok" or None, "it is ready again")
    measured.completes()
    plane.store("after", host.config)
    assert plane.diagnosis(host.name)["ailment"] == "none"
    with contextlib.closing(sqlite3.connect(plane.seen / "phoenix.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def _write_until_refused(plane: SmallDiskPlane, host: FaultHost) -> ApiError:
    """Take up what room there is in the database's own files, in ever smaller pieces, until nothing goes in."""
    refused = None
    for size in (200_000, 20_000, 2_000, 0):
        for number in range(200):
            try:
                plane.store(f"filling-{size}-{number}", f"{host.config}# {'x' * size}\n")
            except ApiError as error:
                refused = error
                break
    assert refused is not None, "the disk has room still"
    return refused
