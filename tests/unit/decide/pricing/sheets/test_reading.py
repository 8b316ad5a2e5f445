"""A user's prices: what differs is enough, and what is wrong is named with its place and remedy."""

from decimal import Decimal

import pytest
from tests.support.pricing import mine

from phoenix.decide.errors import PriceSheetInvalidError
from phoenix.decide.pricing.meters.samples import Samples
from phoenix.decide.pricing.sheets.billable import Billed
from phoenix.decide.pricing.sheets.reading import parse_vendor
from phoenix.decide.pricing.sheets.shipped import vendors

OWN = """vendors:
  our-gateway:
    title: Our gateway
    currency: EUR
    source: the platform team
    as_of: 2026
    charges:
      samples:
        meter: {kind: samples}
        unit: samples
        per: 1000000
        tiers:
        - {up_to: 1000, price: "0.5"}
        - {price: 0.25}
    billable:
      default: no
      rules:
      - {metrics: [process.*], billable: yes, why: they go through it}
"""


def test_a_vendor_of_ones_own_stands_beside_those_that_ship():
    own = mine(OWN)["our-gateway"]
    assert (own.currency, own.as_of) == ("EUR", "2026")
    assert own.charges["samples"].by_tier[1].price == Decimal("0.25")
    assert own.billable.billed("process.threads") is Billed.YES
    assert own.billable.billed("system.cpu.time") is Billed.NO
    assert list(mine(OWN)) == sorted([*vendors(), "our-gateway"])


def test_one_price_is_changed_and_the_rest_stays():
    changed = mine("vendors: {self-hosted-mimir: {charges: {cores: {price: 20}}}}\n")["self-hosted-mimir"]
    assert changed.charges["cores"].price == 20
    assert changed.charges["memory"].price is None
    assert changed.charges["cores"].unit == "cores"


def test_a_price_that_the_user_gave_is_not_said_to_be_the_vendors():
    changed = mine("vendors: {grafana-cloud: {charges: {series: {price: 3}}}}\n")["grafana-cloud"]
    assert changed.source == "prices.yaml, given by the user"
    assert changed.as_of is None
    dated = mine("vendors: {grafana-cloud: {source: contract, as_of: 2026-03-01, charges: {series: {price: 3}}}}\n")
    assert (dated["grafana-cloud"].source, dated["grafana-cloud"].as_of) == ("contract", "2026-03-01")


def test_a_billable_rule_leaves_price_and_source_alone():
    changed = mine("vendors: {datadog-classic: {billable: {default: no}}}\n")["datadog-classic"]
    assert changed.source == vendors()["datadog-classic"].source
    assert changed.billable.billed("process.threads") is Billed.NO
    assert changed.billable.mapping_table


def test_one_price_replaces_tiers_and_tiers_one_price():
    text = "vendors:\n  amazon-managed-prometheus: {charges: {samples: {price: 1}}}\n"
    text += "  new-relic: {charges: {data: {tiers: [{up_to: 5, price: 2}, {price: 1}]}}}\n"
    assert [tier.price for tier in mine(text)["amazon-managed-prometheus"].charges["samples"].by_tier] == [1]
    assert len(mine(text)["new-relic"].charges["data"].by_tier) == 2


def test_another_kind_of_meter_replaces_the_whole_meter():
    text = "vendors: {grafana-cloud: {charges: {series: {meter: {kind: samples}}}}}\n"
    assert mine(text)["grafana-cloud"].charges["series"].meter == Samples(kind="samples")


def test_a_setting_of_a_meter_is_changed_alone():
    text = "vendors: {self-hosted-mimir: {charges: {disk: {meter: {replication: 1}}}}}\n"
    assert getattr(mine(text)["self-hosted-mimir"].charges["disk"].meter, "replication", None) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("title: Our gateway", "titel: Our gateway"),
            r"prices.yaml:3:5: vendors.our-gateway.titel: unknown key 'titel'",
        ),
        (("    title: Our gateway\n", ""), r"prices.yaml:2:3: vendors.our-gateway: title is missing"),
        (("    as_of: 2026\n", "    as_of: 2026\n    color: red\n"), r"prices.yaml:7:5: .*unknown key 'color'"),
        (("as_of: 2026", "as_of: soon"), r"prices.yaml:6:5: .*as_of"),
        (("EUR", "euros"), r"prices.yaml:4:5: .*currency"),
        (("0.25", "-0.25"), r"prices.yaml:14:12: .*price: .*greater than or equal to 0"),
        (("0.25", "cheap"), r"prices.yaml:14:12: .*price"),
        (("per: 1000000", "per: 0"), r"prices.yaml:11:9: .*per"),
        (("{price: 0.25}", "{up_to: 500, price: 0.25}"), r"prices.yaml:8:7: .*the last tier must have no up_to"),
        (("up_to: 1000, ", ""), r"prices.yaml:8:7: .*only the last tier"),
        (("- {price: 0.25}", "- {up_to: 10, price: 1}\n        - {price: 1}"), r".*tiers are out of order"),
        (("per: 1000000", "price: 3"), r"prices.yaml:8:7: .*one of price and tiers"),
        (("kind: samples", "kind: phase-of-moon"), r"prices.yaml:9:9: .*phase-of-moon"),
        (
            ("kind: samples", "kind: active-series, window: long, percentile: 95"),
            r"prices.yaml.*'long' is not a duration",
        ),
        (("default: no", "default: perhaps"), r"prices.yaml:16:7: .*default"),
        (
            (OWN[OWN.index("    charges:") : OWN.index("    billable:")], "    charges: {}\n"),
            r"prices.yaml:7:5: .*charges",
        ),
    ],
)
def test_a_sheet_that_is_wrong_names_the_place(change, said):
    with pytest.raises(PriceSheetInvalidError, match=said) as refused:
        mine(OWN.replace(*change))
    assert refused.value.user_action


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vendors: [\n", "prices.yaml"),
        ("prices: {}\n", "prices.yaml:1:1: prices: unknown key 'prices'; there is vendors"),
        ("vendors: {}\n", "vendors must be a mapping"),
        ("vendors: {grafana-cloud: 5}\n", "prices.yaml:1:11: vendors.grafana-cloud: a mapping"),
        ("vendors: {grafana-cloud: {charges: 5}}\n", "charges"),
        ("- a\n", "not a mapping"),
    ],
)
def test_a_file_that_is_none_is_refused(text, said):
    with pytest.raises(PriceSheetInvalidError, match=said):
        mine(text)


def test_a_whole_sheet_says_what_is_missing():
    with pytest.raises(PriceSheetInvalidError, match="x:1:1: currency is missing"):
        parse_vendor("title: a\n", "x")
