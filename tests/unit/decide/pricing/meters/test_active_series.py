"""Grafana Cloud: a series is active for 20 minutes after its last point; the 95th percentile of the month is billed."""

from decimal import Decimal

import pytest
from tests.support.pricing import sides, steady, usage

from phoenix.decide.pricing.meters.active_series import ActiveSeries
from phoenix.decide.pricing.usage.model import Usage

SERIES_ALONE = ActiveSeries(kind="active-series", window=1200.0, percentile=95)
GRAFANA = SERIES_ALONE.model_copy(update={"included_points_per_minute": Decimal(1)})
BASE = range(100)
BURST = range(1000, 1050)


def burst_at(minute, minutes):
    return [[*BASE, *BURST] if slot == minute else BASE for slot in range(minutes)]


def test_a_process_of_one_minute_is_active_for_twenty():
    # Moments after 20 minutes: 21; the burst is active in the six that have minute 5 among their last twenty.
    assert SERIES_ALONE.units(usage(burst_at(5, 40))).high == 150
    # The 20th of 21 is the 95th percentile, and 15 of them have 100.
    assert SERIES_ALONE.units(usage(burst_at(5, 40))).likely == 150


def test_the_highest_twentieth_of_the_month_is_forgiven():
    # 4 of 381 moments have 150.
    assert SERIES_ALONE.units(usage(burst_at(3, 400))).likely == 100


def test_the_smallest_and_the_largest_moment_are_the_range():
    units = SERIES_ALONE.units(usage(burst_at(3, 400)))
    assert sides(units) == (100, 100, 150)


def test_a_flapping_top_k_is_dearer_than_its_windows():
    flapping = [range(10) if slot % 2 else range(10, 20) for slot in range(60)]
    assert SERIES_ALONE.units(usage(flapping)).likely == 20


@pytest.mark.parametrize(("interval", "billed"), [(60, 100), (15, 400), (120, 100)])
def test_points_over_one_a_minute_count_as_series(interval, billed):
    assert GRAFANA.units(steady(100, seconds=interval)).likely == billed


def test_more_points_a_minute_may_come_with_a_series():
    generous = GRAFANA.model_copy(update={"included_points_per_minute": Decimal(2)})
    assert generous.units(steady(100, seconds=15)).likely == 200


def test_the_percentile_forgives_peaks_of_points_too():
    # Three of a hundred minutes have twice the points: their series count, their points do not.
    doubled = usage([[*BASE, *BURST] if slot < 3 else BASE for slot in range(100)])
    assert GRAFANA.units(doubled).likely == 100


def test_unknown_series_are_unknown():
    assert GRAFANA.units(Usage.unknown()).nothing_known
    assert SERIES_ALONE.units(Usage.unknown()).nothing_known
