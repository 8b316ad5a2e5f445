"""The disk on which a supervisor keeps its state is full when it is offered a config."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.plane.host import FaultHost
from tests.support.plane.measuring import Measured
from tests.support.plane.plane import Plane
from tests.support.trouble import small_disk, small_storage

from phoenix.client.experiments import Experiments
from phoenix.collector.binary.build import Built


@pytest.fixture
def host(plane: Plane, built_programs: Built, tmp_path: Path) -> Iterator[FaultHost]:
    host = FaultHost(plane, built_programs, tmp_path / "host-1")
    host.enrol()
    small_storage.on_a_small_disk(host, tmp_path / "bin")
    host.start()
    try:
        plane.until_proved(host.name)
        yield host
    finally:
        host.stop()


def test_a_host_that_cannot_store_a_config_keeps_the_one_it_has(plane: Plane, host: FaultHost, critical: str):
    measured = Measured.begin(plane, host, critical, windows=2, start=False)
    small_disk.fill(small_storage.seen(host))
    with plane.connection() as connection:
        Experiments(connection).start(measured.experiment)
    measured.end()
    assert measured.ended["phase"] == "failed", measured.ended
    assert measured.ended["cause"]["code"] == "EXPERIMENT_HOST_FAILED"
    assert f"host {host.name}: CONFIG_REFUSED_BY_HOST" in measured.ended["reason"]
    # The disk is full still.
    measured.check_host(missed=2)
    assert plane.diagnosis(host.name)["ailment"] == "none"

    small_disk.empty(small_storage.seen(host))
    with plane.connection() as connection:
        Experiments(connection).retry(measured.experiment, None)
    measured.completes(missed=2)
