"""The worked example of the price facts, to the cent, and what an unknown does."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.core.money import Money
from phoenix.decide.errors import CadenceInvalidError
from phoenix.decide.pricing.cost import cost, costs, saving_percent
from phoenix.decide.pricing.usage import Usage, usage
from phoenix.decide.pricing.vendor import vendor, vendors


@dataclass(frozen=True)
class Counts:
    series: int
    points: int
    bytes: int
    json_bytes: int


def thousand_series(scrapes=12):
    """A capture of 1,000 series whose points are 600 bytes of JSON each."""
    points = 1000 * scrapes
    return Counts(series=1000, points=points, bytes=200 * points, json_bytes=600 * points)


def amount(price):
    assert price is not None
    return price.amount


@pytest.mark.parametrize(
    ("interval", "grafana", "datadog", "new_relic"),
    [(60, "6.50", "50.00", "10.51"), (15, "26.00", "50.00", "42.05")],
)
def test_reproduces_the_worked_example(interval, grafana, datadog, new_relic):
    prices = costs(usage(thousand_series(), scrapes=12, interval_seconds=interval))
    assert {name: str(price) for name, price in prices.items()} == {
        "datadog-classic": f"{datadog} USD",
        "grafana-cloud": f"{grafana} USD",
        "new-relic": f"{new_relic} USD",
    }


def test_a_month_has_730_hours_of_scrapes():
    month = usage(thousand_series(), scrapes=12, interval_seconds=60)
    assert month.points_per_month == 43_800_000
    assert month.bytes_per_month == 200 * 43_800_000
    assert month.points_per_minute == 1000


def test_an_unknown_usage_has_an_unknown_cost():
    nothing_known = Usage(series=None)
    assert set(costs(nothing_known).values()) == {None}
    assert nothing_known.points_per_minute is None


def test_an_unknown_points_rate_leaves_active_series_unknown():
    assert cost(vendor("grafana-cloud"), Usage(series=Decimal(10))) is None


def test_an_unpublished_price_is_unknown_and_not_free():
    private = vendor("datadog-classic").model_copy(update={"price": None})
    assert cost(private, Usage(series=Decimal(10))) is None


def test_only_the_vendors_asked_for_are_priced():
    asked = {"datadog-classic": vendors()["datadog-classic"]}
    assert costs(Usage(series=Decimal(1000)), asked) == {"datadog-classic": Money(Decimal(50), "USD")}


def test_the_saving_of_nothing_or_the_unknown_is_unknown():
    assert saving_percent(0, 0) is None
    assert saving_percent(None, 3) is None
    assert saving_percent(Decimal(3), None) is None
    assert saving_percent(Decimal(8), Decimal(2)) == 75.0


@pytest.mark.parametrize(("scrapes", "interval"), [(0, 60), (1, 0), (1, -5)])
def test_refuses_a_cadence_that_makes_no_month(scrapes, interval):
    with pytest.raises(CadenceInvalidError):
        usage(thousand_series(), scrapes=scrapes, interval_seconds=interval)


@given(scrapes=st.integers(1, 500), interval=st.integers(1, 3600))
def test_a_longer_recording_of_the_same_scrapes_costs_the_same(scrapes, interval):
    once = costs(usage(thousand_series(scrapes=1), scrapes=1, interval_seconds=interval))
    often = costs(usage(thousand_series(scrapes), scrapes=scrapes, interval_seconds=interval))
    for name, price in once.items():
        assert abs(amount(price) - amount(often[name])) < Decimal("1e-12")
