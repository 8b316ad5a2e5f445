"""Costs: allowances, tiers and accounts by hand, and what an unknown does."""

from decimal import Decimal

import pytest
from tests.support.pricing import all_billed, mine, sides, steady, usage

from phoenix.decide.pricing.cost import Cost, Pricing, costs, saving_percent
from phoenix.decide.pricing.sheets.shipped import vendor
from phoenix.decide.pricing.usage.account_reading import parse_account
from phoenix.decide.pricing.usage.model import Usage

KNOWN = ("amazon-managed-prometheus", "google-managed-prometheus", "grafana-cloud", "new-relic", "new-relic-data-plus")


def cost(name, month, account=None, vendors=None):
    return costs(month, Pricing(vendors or all_billed(), account=account))[name]


def test_the_marginal_price_leaves_allowances_out():
    assert str(cost("grafana-cloud", steady(10)).money) == "0.06 USD"
    assert not cost("grafana-cloud", steady(10)).placed


def test_an_account_below_its_allowance_pays_nothing_more():
    quiet = parse_account(["series=1000", "points-per-minute=1000"])
    assert str(cost("grafana-cloud", steady(5000), quiet).money) == "0.00 USD"
    assert cost("grafana-cloud", steady(5000), quiet).placed


def test_an_account_pays_for_what_goes_beyond_its_allowance():
    # 8,000 + 5,000 - 10,000 free.
    busy = parse_account(["series=8000", "points-per-minute=8000"])
    assert str(cost("grafana-cloud", steady(5000), busy).money) == "19.50 USD"


def test_thinning_saves_nothing_where_the_accounts_series_weigh_more_than_its_points():
    # Alone, four points a minute make 1,000 series 4,000. Beside series that send every two minutes they do not.
    slow = parse_account(["series=100000", "points-per-minute=50000"])
    assert str(cost("grafana-cloud", steady(1000, seconds=15)).money) == "26.00 USD"
    assert str(cost("grafana-cloud", steady(1000, seconds=15), slow).money) == "6.50 USD"


def test_a_host_brings_custom_metrics():
    # 150 + 100 of two hosts with 100 each.
    two = parse_account(["series=150", "hosts=2"])
    assert str(cost("datadog-classic", steady(100), two).money) == "2.50 USD"
    # Not told, the hosts are those that money is told for.
    assert str(cost("datadog-classic", steady(100), parse_account(["series=150"])).money) == "5.00 USD"


def test_an_accounts_tier_is_the_price_of_one_more_sample():
    # Above two thousand million samples, ten million cost 35 cents.
    large = parse_account(["points-per-month=10000000000"])
    assert str(cost("amazon-managed-prometheus", steady(1000), large).money) == "1.53 USD"
    # Half of 43.8 million lies below the border.
    between = parse_account(["points-per-month=1978100000"])
    assert sides(cost("amazon-managed-prometheus", steady(1000), between).amount)[1] == Decimal("1.971") + Decimal(
        "0.7665"
    )


def test_free_gigabytes_count_where_the_account_is_told():
    # 90 GB and 26.28 GB, 100 of them free.
    told = parse_account(["json-bytes-per-month=90000000000"])
    assert str(cost("new-relic", steady(1000), told).money) == "6.51 USD"


def test_an_account_that_does_not_tell_what_a_vendor_counts_leaves_the_marginal_price():
    found = cost("new-relic", steady(1000), parse_account(["series=5"]))
    assert str(found.money) == "10.51 USD"
    assert not found.placed
    assert "so this is the marginal price" in found.unknown[-1]


def test_more_hosts_cost_as_many_times_as_much_below_the_tiers():
    one = costs(steady(1000), Pricing(all_billed()))
    forty = costs(steady(1000), Pricing(all_billed(), hosts=40))
    for name in KNOWN:
        assert sides(forty[name].amount)[1] == 40 * sides(one[name].amount)[1]


def test_many_hosts_reach_the_next_tier():
    # 2.19e9 samples: 180 + 0.19e9 at 35 cents for ten million.
    found = costs(steady(1000), Pricing(hosts=50))["amazon-managed-prometheus"]
    assert str(found.money) == "186.65 USD"


