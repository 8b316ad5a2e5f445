"""Times are read, shown and taken apart as Go's package time does it, in zones and without a year too."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.registry import CONVERTERS, CONVERTERS_AT
from phoenix.engine.functions.time.arrival import needs_arrival
from phoenix.engine.functions.time.zones import shown, zone_of
from phoenix.engine.values.value import Duration, Time

SECOND = 10**9
# 2024-01-03 00:00:00 UTC.
ARRIVAL = Time(1_704_240_000 * SECOND)


def read(text, text_format, **arguments):
    return CONVERTERS["Time"](time=text, format=text_format, **arguments)


def test_a_time_keeps_the_offset_it_was_written_with():
    time = read("2024-03-05T01:02:03.456+0200", "%Y-%m-%dT%H:%M:%S.%L%z")
    assert time == Time(1_709_593_323_456_000_000, "+02:00:00")
    assert CONVERTERS["FormatTime"](time, "%H:%M %z %Z %j") == "01:02 +0200 +0200 +02:00"


def test_a_location_says_when_daylight_saving_is():
    summer = read("2024-07-01 12:00", "%F %R", location="America/New_York")
    winter = read("2024-01-01 12:00", "%F %R", location="America/New_York")
    assert [CONVERTERS["FormatTime"](time, "%R %Z") for time in (summer, winter)] == ["12:00 EDT", "12:00 EST"]
    assert CONVERTERS["UnixSeconds"](summer) == 1_719_849_600


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Jan 02 03:04:05", 1_704_164_645),
        ("Jan 10 00:00:00", 1_704_844_800),
        # More than a week ahead: that was last year.
        ("Jan 11 00:00:00", 1_673_395_200),
        ("Dec 31 00:00:00", 1_703_980_800),
    ],
)
def test_a_text_without_a_year_is_of_this_one_or_the_last(text, seconds):
    time = CONVERTERS_AT["Time"](ARRIVAL, time=text, format="%b %d %H:%M:%S", location="UTC")
    assert CONVERTERS["UnixSeconds"](time) == seconds


def test_a_text_without_a_year_needs_the_arrival():
    assert needs_arrival("Time", {"format": "%b %d"})
    assert not needs_arrival("Time", {"format": "%D"})
    assert not needs_arrival("Unix", {})
    with pytest.raises(NotColumnarError, match="without a year"):
        read("Jan 02", "%b %d")


@pytest.mark.parametrize(("text", "day"), [(" 65", 5), ("366", None), ("  1", None), ("400", None)])
def test_a_day_of_the_year_may_stand_behind_two_underscores(text, day):
    # "__%e" becomes Go's "__2", which is the day of the year and must agree with the month.
    def parsed():
        return read(f"2024-03 {text}", "%Y-%m __%e", location="UTC")

    if day is None:
        with pytest.raises(OttlRuntimeError):
            parsed()
    else:
        assert shown(parsed()).day == day


def test_years_beyond_pythons_follow_the_rules_of_the_zone():
    zone = zone_of("Europe/Berlin")
    july_20000 = 568_971_820_800 + 181 * 86_400
    assert zone.at(july_20000) == ("CEST", 7200)
    assert zone.at(-(10**12))[1] == zone.at(-5 * 10**10)[1]
    assert shown(Time(july_20000 * SECOND, "Europe/Berlin")).year == 20_000


def test_a_fixed_zone_may_have_a_name_and_no_seconds():
    assert zone_of("EST-05:00").at(0) == ("EST", -18_000)
    assert zone_of("+05:30").at(0) == ("", 19_800)


def test_half_hours_before_greenwich_are_shown_as_go_shows_them():
    assert CONVERTERS["FormatTime"](Time(0, "-00:00:30"), "%k %Z") == "+00:00:-30 +0000"


@pytest.mark.parametrize("name", ["Local", ""])
def test_the_machines_zone_is_found(name):
    assert isinstance(zone_of(name or "UTC").at(0)[1], int)


def test_truncating_by_nothing_changes_nothing():
    assert CONVERTERS["TruncateTime"](Time(5), Duration(-1)) == Time(5)
