"""A production exporter with a wrong endpoint or key: health says nothing of it, the collector's own metrics do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.live.collector import free_port
from tests.support.live.otlp_sink import OtlpSink, otlp_sink
from tests.support.plane import doctor
from tests.support.plane.configs import with_vendor
from tests.support.plane.host import FaultHost, baseline
from tests.support.plane.plane import Plane
from tests.support.plane.processes import NAMES, running
from tests.support.plane.serving import serving
from tests.support.plane.trial import Trial

from phoenix.client.errors import ApiError
from phoenix.collector.binary.build import Built

VENDOR = "otlp_http/vendor"


@pytest.fixture(scope="module", autouse=True)
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with running(tmp_path_factory.mktemp("processes")):
        yield


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plane]:
    with serving(tmp_path_factory.mktemp("server"), EXPORTER_GRACE="3s", RESTORE_TIMEOUT="60s") as plane:
        yield plane


@pytest.fixture
def vendor() -> Iterator[OtlpSink]:
    with otlp_sink() as sink:
        yield sink


@pytest.fixture
def start(plane: Plane, built_programs: Built, tmp_path: Path):
    """Return what starts a host whose production also goes to a vendor at this address."""
    started = []

    def make(name: str, url: str) -> FaultHost:
        host = FaultHost(plane, built_programs, tmp_path / name, name)
        host.enrol(with_vendor(baseline(host.production, processes=NAMES), VENDOR, url))
        started.append(host)
        host.start()
        return host

    yield make
    for host in started:
        host.stop()


def refused_as_unproved(plane: Plane, host: FaultHost) -> None:
    with pytest.raises(ApiError) as refused:
        plane.experiment(
            baseline_pipeline=plane.store("base", host.config),
            candidate_pipeline=plane.store("candidate", host.config),
            target_nodes=f"name={host.name}",
        )
    assert refused.value.code == "DEPLOYMENT_NODES_NOT_FOUND"
    assert "its own config is not proved yet" in refused.value.message


def test_a_wrong_key_is_never_proved_and_no_experiment_starts_on_it(plane: Plane, start, vendor: OtlpSink):
    vendor.refuse("/v1/metrics", 401)
    host = start("wrong-key", vendor.url)
    plane.until_ails(host.name, "exporter_failing")

    seen = plane.host(host.name)
    assert seen["healthy"] is True
    assert seen["proved"] is None is seen["verified"]
    # There is nothing better to fall back to than what it was enrolled with.
    assert seen["desired"] == seen["effective"]
    doctor.ailing(plane, host.name, "A production exporter fails", VENDOR, "could not be sent", "the key")
    refused_as_unproved(plane, host)

    vendor.release()
    assert plane.until_proved(host.name)["verified"] == seen["desired"]
    doctor.well(plane, host.name)


def test_a_wrong_endpoint_is_never_proved_and_no_experiment_starts_on_it(plane: Plane, start):
    host = start("wrong-endpoint", f"http://127.0.0.1:{free_port()}")
    plane.until_ails(host.name, "exporter_failing")

    seen = plane.host(host.name)
    assert seen["healthy"] is True
    assert seen["proved"] is None is seen["verified"]
    doctor.ailing(plane, host.name, "A production exporter fails", VENDOR, "it is trying again", "the endpoint")
    refused_as_unproved(plane, host)


def test_an_experiment_whose_baseline_has_a_wrong_key_is_stopped_and_the_verified_config_is_back(
    plane: Plane, start, vendor: OtlpSink
):
    host = start("verified", vendor.url)
    plane.until_proved(host.name)
    with otlp_sink() as other:
        other.refuse("/v1/metrics", 401)
        wrong = with_vendor(baseline(host.production, processes=NAMES), VENDOR, other.url)
        trial = Trial.begin(plane, host, wrong, baseline_pipeline=plane.store("wrong", wrong))
        ended = trial.ended("failed")

    assert ended["cause"]["code"] == "EXPERIMENT_HOST_FAILED"
    assert f"PRODUCTION_EXPORTER_FAILING: exporter {VENDOR}" in ended["reason"]
    kinds = [event["kind"] for event in plane.history(host.name)]
    assert "exporter_failing" in kinds
    assert not trial.pairs
    doctor.well(plane, host.name, "PRODUCTION_EXPORTER_FAILING", VENDOR)


def test_a_key_that_is_refused_in_the_middle_stops_the_experiment(plane: Plane, start, vendor: OtlpSink):
    host = start("later", vendor.url)
    plane.until_proved(host.name)
    trial = Trial.begin(plane, host, host.config, windows=100)
    plane.until_phase(trial.experiment, "running")
    vendor.refuse("/v1/metrics", 401)

    plane.until_phase(trial.experiment, "restoring")
    # Its verified config fails with that key as well: the host is not said to be back before the vendor takes it again.
    plane.until_ails(host.name, "exporter_failing")
    doctor.ailing(plane, host.name, "A production exporter fails", VENDOR, "the key")
    assert plane.status(trial.experiment)["phase"] == "restoring"
    vendor.release()

    ended = trial.stopped_by("failures")
    assert f"{VENDOR} failed to send" in ended["reason"]
    doctor.well(plane, host.name, "guardrail failures", VENDOR)