def test_an_unknown_usage_has_an_unknown_cost():
    for name, found in costs(Usage.unknown()).items():
        assert found.money is None, name
        assert found.as_dict() is None, name
        assert found.unknown, name


def test_a_price_that_is_not_published_is_unknown_and_not_free():
    found = cost("cloudwatch-otel", steady(10))
    assert found.amount.nothing_known
    assert found.charges[0].units.likely == 10 * 43_800 * 200
    assert "no price of data is published" in found.unknown[0]
    mimir = cost(
        "self-hosted-mimir", steady(10), vendors=mine("vendors: {self-hosted-mimir: {charges: {cores: {price: 9}}}}")
    )
    assert mimir.amount.nothing_known
    assert "memory, disk" in mimir.unknown[0]


def test_a_self_hosted_price_is_the_sum_of_its_parts():
    prices = mine(
        "vendors: {self-hosted-mimir: {charges: {cores: {price: 20}, memory: {price: 4}, disk: {price: '0.1'}}}}"
    )
    found = cost("self-hosted-mimir", steady(1500, slots=2).for_hosts(1), vendors=prices)
    # A thousandth of 16 cores, 38.5 GB and 75 GB for 1.5 million series.
    pricing = Pricing(prices, hosts=1000)
    assert str(costs(steady(1500, slots=2), pricing)["self-hosted-mimir"].money) == "481.50 USD"
    assert found.money is not None


def test_above_the_known_tiers_the_amount_is_unknown_and_says_so():
    found = costs(steady(1000), Pricing(hosts=2000))["google-managed-prometheus"]
    assert found.money is None
    assert "the price of so many samples is unknown" in found.unknown


def test_unknown_billability_is_unknown_between_nothing_and_everything():
    found = cost("datadog-classic", steady(1000), vendors={"datadog-classic": vendor("datadog-classic")})
    assert found.money is None
    assert found.amount.low == 0
    assert found.amount.high == found.if_billed.high
    assert found.if_billed.likely == 50
    assert found.as_dict() == {
        "amount": None,
        "low": "0.00",
        "high": str(sides(found.if_billed)[2].quantize(Decimal("0.01"))),
        "currency": "USD",
        "if_billed": "50.00",
    }
    assert "whether 1 of 1 metrics are billed is unknown" in found.unknown[0]


def test_a_rule_makes_billability_known():
    names = ("process.threads", "app.requests", "app.errors")
    month = usage([range(300)] * 4, names=names, metric_of={number: number % 3 for number in range(300)})
    rules = "vendors: {datadog-classic: {billable: {rules: [{metrics: [process.*], billable: no}, %s]}}}\n"
    half = mine(rules % "{metrics: [app.requests], billable: yes}")
    found = cost("datadog-classic", month, vendors=half)
    assert (found.amount.low, found.amount.likely, found.if_billed.likely) == (5, None, 10)
    assert found.doubtful == {"app.errors"}
    sure = cost("datadog-classic", month, vendors=mine(rules % '{metrics: ["app.*"], billable: yes}'))
    assert str(sure.money) == "10.00 USD"


def test_what_is_not_billed_costs_nothing_and_that_is_known():
    free = mine("vendors: {datadog-classic: {billable: {default: no}}}\n")
    assert sides(cost("datadog-classic", steady(1000), vendors=free).amount) == (0, 0, 0)


def test_amounts_have_a_range_and_a_rule():
    found = cost("grafana-cloud", usage([range(1000), range(2000)]))
    low, likely, high = sides(found.amount)
    assert low <= likely < high
    assert found.charges[0].rule.startswith("2m were seen: ")
    assert found.charges[0].arrived == 1000


def test_a_charge_tells_its_units():
    (charge,) = Cost.of(vendor("new-relic"), steady(1000)).charges
    assert sides(charge.units) == (26_280_000_000,) * 3
    assert charge.rule == ""


def test_the_saving_of_nothing_or_the_unknown_is_unknown():
    assert saving_percent(0, 0) is None
    assert saving_percent(None, 3) is None
    assert saving_percent(Decimal(3), None) is None
    assert saving_percent(Decimal(8), Decimal(2)) == 75.0


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_costs_nothing(name):
    assert str(cost(name, usage([[], []])).money) == "0.00 USD"
