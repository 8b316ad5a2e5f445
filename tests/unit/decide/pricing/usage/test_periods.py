"""How many series a period holds when less, or more, than the period was seen: each case computed by hand."""

from decimal import Decimal

import pytest
from tests.support.pricing import sides, sightings

from phoenix.decide.pricing.usage.periods import Period, moments, statistic

HOUR = Period(3600.0)
BASE = range(100)
# Twelve scrapes five seconds apart; one new series at each but the first, which the next scrape misses.
CHURN = [[*BASE, *([500 + slot] if slot else [])] for slot in range(12)]


def test_a_minute_is_extended_to_an_hour_by_the_arrivals_seen():
    found = moments(sightings(CHURN, seconds=5.0), HOUR)
    # 111 seen; 11 in 55 s go on for 3,540 s.
    least, likely, most = sides(found.summed_up(None))
    assert least == 111
    assert likely == 111 + 708
    # 11 + 2 * sqrt(11) + 3 = 20.633249..., in 55 s.
    assert most == 111 + Decimal("1328.030973")
    assert found.arrived == 11


def test_series_that_come_together_are_one_arrival():
    found = moments(sightings(CHURN, seconds=5.0, source=11.0), HOUR)
    # One process of 11 series: 1 + 2 + 3 = 6 processes.
    assert sides(found.summed_up(None)) == (111, 819, 111 + Decimal(6 * 11 * 3540) / 55)


def test_none_seen_in_a_minute_is_not_none_in_an_hour():
    found = moments(sightings([BASE] * 12, seconds=5.0), HOUR)
    assert sides(found.summed_up(None)) == (100, 100, 100 + Decimal("193.090909"))


def test_a_slower_scrape_meets_what_lives_briefly_by_chance():
    found = moments(sightings(CHURN, seconds=5.0, scrape_seconds=60.0), HOUR)
    # Ten series lived for a twelfth of the interval; the last may have lived on.
    weight = 100 + 10 / 12 + 1
    assert float(found.likely[0]) == pytest.approx(weight + (10 / 12 + 1) / 55 * 3540)
    # At least what an average scrape holds.
    assert float(found.low[0]) == pytest.approx(100 + 11 / 12)
    assert "chance" in found.rule


def test_one_look_says_nothing_of_what_comes():
    found = moments(sightings([BASE]), HOUR)
    assert [*found.low, *found.likely] == [100, 100]
    assert found.high is None
    assert found.summed_up(None).high is None
    assert found.times(Decimal(2)).summed_up(None).likely == 200
    assert "at most is unknown" in found.rule


def test_no_series_at_all_stay_none():
    empty = sightings([[], []], scrape_seconds=600.0)
    assert sides(moments(empty, HOUR).summed_up(None)) == (0, 0, 0)


def test_gaps_are_left_out_of_time():
    seen = sightings([BASE] * 60)
    later = sightings([range(200)] * 180)
    kept = later.times[150:]
    gap = seen | type(seen)(60.0, kept, later.series[later.time >= kept[0]], later.time[later.time >= kept[0]])
    # 60 minutes, and then 30 after a gap of an hour and a half: one whole hour, not two and a half.
    assert gap.slots == 90
    assert sides(moments(gap, HOUR).summed_up(None))[1] == 100


def test_one_hour_says_that_it_was_one():
    assert "it was one" in moments(sightings([BASE] * 60), HOUR).rule
    assert "of 2" in moments(sightings([BASE] * 120), HOUR).rule


@pytest.mark.parametrize(
    ("counts", "percentile", "expected"),
    [(range(1, 101), 95, 95), (range(1, 21), 95, 19), (range(1, 20), 95, 10), (range(1, 4), None, 2), ([5] * 30, 1, 5)],
)
def test_a_percentile_is_of_the_nearest_rank_and_needs_twenty_moments(counts, percentile, expected):
    assert statistic([Decimal(count) for count in counts], percentile) == expected
