import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.replay.process_requests import FIRST, SECOND, scrapes

from phoenix.collector.errors import CaptureTimesError
from phoenix.collector.replay.stock import _Shift
from phoenix.collector.replay.timeline import DAY, EARLIEST, LATEST, Timeline, add, days_until, shift_times

CAPTURE = scrapes([0, 10, 10, 5, 30])


def test_a_request_arrives_at_its_latest_point_and_never_before_the_one_before_it():
    timeline = Timeline.of(CAPTURE)
    assert [(int(t) - FIRST) // SECOND for t in timeline.requests] == [0, 10, 10, 10, 30]
    assert timeline.first == FIRST
    assert timeline.start == FIRST - 1
    assert timeline.end == int(CAPTURE.points.time.max()) + 1


def test_a_capture_without_points_has_a_timeline():
    timeline = Timeline.of(scrapes([]))
    assert (timeline.start, len(timeline.requests)) == (EARLIEST - 1, 0)


def test_refuses_a_date_no_clock_reaches():
    with pytest.raises(CaptureTimesError, match="2160"):
        Timeline.of(scrapes([0], first=LATEST + DAY))


def test_not_set_stays_not_set():
    assert add(np.array([0, 5], dtype=np.uint64), 3).tolist() == [0, 8]


@given(st.integers(0, LATEST), st.integers(0, LATEST))
def test_days_until_is_the_least_whole_number_of_days(moment, earliest):
    days = days_until(moment, earliest)
    assert days % DAY == 0
    assert moment + days >= earliest
    assert days == 0 or moment + days - DAY < earliest


@given(st.integers(-FIRST + DAY, LATEST - FIRST))
def test_a_shift_back_undoes_a_shift(by):
    back = shift_times(shift_times(CAPTURE, by), -by)
    assert back.points.time.tolist() == CAPTURE.points.time.tolist()
    assert back.points.start_time.tolist() == CAPTURE.points.start_time.tolist()


@pytest.mark.parametrize("make", [_Shift.by_whole_days, _Shift.to_now])
@given(now=st.integers(400 * DAY, LATEST))
def test_older_series_stay_older_than_the_collector_and_every_time_comes_back(make, now):
    shift = make(Timeline.of(CAPTURE), now)
    moved = shift.apply(CAPTURE)
    older = (CAPTURE.points.start_time < FIRST) & (CAPTURE.points.start_time > 0)
    newer = CAPTURE.points.start_time >= FIRST
    assert (moved.points.start_time[older] < now).all()
    assert (moved.points.start_time[newer] > now).all()
    assert (moved.points.time > now).all()
    back = shift.undo(moved)
    assert back.points.start_time.tolist() == CAPTURE.points.start_time.tolist()
    assert back.points.time.tolist() == CAPTURE.points.time.tolist()
