"""The worked example of the price facts, to the cent, and other months computed by hand."""

import pytest
from tests.support.pricing import all_billed, steady

from phoenix.decide.pricing.cost import Pricing, costs

EXAMPLE = {
    60: {
        "grafana-cloud": "6.50",
        "amazon-managed-prometheus": "3.94",
        "google-managed-prometheus": "2.63",
        "datadog-classic": "50.00",
        "new-relic": "10.51",
    },
    15: {
        "grafana-cloud": "26.00",
        "amazon-managed-prometheus": "15.77",
        "google-managed-prometheus": "10.51",
        "datadog-classic": "50.00",
        "new-relic": "42.05",
    },
}


@pytest.mark.parametrize("interval", [60, 15])
def test_the_worked_example_to_the_cent(interval):
    """1,000 series of 600 B a point, 730 hours, the marginal price, every metric billed."""
    prices = costs(steady(1000, seconds=interval), Pricing(all_billed()))
    assert {name: str(prices[name].money) for name in EXAMPLE[interval]} == {
        name: f"{amount} USD" for name, amount in EXAMPLE[interval].items()
    }


def test_data_plus_costs_half_as_much_again_as_the_original_option():
    prices = costs(steady(1000), Pricing(all_billed()))
    assert str(prices["new-relic-data-plus"].money) == "15.77 USD"


def test_the_example_is_43_8_million_points():
    assert steady(1000).points().likely == 43_800_000
