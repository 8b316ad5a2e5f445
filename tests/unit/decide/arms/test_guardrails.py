"""Guardrails: each trips on its condition, and none on a candidate that equals the baseline."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.experiments.arms import (
    BOUNDARY,
    FILTER,
    HOST,
    NOON,
    PLAN,
    PRODUCTION,
    RECEIVER,
    SECOND,
    pair,
    reading,
    steady_readings,
    streams,
    window,
    with_production,
    with_receiver,
)

from phoenix.collector.own_metrics.model import ExporterCounts, ReceiverCounts
from phoenix.core.ids import HostId
from phoenix.decide.arms.guardrails.model import GuardrailState, HostWatch, Situation
from phoenix.decide.arms.guardrails.table import GUARDRAILS, guardrails, tripped
from phoenix.decide.arms.loss import live_loss
from phoenix.decide.arms.model import NoData, NoDataKind, Pairing
from phoenix.decide.arms.pairing import pair_windows

BEFORE = [reading(10.0 * n - 100, started=-100, points=100 * n, revision="rev-0") for n in range(5)]


def watch(during=None, **changes) -> HostWatch:
    made = HostWatch(
        HOST,
        before=BEFORE,
        during=steady_readings(60) if during is None else during,
        receivers=(RECEIVER,),
        exporters=(PRODUCTION,),
        boundary=BOUNDARY,
        candidate=(FILTER,),
    )
    return replace(made, **changes)


def situation(*watches: HostWatch, pairs=(), no_data=()) -> Situation:
    pairing = Pairing(tuple(pairs), tuple(no_data))
    return Situation(pairing, live_loss(pairs), watches or (watch(),), {HOST: 100.0})


def states(of: Situation) -> dict[str, GuardrailState]:
    return {it.name: it.state for it in guardrails(of)}


def test_the_names_of_guardrails_are_their_own():
    assert len(states(situation())) == len(GUARDRAILS)


def test_an_equal_candidate_trips_nothing():
    same = [pair(n, window(n, 1, 2, critical={"nginx": 1}), window(n, 1, 2, critical={"nginx": 1})) for n in range(3)]
    assert set(states(situation(pairs=same)).values()) == {GuardrailState.OK}


def test_before_anything_arrived_there_is_no_data_and_nothing_trips():
    assert set(states(situation(watch(during=[]))).values()) == {GuardrailState.NO_DATA}


def test_a_critical_process_that_only_the_baseline_has_trips_and_names_window_and_host():
    lost = [pair(1, window(1, 1, critical={"nginx": 2}), window(1, 1, critical={"nginx": 1}))]
    answer = tripped(guardrails(situation(pairs=lost)))
    assert answer is not None
    assert (answer.name, answer.host, answer.window) == ("critical_processes", HOST, lost[0].start)
    assert "'nginx'" in answer.reason


def test_a_critical_process_that_no_arm_has_does_not_trip():
    assert states(situation(pairs=[pair(0, window(0, 1), window(0, 1))]))["critical_processes"] is GuardrailState.OK


def test_corruption_in_the_candidate_trips():
    hurt = [pair(0, window(0, 1), window(0, 1, corruption={"counter_fell": 1}))]
    assert states(situation(pairs=hurt))["corruption"] is GuardrailState.TRIPPED


@pytest.mark.parametrize("counts", [ReceiverCounts(500, refused=10), ReceiverCounts(500, failed=10)])
def test_a_receiver_that_refuses_or_fails_trips(counts):
    during = [*steady_readings(50), with_receiver(reading(60, points=600, out=300), counts)]
    assert states(situation(watch(during)))["failures"] is GuardrailState.TRIPPED


@pytest.mark.parametrize("counts", [ExporterCounts(1, send_failed=10), ExporterCounts(1, enqueue_failed=10)])
def test_a_production_exporter_that_fails_trips(counts):
    during = [*steady_readings(50), with_production(reading(60, points=600, out=300), counts)]
    assert states(situation(watch(during)))["failures"] is GuardrailState.TRIPPED


def test_a_production_exporter_that_failed_as_often_before_does_not_trip():
    before = [with_production(it, ExporterCounts(1, send_failed=n * 10)) for n, it in enumerate(BEFORE)]
    during = [with_production(it, ExporterCounts(1, send_failed=n * 10)) for n, it in enumerate(steady_readings(60))]
    assert states(situation(watch(during, before=before)))["failures"] is GuardrailState.OK


def test_the_meters_own_exporters_never_trip():
    during = [reading(10.0 * n, points=100 * n, out=50 * n, failed=10 * n) for n in range(7)]
    assert states(situation(watch(during)))["failures"] is GuardrailState.OK


def test_a_production_queue_that_stays_full_trips():
    full = ExporterCounts(1, queue_size=600, queue_capacity=1000)
    during = [with_production(it, full) for it in steady_readings(60)]
    assert states(situation(watch(during)))["queues"] is GuardrailState.TRIPPED


def test_a_production_queue_that_was_as_full_before_does_not_trip():
    full = ExporterCounts(1, queue_size=600, queue_capacity=1000)
    during, before = [[with_production(it, full) for it in side] for side in (steady_readings(60), BEFORE)]
    assert states(situation(watch(during, before=before)))["queues"] is GuardrailState.OK


def test_a_candidate_that_stays_behind_its_receivers_trips():
    during = [reading(10.0 * n, points=100 * n, out=50 * n, waiting=200) for n in range(7)]
    assert states(situation(watch(during)))["candidate_behind"] is GuardrailState.TRIPPED


def test_a_candidate_that_is_behind_for_a_moment_does_not_trip():
    during = [*steady_readings(50), reading(60, points=600, out=300, waiting=500)]
    assert states(situation(watch(during)))["candidate_behind"] is GuardrailState.OK


def test_a_candidate_whose_processors_work_all_the_time_trips():
    during = [reading(10.0 * n, points=100 * n, out=50 * n, worked=9.5 * n) for n in range(7)]
    answer = next(it for it in guardrails(situation(watch(during))) if it.name == "candidate_behind")
    assert answer.state is GuardrailState.TRIPPED
    assert "95%" in answer.reason


def test_a_candidate_whose_processors_work_half_of_the_time_does_not_trip():
    during = [reading(10.0 * n, points=100 * n, out=50 * n, worked=5.0 * n) for n in range(7)]
    assert states(situation(watch(during)))["candidate_behind"] is GuardrailState.OK


def test_memory_that_grows_over_its_bound_trips():
    during = [reading(10.0 * n, points=100 * n, memory=200_000_000 + 20_000_000 * n) for n in range(7)]
    assert states(situation(watch(during)))["memory"] is GuardrailState.TRIPPED


def test_memory_over_its_bound_that_does_not_grow_does_not_trip():
    during = [reading(10.0 * n, points=100 * n, memory=300_000_000) for n in range(7)]
    assert states(situation(watch(during)))["memory"] is GuardrailState.OK


def test_memory_that_grows_within_its_bound_does_not_trip():
    during = [reading(10.0 * n, points=100 * n, memory=130_000_000 + 1_000_000 * n) for n in range(7)]
    assert states(situation(watch(during)))["memory"] is GuardrailState.OK


def test_a_collector_that_starts_again_and_again_trips():
    during = [reading(10.0 * n + 5, started=10.0 * n, points=10) for n in range(3)]
    assert states(situation(watch(during)))["collector"] is GuardrailState.TRIPPED


def test_a_collector_that_was_killed_once_does_not_trip():
    during = [reading(10.0 * n + 5, started=10.0 * n, points=10) for n in range(2)]
    assert states(situation(watch(during)))["collector"] is GuardrailState.OK


def test_a_failure_that_the_supervisor_reports_trips_with_its_words():
    answer = tripped(guardrails(situation(watch(failure="exit code 1"))))
    assert answer is not None
    assert (answer.name, answer.reason) == ("collector", f"The collector on host {HOST} fails: exit code 1")


def _missing(*numbers: int, kind: NoDataKind = NoDataKind.MISSING) -> list[NoData]:
    return [NoData(HOST, pair(n, window(n), window(n)).start, kind, "nothing arrived.") for n in numbers]


def test_five_windows_in_a_row_without_data_trip():
    answer = states(situation(pairs=[pair(0, window(0, 1), window(0, 1))], no_data=_missing(1, 2, 3, 4, 5)))
    assert answer["no_data"] is GuardrailState.TRIPPED


def test_windows_without_data_that_are_over_do_not_trip():
    answer = states(situation(pairs=[pair(6, window(6, 1), window(6, 1))], no_data=_missing(1, 2, 3, 4, 5)))
    assert answer["no_data"] is GuardrailState.OK


def test_a_host_that_nothing_comes_from_trips():
    assert states(situation(watch(quiet_windows=5)))["no_data"] is GuardrailState.TRIPPED


@pytest.mark.parametrize("kind", [NoDataKind.LOST, NoDataKind.GAP])
def test_windows_that_our_ingest_lost_never_trip(kind):
    answer = states(situation(no_data=_missing(*range(20), kind=kind)))
    assert answer["no_data"] is GuardrailState.NO_DATA


def test_telemetry_that_has_just_come_back_does_not_trip():
    missing = replace(situation(no_data=_missing(1, 2, 3, 4, 5)), settling=True)
    assert states(missing)["no_data"] is GuardrailState.NO_DATA


def test_warming_up_is_not_missing_data():
    answer = states(situation(no_data=_missing(0, 1, 2, 3, 4, 5, kind=NoDataKind.WARM_UP)))
    assert answer["no_data"] is GuardrailState.NO_DATA


@given(st.data())
def test_the_order_of_windows_and_hosts_does_not_matter(data):
    pairs = [
        pair(n, window(n, 1, 2, critical={"nginx": 2}), window(n, 1, critical={"nginx": n % 2 + 1}), host)
        for n in range(3)
        for host in (HOST, HostId("host-b"))
    ]
    watches = [watch(), watch(host=HostId("host-b"))]
    shuffled = situation(*data.draw(st.permutations(watches)), pairs=sorted(pairs, key=lambda it: (it.start, it.host)))
    assert guardrails(shuffled) == guardrails(
        situation(*watches, pairs=sorted(pairs, key=lambda it: (it.start, it.host)))
    )


@given(
    st.lists(st.sets(st.integers(0, 50), max_size=20), min_size=1, max_size=6),
    st.dictionaries(st.sampled_from(["nginx", "postgres"]), st.integers(1, 3)),
    st.dictionaries(st.sampled_from(["counter_fell", "duplicate_identity"]), st.integers(1, 3)),
)
def test_a_candidate_that_equals_its_baseline_never_trips(sets, critical, corruption):
    same = [window(n, *numbers, total=7.5, critical=critical, corruption=corruption) for n, numbers in enumerate(sets)]
    own = steady_readings(15.0 * len(sets) + 30, out_share=1)
    pairing = pair_windows([streams(same, same, own)], PLAN)
    answers = guardrails(Situation(pairing, live_loss(pairing.pairs, values_stay=True), (watch(own),), {HOST: 100.0}))
    assert tripped(answers) is None


@pytest.mark.parametrize("by", [-30, -600, 45, 4000])
def test_a_clock_that_is_set_again_and_again_is_no_start_of_the_collector(by):
    during = [replace(it, began=NOON) for it in steady_readings(200)]
    for at in (5, 10, 15):
        during = [replace(it, time=it.time + by * SECOND + 1) if n >= at else it for n, it in enumerate(during)]
    assert states(situation(watch(during)))["collector"] is GuardrailState.OK


def test_starts_that_say_when_they_began_are_counted():
    during = [replace(reading(10.0 * n + 5, started=10.0 * n), began=NOON + n) for n in range(3)]
    assert states(situation(watch(during)))["collector"] is GuardrailState.TRIPPED
