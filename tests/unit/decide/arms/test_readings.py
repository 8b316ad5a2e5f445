"""Which reports belong to one start of the collector's service."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.support.experiments.arms import SECOND, reading, steady_readings

from phoenix.decide.arms.readings import runs, steps, whole


def lengths(readings) -> list[int]:
    return [len(run.readings) for run in runs(readings)]


def test_reports_whose_uptime_goes_on_are_one_run():
    assert lengths(steady_readings(60)) == [7]


def test_an_uptime_read_a_little_late_is_no_new_start():
    early = reading(0.0, points=0, out=0)
    assert lengths([early, replace(reading(12.0), uptime_seconds=11.9)]) == [2]


def test_a_service_that_began_after_the_report_before_is_another_run():
    assert lengths([reading(10, started=0), reading(25, started=12)]) == [1, 1]


def test_a_counter_that_falls_tells_of_a_start_that_uptime_hides():
    assert lengths([reading(10, points=500), replace(reading(21, points=100), uptime_seconds=10.9)]) == [1, 1]


def test_another_config_is_another_run():
    assert lengths([reading(10), reading(20, revision="rev-2")]) == [1, 1]


def test_a_run_began_when_its_counters_stood_at_zero():
    (run,) = runs([reading(30, started=20)])
    assert (reading(30).time - run.started, whole(run)) == (10 * SECOND, None)


@given(st.permutations(range(7)))
def test_the_order_of_reports_and_doubles_do_not_matter(order):
    made = steady_readings(60)
    (run,) = runs([made[n] for n in order] + made[:2])
    assert list(run.readings) == made
    assert sum(step.seconds for step in steps(run)) == 60.0
