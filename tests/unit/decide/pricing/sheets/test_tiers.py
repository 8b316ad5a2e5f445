"""Tiers: each unit at the price of its own tier."""

from decimal import Decimal

import pytest

from phoenix.decide.pricing.sheets.shipped import vendor
from phoenix.decide.pricing.sheets.tiers import Tier, check_order, price_of

AMAZON = vendor("amazon-managed-prometheus").charges["samples"]
GOOGLE = vendor("google-managed-prometheus").charges["samples"]


@pytest.mark.parametrize(
    ("samples", "price"),
    [
        (0, 0),
        # The bill of 700 million samples came to $65 with storage and queries.
        (700_000_000, 63),
        (2_000_000_000, 180),
        # A thousand million at 35 cents for ten million.
        (3_000_000_000, 215),
        # 180 + 8,750, and 48 thousand million at 16 cents for ten million.
        (300_000_000_000, 180 + 8750 + 768),
    ],
)
def test_amazon(samples, price):
    assert price_of(AMAZON.by_tier, Decimal(samples), AMAZON.per) == price


def test_above_the_known_tiers_the_price_is_unknown():
    assert price_of(GOOGLE.by_tier, Decimal(50_000_000_000), GOOGLE.per) == 3000
    assert price_of(GOOGLE.by_tier, Decimal(50_000_000_001), GOOGLE.per) is None


def test_no_price_is_unknown_and_not_free_even_for_nothing():
    assert price_of([Tier(price=None)], Decimal(0), Decimal(1)) is None


@pytest.mark.parametrize(
    ("borders", "said"),
    [
        ([], "at least one tier"),
        ([10], "the last tier must have no up_to"),
        ([None, None], "only the last tier"),
        ([10, 10, None], "out of order"),
        ([20, 10, None], "out of order"),
    ],
)
def test_tiers_that_do_not_follow_each_other_are_refused(borders, said):
    with pytest.raises(ValueError, match=said):
        check_order([Tier(up_to=border, price=Decimal(1)) for border in borders])
