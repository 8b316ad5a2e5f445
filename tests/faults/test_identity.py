"""Two supervisors that pass for one host, and one that shows a credential of yesterday."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.plane import doctor
from tests.support.plane.clones import CONFIG, clone_of, take_storage
from tests.support.plane.configs import PASSES, with_processors
from tests.support.plane.host import FaultHost
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.processes import running
from tests.support.plane.serving import serving
from tests.support.plane.trial import Trial
from tests.support.plane.truth import check_windows

from phoenix.client.errors import ApiError
from phoenix.collector.binary.build import Built

Enrol = Callable[[str], FaultHost]


@pytest.fixture(scope="module", autouse=True)
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with running(tmp_path_factory.mktemp("processes")):
        yield


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plane]:
    with serving(tmp_path_factory.mktemp("server")) as plane:
        yield plane


@pytest.fixture
def machines() -> Iterator[list[FaultHost]]:
    """Those that a test starts; all are stopped."""
    made: list[FaultHost] = []
    yield made
    for machine in made:
        machine.stop()


@pytest.fixture
def enrol(plane: Plane, built_programs: Built, machines: list[FaultHost], tmp_path: Path) -> Enrol:
    """Return what enrols a host that is not started yet."""

    def enrol(name: str) -> FaultHost:
        host = FaultHost(plane, built_programs, tmp_path / name, name)
        host.enrol(CONFIG)
        machines.append(host)
        return host

    return enrol


@pytest.mark.parametrize("storage", [True, False], ids=["one-uid", "cloned-host"])
def test_a_second_supervisor_with_the_credential_stops_the_experiment_and_is_counted_nowhere(
    plane: Plane, enrol: Enrol, machines: list[FaultHost], tmp_path: Path, storage: bool
):
    host = enrol(f"original-{storage}".lower())
    host.start()
    plane.until_proved(host.name)
    candidate = with_processors(host.config, resource__passes=PASSES)
    trial = Trial.begin(plane, host, candidate, windows=100)
    eventually(lambda: trial.pairs or None, "a window before there are two")

    clone = clone_of(host, tmp_path / "clone", storage=storage)
    machines.append(clone)
    clone.start()
    plane.until_ails(host.name, "clash")
    doctor.ailing(plane, host.name, "Two live supervisors use this host's credential", "Stop one of the two")

    ended = trial.ended("failed")
    assert "clash" in ended["reason"]
    assert "another live supervisor has this host's credential" in ended["reason"]
    # No window holds points of the second machine: each is what the first one's production got.
    assert check_windows(plane.windows(trial.experiment), host.production, seconds=2.0)
    with pytest.raises(ApiError, match="clash"):
        Trial.begin(plane, host, candidate)

    clone.stop()
    assert plane.until_proved(host.name)["verified"] == trial.verified
    eventually(lambda: plane.host(host.name)["state"] == "connected" or None, "no clash")
    doctor.well(plane, host.name, "another live supervisor")


def test_a_clone_that_is_enrolled_by_its_own_name_gets_a_uid_of_its_own(plane: Plane, enrol: Enrol):
    host, other = enrol("first"), enrol("second")
    host.start()
    plane.until_proved(host.name)
    take_storage(host, other)
    other.start()

    assert plane.until_proved(other.name)["uid"] != plane.until_proved(host.name)["uid"]
    assert {plane.host(name)["state"] for name in (host.name, other.name)} == {"connected"}
    assert "clashed" in [event["kind"] for event in plane.history(other.name)]
    for name in (host.name, other.name):
        doctor.well(plane, name)


def test_a_renewed_credential_cuts_the_old_one_off_and_production_goes_on(plane: Plane, enrol: Enrol):
    host = enrol("renewed")
    host.start()
    verified = plane.until_proved(host.name)["verified"]
    since = host.scrapes()[-1]

    credential = plane.enrol(host.name, host.config, again=True)["credential"]
    plane.until_ails(host.name, "stale_token")
    doctor.ailing(
        plane, host.name, "a credential that is no longer valid", "Write the supervisor's files anew", "restart"
    )
    eventually(lambda: host.scrapes()[-1] > since + 5 or None, "production without the server")
    assert host.missed_scrapes(since) <= 1

    host.stop()
    host.write(credential)
    host.start()
    plane.until_ails(host.name, "none")
    assert plane.until_proved(host.name)["verified"] == verified
    doctor.well(plane, host.name)
