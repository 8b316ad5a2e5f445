"""Price sheets: what ships with Phoenix is complete, and a bad sheet names its fault."""

import pytest

from phoenix.decide.errors import PriceSheetInvalidError, VendorNotFoundError
from phoenix.decide.pricing.vendor import parse_vendor, vendor, vendors

SHEET = """
title: Some vendor
meter: distinct-series
price: "5"
per: "100"
unit: series
currency: USD
as_of: 2026-05-01
source: its price page
"""


def test_three_vendors_ship_in_alphabetical_order():
    assert list(vendors()) == ["datadog-classic", "grafana-cloud", "new-relic"]


@pytest.mark.parametrize("name", ["datadog-classic", "grafana-cloud", "new-relic"])
def test_each_price_says_where_and_when_it_was_seen(name):
    assert vendor(name).source
    assert vendor(name).as_of.year >= 2026
    assert "Marginal price" in vendor(name).assumptions


def test_an_unknown_vendor_is_answered_with_the_known_ones():
    with pytest.raises(VendorNotFoundError, match="grafana-cloud"):
        vendor("gold-plated")


def test_a_sheet_may_leave_the_price_unknown():
    assert parse_vendor("x", SHEET.replace('price: "5"', "price: null")).price is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("price", "prize"), "price"),
        (("distinct-series", "phase-of-moon"), "no meter is called 'phase-of-moon'"),
        (('"100"', '"0"'), "per"),
        (("USD", "[USD"), "price sheet x"),
        ((SHEET, "just words"), "the whole sheet"),
    ],
)
def test_a_bad_sheet_is_refused_with_its_place(change, message):
    with pytest.raises(PriceSheetInvalidError, match=message):
        parse_vendor("x", SHEET.replace(*change))
