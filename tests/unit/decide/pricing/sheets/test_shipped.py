"""What ships with Phoenix is complete, and says where it was seen."""

import json

import pytest

from phoenix.decide.errors import VendorNotFoundError
from phoenix.decide.pricing.sheets.billable import Billed
from phoenix.decide.pricing.sheets.reading import parse_vendor
from phoenix.decide.pricing.sheets.shipped import vendor, vendors

NAMES = [
    "amazon-managed-prometheus",
    "cloudwatch-otel",
    "datadog-classic",
    "datadog-metric-name",
    "google-managed-prometheus",
    "grafana-cloud",
    "new-relic",
    "new-relic-data-plus",
    "self-hosted-mimir",
    "self-hosted-victoriametrics",
]


def test_ten_vendors_and_plans_ship_in_alphabetical_order():
    assert list(vendors()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_says_where_and_when_it_was_seen_and_what_it_leaves_out(name):
    assert vendor(name).source
    assert vendor(name).assumptions
    assert vendor(name).as_of is not None or "undated" in vendor(name).source


@pytest.mark.parametrize(
    "name", ["cloudwatch-otel", "datadog-metric-name", "self-hosted-mimir", "self-hosted-victoriametrics"]
)
def test_private_and_regional_prices_are_not_made_up(name):
    assert not any(charge.priced for charge in vendor(name).charges.values())


def test_whether_datadog_bills_process_metrics_is_unknown():
    assert vendor("datadog-classic").billable.billed("process.cpu.time") is Billed.UNKNOWN
    assert vendor("grafana-cloud").billable.billed("process.cpu.time") is Billed.YES


def test_an_unknown_vendor_is_answered_with_the_known_ones():
    with pytest.raises(VendorNotFoundError, match="grafana-cloud"):
        vendor("gold-plated")


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_can_be_kept_as_json_and_read_again(name):
    """An evidence bundle holds the prices that its money was told with."""
    kept = json.dumps(vendor(name).model_dump(mode="json", exclude_unset=True))
    assert parse_vendor(kept, "bundle") == vendor(name)
