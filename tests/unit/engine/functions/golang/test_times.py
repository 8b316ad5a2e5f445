"""Times and durations as Go writes them."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.golang.times import duration_string, rfc3339_nano, time_string
from phoenix.engine.values.value import Duration, Time

SECOND = 10**9
DURATIONS = [
    *((0, "0s"), (1, "1ns"), (1500, "1.5µs"), (-1_500_000, "-1.5ms"), (SECOND, "1s"), (61 * SECOND, "1m1s")),
    *((3600 * SECOND, "1h0m0s"), (3_723_000_000_004, "1h2m3.000000004s"), (-(2**63), "-2562047h47m16.854775808s")),
]
TIMES = [
    (Time(0), "1970-01-01T00:00:00Z", "1970-01-01 00:00:00 +0000 UTC"),
    (Time(-1), "1969-12-31T23:59:59.999999999Z", "1969-12-31 23:59:59.999999999 +0000 UTC"),
    (Time(0, "Asia/Kolkata"), "1970-01-01T05:30:00+05:30", "1970-01-01 05:30:00 +0530 IST"),
    (Time(0, "-02:00"), "1969-12-31T22:00:00-02:00", "1969-12-31 22:00:00 -0200 -0200"),
    (Time(-62_135_596_800 * SECOND), "0001-01-01T00:00:00Z", "0001-01-01 00:00:00 +0000 UTC"),
]


@pytest.mark.parametrize(("ns", "text"), DURATIONS)
def test_a_duration_is_written(ns, text):
    assert duration_string(Duration(ns)) == text


@pytest.mark.parametrize(("time", "standard", "shown"), TIMES)
def test_a_time_is_written(time, standard, shown):
    assert (rfc3339_nano(time), time_string(time)) == (standard, shown)


def test_a_year_of_five_digits_has_no_standard_form():
    late = Time(400_000_000_000 * SECOND)
    with pytest.raises(OttlRuntimeError, match="year outside of range"):
        rfc3339_nano(late)
    with pytest.raises(NotColumnarError, match="Format of a time in the year 14645"):
        time_string(late)


def test_a_zone_a_day_away_has_no_standard_form():
    with pytest.raises(OttlRuntimeError, match="timezone hour outside of range"):
        rfc3339_nano(Time(0, "+24:00"))
