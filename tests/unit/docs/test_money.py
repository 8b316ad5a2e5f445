"""The page about money names every vendor, key and meter there is, and its example is read."""

import re
from pathlib import Path

from tests.support.pricing import mine

from phoenix.decide.pricing.meters import Meter
from phoenix.decide.pricing.sheets.model import Charge, Vendor
from phoenix.decide.pricing.sheets.shipped import vendors
from phoenix.decide.pricing.usage.account_reading import FIELDS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "explanation" / "money.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_-]+)`", PAGE))


def test_every_vendor_is_named():
    assert set(vendors()) <= NAMED


def test_every_key_of_a_sheet_is_named():
    assert {*Vendor.model_fields, *Charge.model_fields} <= NAMED


def test_every_meter_and_its_keys_are_named():
    kinds = Meter.__args__[0].__args__
    for kind in kinds:
        assert {*kind.model_fields} - {"kind"} <= NAMED, kind
        assert kind.model_fields["kind"].annotation.__args__[0] in NAMED


def test_every_name_of_an_accounts_usage_is_named():
    assert set(FIELDS) <= NAMED


def test_the_example_is_read():
    prices = mine((ROOT / "examples" / "prices.yaml").read_text(encoding="utf-8"))
    assert prices["our-gateway"].charges["samples"].included.units == 50_000_000
    assert prices["self-hosted-mimir"].charges["cores"].priced
