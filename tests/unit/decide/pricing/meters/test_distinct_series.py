"""Datadog's classic plan: distinct name and tags in each hour, averaged over the month's hours."""

from tests.support.pricing import sides, steady, usage

from phoenix.decide.pricing.meters.distinct_series import DistinctSeries

CLASSIC = DistinctSeries(kind="distinct-series", period=3600.0)


def churning(hours, starts_a_minute=1, base=10):
    """A process of one series starts every minute and ends in it, beside those that stay."""
    return usage([[*range(base), *range(1000 + slot, 1000 + slot + starts_a_minute)] for slot in range(60 * hours)])


def test_how_often_a_series_sends_does_not_matter():
    assert CLASSIC.units(steady(1000, seconds=60)).likely == CLASSIC.units(steady(1000, seconds=15)).likely == 1000


def test_every_process_of_an_hour_counts_although_a_minute_has_one():
    units = CLASSIC.units(churning(hours=2))
    assert sides(units) == (70, 70, 70)


def test_hours_are_averaged():
    quiet = [range(10)] * 60
    busy = [range(40)] * 60
    units = CLASSIC.units(usage([*quiet, *busy, *quiet, *busy]))
    assert sides(units) == (10, 25, 40)


def test_what_is_left_over_is_no_hour():
    assert CLASSIC.units(usage([range(10)] * 60 + [range(500)] * 30)).likely == 10


def test_a_top_k_that_flaps_between_two_sets_is_both_of_them():
    assert CLASSIC.units(usage([range(10) if slot % 2 else range(10, 20) for slot in range(60)])).likely == 20
