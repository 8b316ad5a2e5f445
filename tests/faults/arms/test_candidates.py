"""Candidates that drop, leak, fail or are slow: the guardrail that looks at it stops each, and production goes on."""

import pytest
from tests.support.plane import doctor
from tests.support.plane.configs import EVERYTHING, FAILS, leaking, slow, with_processors, without
from tests.support.plane.host import FaultHost
from tests.support.plane.ingest_proxy import Proxy
from tests.support.plane.plane import Plane, eventually
from tests.support.plane.processes import OTHERS
from tests.support.plane.trial import MOST_MISSED, MOST_MISSED_AT_A_SLOW_STOP, Trial

from phoenix.client.errors import ApiError


def test_an_all_dropping_candidate_is_zero_by_proof_and_stopped_within_two_windows(
    plane: Plane, host: FaultHost, critical: str
):
    candidate = with_processors(host.config, filter__all=EVERYTHING)
    trial = Trial.begin(plane, host, candidate, critical_processes=[critical])

    ended = trial.stopped_by("critical_processes")
    assert f"1 of 1 process that '{critical}' names" in ended["reason"]
    assert 1 <= ended["windows"]["paired"] <= 2
    assert len(trial.pairs) >= 1
    for window in trial.pairs:
        assert window["baseline"]["points"] > 0
        assert window["candidate"]["points"] == window["candidate"]["series"] == 0
        assert "took points in and let none out" in window["evidence"]
    compared = plane.comparison(trial.experiment)
    assert compared["saving_percent"]["series"] == compared["saving_percent"]["points"] == 100
    assert (
        compared["details"]["critical_processes"]["kept"] == 0 < compared["details"]["critical_processes"]["expected"]
    )
    doctor.well(plane, host.name, "guardrail critical_processes", critical)


@pytest.mark.parametrize(
    ("text", "words"), [("", "the text is empty"), ("{}", "no exporter"), ("service: {pipelines: {}}", "no exporter")]
)
def test_an_empty_candidate_is_refused_when_it_is_stored(plane: Plane, host: FaultHost, text: str, words: str):
    before = plane.history(host.name)
    with pytest.raises(ApiError) as refused:
        plane.store("empty", text)
    assert refused.value.code == "PIPELINE_INVALID_CONFIG"
    assert words in refused.value.message
    assert refused.value.user_action
    assert plane.history(host.name) == before
    doctor.well(plane, host.name)


def test_a_critical_process_that_only_the_baseline_keeps_stops_it_within_two_windows(
    plane: Plane, host: FaultHost, critical: str
):
    lost = OTHERS[3]
    candidate = with_processors(host.config, filter__lost=without(lost))
    trial = Trial.begin(plane, host, candidate, critical_processes=[critical, lost])

    ended = trial.stopped_by("critical_processes")
    assert f"'{lost}'" in ended["reason"]
    assert host.name in ended["reason"] or plane.host(host.name)["id"] in ended["reason"]
    assert 1 <= ended["windows"]["paired"] <= 2
    for window in trial.pairs:
        assert window["baseline"]["critical_processes"] == {critical: 1, lost: 1}
        assert window["candidate"]["critical_processes"] == {critical: 1}
    doctor.well(plane, host.name, "guardrail critical_processes", lost)


def test_a_candidate_whose_processor_errors_takes_nothing_from_production(plane: Plane, host: FaultHost, critical: str):
    candidate = with_processors(host.config, transform__fails=FAILS)
    trial = Trial.begin(plane, host, candidate, critical_processes=[critical])

    trial.stopped_by("critical_processes")
    assert all(window["candidate"]["points"] == 0 < window["baseline"]["points"] for window in trial.pairs)
    doctor.well(plane, host.name, "guardrail critical_processes")


def test_a_candidate_that_leaks_memory_is_stopped(plane: Plane, host: FaultHost, critical: str):
    trial = Trial.begin(plane, host, with_processors(host.config, **leaking(12)), windows=100)

    ended = trial.stopped_by("memory", most_missed=MOST_MISSED_AT_A_SLOW_STOP)
    assert "MB and grows" in ended["reason"]
    assert trial.missed_before_it_was_stopped(ended) <= MOST_MISSED
    doctor.well(plane, host.name, "guardrail memory")


def test_a_candidate_slower_than_its_scrapes_is_stopped_before_it_holds_production_up(
    plane: Plane, host: FaultHost, critical: str
):
    trial = Trial.begin(plane, host, with_processors(host.config, transform__slow=slow(14)), windows=100)

    ended = trial.stopped_by("candidate_behind", most_missed=MOST_MISSED_AT_A_SLOW_STOP)
    assert "too slow" in ended["reason"]
    assert trial.missed_before_it_was_stopped(ended) <= MOST_MISSED
    doctor.well(plane, host.name, "guardrail candidate_behind")


def _unreached(plane: Plane, host: FaultHost) -> bool:
    return "the candidate arm cannot reach the meter" in str(plane.diagnosis(host.name)["why"])


def test_a_candidate_that_the_ingest_refuses_proves_nothing(
    plane: Plane, ingest: Proxy, host: FaultHost, critical: str
):
    with ingest.refusing("/candidate/", 401):
        trial = Trial.begin(plane, host, with_processors(host.config), critical_processes=[critical])
        plane.until_ails(host.name, "waiting_for_evidence")
        eventually(lambda: _unreached(plane, host) or None, "a candidate that cannot reach the meter")
        doctor.ailing(plane, host.name, "applied is not proof", "the candidate arm cannot reach the meter")
        ended = trial.ended("failed", most_missed=MOST_MISSED_AT_A_SLOW_STOP)
    assert ended["cause"]["code"] == "DEPLOYMENT_TIMEOUT"
    assert host.name in ended["reason"]
    assert trial.missed_before_it_was_stopped(ended) <= MOST_MISSED
    assert not trial.pairs


def test_a_candidate_that_the_ingest_refuses_later_is_no_data_and_never_zero(
    plane: Plane, ingest: Proxy, host: FaultHost, critical: str
):
    trial = Trial.begin(plane, host, with_processors(host.config), critical_processes=[critical], duration_seconds=20)
    plane.until_phase(trial.experiment, "running")
    with ingest.refusing("/candidate/", 503):
        ended = trial.ended("failed", most_missed=MOST_MISSED_AT_A_SLOW_STOP)

    assert ended["cause"]["code"] == "EXPERIMENT_NO_DATA"
    assert trial.missed_before_it_was_stopped(ended) <= MOST_MISSED
    assert not trial.pairs
    windows = plane.windows(trial.experiment)
    assert {window["no_data"]["kind"] for window in windows} <= {"warm_up", "gap", "lost", "missing"}
    assert "lost" in {window["no_data"]["kind"] for window in windows}
    doctor.well(plane, host.name, "without a window")
