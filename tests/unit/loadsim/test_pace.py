import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.loadsim.pace import Pace


@given(st.floats(0.1, 100), st.lists(st.floats(0.0005, 0.9), min_size=1, max_size=200))
def test_on_average_exactly_as_many_as_asked_for(per_second, steps):
    now, taken = 100.0, 0
    pace = Pace(per_second, now)
    for step in steps:
        now += step
        taken += pace.take(now)
    assert taken == pytest.approx((now - 100.0) * per_second, abs=1.001)


@given(st.floats(0.1, 100))
def test_a_start_is_due_when_it_says_so(per_second):
    pace = Pace(per_second, 0.0)
    for number in range(1, 20):
        now = number / per_second
        assert pace.seconds_to_next(now - 0.5 / per_second) == pytest.approx(0.5 / per_second)
        assert pace.take(now + 1e-9) == 1


def test_a_long_sleep_is_not_made_up_for():
    pace = Pace(10, 0.0)
    assert pace.take(3600.0) == 51
    assert pace.take(3600.05) == 0
    assert pace.take(3600.11) == 1
