"""Which windows are evidence: watermark, lateness, silence, jumps of the clock, bodies that were lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.metering.telemetry import MINUTE, SECOND, Body, parts_of

from phoenix.control.metering import stream as s
from phoenix.control.metering.model import MeteringLimits
from phoenix.telemetry.window import WindowPlan

PLAN = WindowPlan(60.0)
LIMITS = MeteringLimits(lateness_seconds=5, idle_seconds=120, jump_seconds=300, jump_bodies=3)


class Meter:
    """A stream with a clock that follows its bodies."""

    def __init__(self, plan=PLAN):
        self.stream = s.Stream(plan, LIMITS, epoch="run", now=0.0)
        self.plan, self.now = plan, 0.0

    def take(self, *seconds, passed=None):
        """Fold a body with a point at each of these seconds after MINUTE."""
        self.now += 10.0 if passed is None else passed
        body = Body()
        for at in seconds:
            body.gauge("g", 1, time=MINUTE + round(at * SECOND))
        return self.stream.fold(parts_of([body.written], self.plan), now=self.now)


def starts(closed):
    return [(closing.part.start - MINUTE) // SECOND for closing in closed]


def gaps(closed):
    return [closing.gap for closing in closed]


def test_a_window_closes_when_the_watermark_passes_its_end():
    meter = Meter()
    meter.take(0)
    meter.take(50)
    assert meter.take(64.9).closed == []
    folded = meter.take(65)
    assert starts(folded.closed) == [0]
    assert meter.stream.watermark == MINUTE + 60 * SECOND


def test_the_first_window_is_no_evidence_and_the_next_is():
    meter = Meter()
    closed = meter.take(10).closed + meter.take(70).closed + meter.take(130).closed
    assert gaps(closed) == [s.BEGAN_INSIDE, ""]
    assert [closing.begins_run for closing in closed] == [True, False]


def test_points_within_the_lateness_allowed_are_taken_in_any_order():
    meter = Meter()
    meter.take(10)
    meter.take(62)
    assert meter.take(58).late == []
    closed = meter.take(70).closed
    assert len(closed[0].part) == 2


def test_points_of_a_closed_window_are_rejected_and_counted():
    meter = Meter()
    meter.take(10)
    meter.take(70)
    folded = meter.take(20, 71)
    assert [(late.start, late.points) for late in folded.late] == [(MINUTE, 1)]
    assert (folded.points, folded.late_points) == (1, 1)


def test_a_silent_stream_is_closed_and_marked_and_goes_on_with_a_gap():
    meter = Meter()
    meter.take(10)
    meter.take(70)
    assert meter.stream.close_idle(meter.now + 179) == []
    closed = meter.stream.close_idle(meter.now + 180)
    assert gaps(closed) == [s.SILENT]
    assert meter.stream.close_idle(meter.now + 500) == []
    # It comes back in the middle of a window.
    closed = meter.take(260, passed=200).closed + meter.take(310).closed + meter.take(370).closed
    assert gaps(closed) == [s.BEGAN_INSIDE, ""]


def test_a_stray_point_far_ahead_closes_nothing():
    meter = Meter()
    meter.take(10)
    folded = meter.take(20, 100_000)
    assert (folded.points, folded.jumped_points, folded.closed) == (1, 1, [])
    # Nor in the first body.
    fresh = Meter()
    assert fresh.take(0, 1, 2, 10**6).jumped_points == 1
    assert fresh.stream.watermark == MINUTE - 3 * SECOND


def test_a_stray_point_far_back_in_the_first_body_makes_no_window_whole():
    meter = Meter()
    assert meter.take(-10_000, 10, 11).late_points == 1
    assert gaps(meter.take(70).closed) == [s.BEGAN_INSIDE]


@pytest.mark.parametrize("jump", [100_000, -100_000])
def test_a_clock_that_was_set_is_believed_after_three_bodies_and_begins_anew(jump):
    meter = Meter()
    meter.take(10)
    meter.take(70)
    before = meter.stream.run
    rejected = [meter.take(80 + jump), meter.take(90 + jump)]
    assert all(folded.points == 0 and folded.closed == [] for folded in rejected)
    folded = meter.take(100 + jump)
    assert (folded.points, gaps(folded.closed)) == (1, [s.CLOCK_SET])
    assert meter.stream.run != before
    closed = meter.take(170 + jump).closed
    assert [(closing.begins_run, closing.gap) for closing in closed] == [(True, s.BEGAN_INSIDE)]


def test_time_that_went_by_for_us_too_is_no_jump():
    meter = Meter()
    meter.take(10)
    folded = meter.take(10_000, passed=10_000)
    assert (folded.points, folded.jumped_points) == (1, 0)


def test_a_body_that_was_refused_spoils_its_windows_unless_it_comes_again():
    meter = Meter()
    meter.take(-10)
    meter.take(10)
    meter.stream.refused(b"one")
    meter.stream.refused(b"two")
    meter.stream.accepted(b"one")
    closed = meter.take(70).closed + meter.take(130).closed
    assert gaps(closed)[-2:] == [s.BODY_REFUSED] * 2
    # Two windows on nobody can have been meant any more.
    closed = meter.take(190).closed + meter.take(250).closed
    assert gaps(closed)[-1] == ""


def test_a_body_that_came_again_spoils_nothing():
    meter = Meter()
    meter.take(-10)
    meter.take(10)
    meter.stream.refused(b"one")
    meter.stream.accepted(b"one")
    assert gaps(meter.take(70).closed) == [""]


def test_a_body_that_cannot_be_read_spoils_its_windows():
    meter = Meter()
    meter.take(-70)
    meter.take(10)
    meter.stream.spoil(s.BODY_UNREADABLE)
    assert gaps(meter.take(70).closed) == [s.BODY_UNREADABLE]


def test_notes_of_lost_bodies_are_bounded():
    meter = Meter()
    meter.take(-10)
    meter.take(10)
    for number in range(3000):
        meter.stream.refused(number.to_bytes(8, "big"))
    assert len(meter.stream._refused) + len(meter.stream._spoils) <= 1024 + 64
    assert gaps(meter.take(70).closed) == [s.BODY_REFUSED]


@given(
    st.lists(
        st.lists(st.one_of(st.integers(-20, 400), st.integers(-(10**9), 10**9)), min_size=1, max_size=4), max_size=60
    )
)
@settings(max_examples=60)
def test_whatever_times_come_no_point_is_lost_or_counted_twice_and_little_is_open(bodies):
    meter = Meter()
    sent = taken = rejected = 0
    closed = []
    for seconds in bodies:
        folded = meter.take(*seconds)
        sent += len(seconds)
        taken += folded.points
        rejected += folded.late_points + folded.jumped_points
        closed += folded.closed
        # A jump allowed, the lateness, and a body's own windows.
        assert meter.stream.open_windows <= 300 / 60 + 3 + PLAN.max_windows
    closed += meter.stream.close(s.METER_STOPPED)
    assert taken + rejected == sent
    assert sum(len(closing.part) for closing in closed) == taken
    assert meter.stream.rows == 0
    names = [(closing.run, closing.part.start) for closing in closed]
    assert len(set(names)) == len(names)
    assert names == sorted(names, key=lambda name: (int(name[0].split(".")[1]), name[1]))


def test_many_small_bodies_of_a_window_stay_few_arrays():
    meter = Meter()
    for tick in range(500):
        meter.take(tick / 20, passed=0.05)
    (held,) = meter.stream._open.values()
    assert len(held.parts) <= 17
    assert (held.rows, meter.stream.rows) == (500, 500)
