"""Which windows are evidence."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.experiments.arms import (
    NOON,
    PLAN,
    TO_BASELINE,
    WIDTH,
    reading,
    steady_readings,
    streams,
    window,
)

from phoenix.core.ids import HostId
from phoenix.decide.arms.model import NoDataKind, Pairing
from phoenix.decide.arms.pairing import pair_windows
from phoenix.telemetry.window.model import WindowMeasure


def kinds(pairing: Pairing) -> dict[int, NoDataKind]:
    return {(it.start - NOON) // WIDTH: it.kind for it in pairing.no_data}


def numbers(pairing: Pairing) -> list[int]:
    return [(it.start - NOON) // WIDTH for it in pairing.pairs]


def both(*which: int) -> tuple[list[WindowMeasure], list[WindowMeasure]]:
    return [window(n, 1, 2) for n in which], [window(n, 1) for n in which]


def test_pairs_windows_that_are_complete_in_both_arms():
    pairing = pair_windows([streams(*both(0, 1, 2), steady_readings(60))], PLAN)
    assert numbers(pairing) == [1, 2]
    assert kinds(pairing) == {0: NoDataKind.WARM_UP}
    assert "nothing was failed" in pairing.pairs[0].evidence


def test_warms_up_for_as_many_windows_as_asked_in_both_arms():
    pairing = pair_windows([streams(*both(0, 1, 2), steady_readings(60))], replace(PLAN, warm_up=2))
    assert numbers(pairing) == [2]


def test_waits_for_a_window_that_the_baseline_has_not_ended():
    pairing = pair_windows([streams(*both(0, 1, 2), steady_readings(60), until=1)], PLAN)
    assert (numbers(pairing), pairing.waiting) == ([1], 1)


def test_waits_for_a_report_from_after_the_window():
    pairing = pair_windows([streams(*both(0, 1, 2), steady_readings(40))], PLAN)
    assert (numbers(pairing), pairing.waiting) == ([1], 1)


def test_a_window_without_any_report_is_no_data_once_the_time_to_wait_is_over():
    pairing = pair_windows([streams(*both(0, 1), [], until=3)], PLAN)
    assert kinds(pairing) == {0: NoDataKind.UNWATCHED, 1: NoDataKind.UNWATCHED}


def test_reports_that_stop_leave_no_evidence():
    pairing = pair_windows([streams(*both(0, 1, 2), steady_readings(20), until=5)], PLAN)
    assert kinds(pairing)[2] is NoDataKind.UNWATCHED


def test_an_exporter_that_the_reports_do_not_know_is_no_evidence():
    plan = replace(PLAN, exporters={**PLAN.exporters, next(iter(PLAN.exporters)): "otlp_http/other"})
    pairing = pair_windows([streams(*both(0, 1), steady_readings(60))], plan)
    assert kinds(pairing)[1] is NoDataKind.UNWATCHED


def test_a_missing_candidate_is_zero_when_its_processors_let_nothing_out():
    baseline, _ = both(0, 1, 2)
    own = steady_readings(60, out_share=0)
    pairing = pair_windows([streams(baseline, [], own, candidate_until=None)], PLAN)
    assert numbers(pairing) == [1, 2]
    assert pairing.pairs[0].candidate.points == 0
    assert "let none out" in pairing.pairs[0].evidence


def test_a_hole_that_the_meter_names_in_the_candidate_is_zero_with_the_same_proof():
    baseline, _ = both(0, 1)
    hole = replace(window(1), requests=0, gap="no data came for this window")
    pairing = pair_windows([streams(baseline, [hole], steady_readings(60, out_share=0))], PLAN)
    assert pairing.pairs[0].candidate.gap == ""


def test_a_missing_candidate_is_no_data_when_its_processors_let_something_out():
    baseline, _ = both(0, 1)
    pairing = pair_windows([streams(baseline, [], steady_readings(60), until=4, candidate_until=None)], PLAN)
    assert kinds(pairing)[1] is NoDataKind.MISSING


def test_a_missing_candidate_is_no_data_when_its_processors_got_nothing():
    baseline, _ = both(0, 1)
    own = [reading(10.0 * n, points=0, out=0) for n in range(7)]
    pairing = pair_windows([streams(baseline, [], own, until=4, candidate_until=None)], PLAN)
    assert kinds(pairing)[1] is NoDataKind.MISSING


def test_a_missing_candidate_is_no_data_without_a_processor_that_is_watched():
    baseline, _ = both(0, 1)
    own = steady_readings(60, out_share=0)
    plan = replace(PLAN, processors=())
    pairing = pair_windows([streams(baseline, [], own, until=4, candidate_until=None)], plan)
    assert kinds(pairing)[1] is NoDataKind.MISSING


@pytest.mark.parametrize("exporter", list(PLAN.exporters.values()))
@pytest.mark.parametrize("lost", ["send_failed", "enqueue_failed"])
def test_points_lost_on_the_way_to_the_meter_make_both_arms_no_data(exporter, lost):
    own = steady_readings(60)
    for n in range(2, 7):
        counts = replace(own[n].exporters[exporter], **{lost: 5})
        own[n] = replace(own[n], exporters={**own[n].exporters, exporter: counts})
    pairing = pair_windows([streams(*both(0, 1, 2), own)], PLAN)
    assert kinds(pairing)[1] is NoDataKind.LOST
    assert numbers(pairing) == [2]


def test_a_queue_that_empties_in_time_loses_nothing():
    own = steady_readings(60)
    own[3] = replace(
        own[3], exporters={**own[3].exporters, TO_BASELINE: replace(own[3].exporters[TO_BASELINE], queue_size=2)}
    )
    assert numbers(pair_windows([streams(*both(0, 1), own)], PLAN)) == [1]


def test_a_queue_that_never_empties_is_no_data():
    own = [reading(10.0 * n, points=100 * n, out=50 * n, queue=3) for n in range(9)]
    pairing = pair_windows([streams(*both(0, 1), own, until=4)], PLAN)
    assert kinds(pairing)[1] is NoDataKind.LOST


def test_what_waits_at_the_boundary_is_waited_for():
    own = [reading(10.0 * n, points=100 * n, out=50 * n, waiting=100) for n in range(5)]
    pairing = pair_windows([streams(*both(0, 1), own)], PLAN)
    assert (numbers(pairing), pairing.waiting) == ([], 1)


def test_a_missing_baseline_is_no_data_and_never_zero():
    baseline, candidate = both(0, 1, 2, 3, 4, 5)
    del baseline[2]
    pairing = pair_windows([streams(baseline, candidate, steady_readings(120))], PLAN)
    assert kinds(pairing) == {0: NoDataKind.WARM_UP, 2: NoDataKind.MISSING}


def test_a_window_that_neither_arm_has_is_named():
    baseline, candidate = both(0, 1, 3, 4, 5)
    pairing = pair_windows([streams(baseline, candidate, steady_readings(120))], PLAN)
    assert kinds(pairing)[2] is NoDataKind.MISSING


def test_a_gap_of_either_arm_is_no_data():
    baseline, candidate = both(0, 1, 2)
    baseline[1], candidate[2] = replace(baseline[1], gap="the meter restarted"), replace(candidate[2], gap="late")
    pairing = pair_windows([streams(baseline, candidate, steady_readings(60))], PLAN)
    assert kinds(pairing) == {0: NoDataKind.WARM_UP, 1: NoDataKind.GAP, 2: NoDataKind.GAP}


def test_a_candidate_that_is_behind_is_not_a_saving():
    pairing = pair_windows([streams(*both(0, 1), steady_readings(90), until=4, candidate_until=0)], PLAN)
    assert kinds(pairing)[1] is NoDataKind.BEHIND


def test_a_candidate_that_ends_for_good_is_complete_when_its_processors_say_so():
    own = [reading(10.0 * n, points=100 * n, out=50 * min(n, 2)) for n in range(9)]
    assert numbers(pair_windows([streams(*both(0, 1), own, candidate_until=0)], PLAN)) == [1]


def test_a_restart_of_the_collector_makes_its_window_no_data_and_warms_up_anew():
    own = [*steady_readings(30), *(reading(10.0 * n, started=35, points=10 * n, out=5 * n) for n in range(4, 11))]
    pairing = pair_windows([streams(*both(0, 1, 2, 3, 4, 5), own)], PLAN)
    assert kinds(pairing) == {0: NoDataKind.WARM_UP, 2: NoDataKind.WARM_UP}
    assert numbers(pairing) == [1, 3, 4, 5]


def test_a_collector_that_died_before_its_last_report_leaves_no_evidence():
    own = [*steady_readings(20), *(reading(10.0 * n, started=55, points=10 * n, out=5 * n) for n in range(6, 11))]
    pairing = pair_windows([streams(*both(0, 1, 2, 3, 4, 5), own)], PLAN)
    assert kinds(pairing)[2] is NoDataKind.RESTARTED


def test_windows_before_the_experiments_config_ran_are_left_out():
    own = [reading(10.0 * n, started=40, points=10 * n, out=5 * n) for n in range(5, 12)]
    pairing = pair_windows([streams(*both(0, 1, 2, 3, 4), own)], PLAN)
    assert numbers(pairing) == [3, 4]


YEAR = 365 * 24 * 3600 * 1_000_000_000 // WIDTH


def test_a_clock_that_is_set_by_a_year_names_no_window_between():
    pairing = pair_windows([streams(*both(0, 1, YEAR), steady_readings(60))], PLAN)
    assert numbers(pairing) == [1]
    assert len(pairing.no_data) + pairing.waiting == 2


def test_a_clock_that_was_set_by_a_year_for_a_while_leaves_a_gap_there_and_nothing_else():
    baseline, candidate = both(0, 1, 2, YEAR)
    for arm in (baseline, candidate):
        arm[3] = replace(arm[3], gap="the host's clock was set")
        # As the meter names a hole; what is to come still is none.
        arm.append(replace(window(50, 1), requests=0, gap="no data came for this window"))
    pairing = pair_windows([streams(baseline, candidate, steady_readings(60), until=2)], PLAN)
    assert numbers(pairing) == [1, 2]
    assert (kinds(pairing), pairing.waiting) == ({0: NoDataKind.WARM_UP, YEAR: NoDataKind.GAP}, 0)


@given(st.data())
def test_the_order_of_hosts_windows_and_reports_does_not_matter(data):
    baseline, candidate = both(0, 1, 2, 3)
    del candidate[2]
    own = [*steady_readings(30), *(reading(10.0 * n, started=35, points=10 * n, out=5 * n) for n in range(4, 9))]
    hosts = [HostId("a"), HostId("b")]
    straight = [streams(baseline, candidate, own, host=host) for host in hosts]
    shuffled = [
        streams(
            data.draw(st.permutations(baseline)),
            data.draw(st.permutations(candidate)),
            data.draw(st.permutations(own)),
            host=host,
        )
        for host in data.draw(st.permutations(hosts))
    ]
    first, second = pair_windows(straight, PLAN), pair_windows(shuffled, PLAN)
    assert first == second
