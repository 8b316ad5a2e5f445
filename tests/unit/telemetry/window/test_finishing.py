"""Totals along a stream, and the damage that a stream shows by itself."""

import pytest
from tests.support.metering.telemetry import MINUTE, SECOND, Body, window_of

from phoenix.telemetry.window import Carry, WindowPlan

LATER = MINUTE + 60 * SECOND


def total(measure, name="c"):
    return measure.metrics[name].total


def test_an_increment_belongs_to_the_window_of_its_later_point():
    first, carry = window_of([Body().counter("c", 10, time=MINUTE), Body().counter("c", 15, time=MINUTE + SECOND)])
    second, _ = window_of([Body().counter("c", 22, time=LATER)], carry=carry)
    assert (total(first), total(second)) == (5, 7)


def test_deltas_count_whole_and_agree_with_the_counter_they_were_made_of():
    window, _ = window_of(
        [Body().counter("c", 7, time=MINUTE, delta=True).counter("c", 5, time=MINUTE + 1, delta=True)]
    )
    assert total(window) == 12


def test_a_counter_born_since_the_window_before_counts_whole():
    _, carry = window_of([Body().counter("c", 1, time=MINUTE)])
    born, _ = window_of([Body().counter("c", 40, time=LATER, start=MINUTE + SECOND, pid=2)], carry=carry)
    older, _ = window_of([Body().counter("c", 40, time=LATER, start=MINUTE - SECOND, pid=2)], carry=carry)
    assert (total(born), total(older)) == (40, 0)


def test_in_the_first_window_a_birth_is_a_start_not_before_its_first_point():
    points = Body().counter("c", 3, time=MINUTE, start=MINUTE - 1).counter("c", 4, time=MINUTE, start=MINUTE, pid=2)
    assert total(window_of([points])[0]) == 4


def test_a_new_start_time_after_the_last_point_is_a_restart_and_counts_whole():
    _, carry = window_of([Body().counter("c", 100, time=MINUTE)])
    window, _ = window_of([Body().counter("c", 6, time=LATER, start=MINUTE + SECOND)], carry=carry)
    assert (total(window), window.corruption) == (6, {})


def test_a_counter_that_falls_without_a_new_start_time_is_damage_and_adds_nothing():
    bodies = [Body().counter("c", value, time=MINUTE + tick) for tick, value in enumerate((5, 3, 9))]
    window, carry = window_of(bodies)
    assert (window.corruption, total(window)) == ({"counter_fell": 1}, 6)
    across, _ = window_of([Body().counter("c", 8, time=LATER)], carry=carry)
    assert across.corruption == {"counter_fell": 1}


def test_gauges_and_deltas_may_fall():
    bodies = [Body().gauge("g", v, time=MINUTE + v).counter("c", 9 - v, time=MINUTE + v, delta=True) for v in (1, 2)]
    assert window_of(bodies)[0].corruption == {}


def test_integers_beyond_what_doubles_tell_apart_are_subtracted_exactly():
    bodies = [Body().counter("c", 2**60, time=MINUTE), Body().counter("c", 2**60 + 3, time=MINUTE + 1)]
    assert total(window_of(bodies)[0]) == 3


def test_one_series_at_one_time_twice_is_a_duplicate_also_across_bodies():
    body = Body().gauge("g", 1, time=MINUTE).gauge("g", 2, time=MINUTE)
    assert window_of([body])[0].corruption == {"duplicate_identity": 1}
    apart = [Body().gauge("g", value, time=MINUTE) for value in (1, 2)]
    assert window_of(apart)[0].corruption == {"duplicate_identity": 1}


def test_when_the_time_between_scrapes_is_known_points_closer_than_half_of_it_are_duplicates():
    bodies = [Body().gauge("g", 1, time=MINUTE + round(at * SECOND)) for at in (0, 4.9, 10, 15)]
    assert window_of(bodies)[0].corruption == {}
    assert window_of(bodies, WindowPlan(60.0, scrape_seconds=10.0))[0].corruption == {"duplicate_identity": 1}


def test_series_without_host_name_or_id_are_counted():
    body = Body().gauge("g", 1, time=MINUTE, host=None).gauge("h", 1, time=MINUTE, host=None).gauge("g", 1, time=MINUTE)
    assert window_of([body])[0].corruption == {"host_identity_lost": 2}


def test_values_that_are_no_numbers_say_nothing():
    bodies = [Body().counter("c", value, time=MINUTE + tick) for tick, value in enumerate((1.0, float("nan"), 4.0))]
    window, _ = window_of(bodies)
    assert total(window) == 3.0
    assert window.series.values.tolist() == [5.0]


def test_a_counter_is_remembered_for_twenty_windows_without_it_and_then_forgotten():
    _, carry = window_of([Body().counter("c", 1, time=MINUTE)])
    for minute in (20, 21):
        _, carry = window_of([Body().counter("c", 1, time=MINUTE + minute * 60 * SECOND, pid=2)], carry=carry)
        assert len(carry) == (2 if minute == 20 else 1)


def test_what_is_carried_is_capped_to_the_latest():
    plan = WindowPlan(60.0, max_series=3)
    body = Body()
    for pid in range(3):
        body.counter("c", 1, time=MINUTE, pid=pid)
    _, carry = window_of([body], plan)
    other = Body()
    for pid in range(10, 12):
        other.counter("c", 1, time=LATER, pid=pid)
    _, carry = window_of([other], plan, carry)
    assert len(carry) == 3
    assert sorted(carry.time.tolist())[1:] == [LATER, LATER]
    assert carry.series.tolist() == sorted(carry.series.tolist())


@pytest.mark.parametrize("width", [15.0, 60.0])
def test_windows_add_up_to_what_the_stream_did(width):
    plan, carry, sums = WindowPlan(width), Carry(), 0.0
    values = [(tick, 3 * tick) for tick in range(0, 300, 7)]
    by_window: dict[int, list[Body]] = {}
    for tick, value in values:
        by_window.setdefault(int(tick // width), []).append(Body().counter("c", value, time=MINUTE + tick * SECOND))
    for bodies in by_window.values():
        window, carry = window_of(bodies, plan, carry)
        sums += total(window)
    assert sums == values[-1][1]
