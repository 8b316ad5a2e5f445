import pytest
from tests.support.cli import memory_cli, written
from tests.support.pricing import steady

from phoenix.cli.evaluation.money import amount_text, money_blocks
from phoenix.cli.terminal.blocks import write_human
from phoenix.decide.pricing.cost import Pricing
from phoenix.decide.pricing.document import money_document
from phoenix.decide.pricing.saving import savings
from phoenix.decide.pricing.sheets.shipped import vendor
from phoenix.decide.pricing.usage.account_reading import parse_account


def shown(pricing=None, before=None, after=None, *, hosts=1, warnings=()):
    pricing = pricing or Pricing()
    saved = savings(before or steady(1000), after or steady(400), pricing)
    cli = memory_cli(width=110)
    write_human(cli.streams, money_blocks(money_document(saved, pricing, hosts=hosts, warnings=warnings)))
    return written(cli)[0]


def test_people_see_amounts_ranges_and_why_vendors_differ():
    text = shown()
    assert "Money a month for the host measured: marginal list price a month beyond allowances and fees" in text
    assert "6.50 USD" in text
    assert "3.90 (60.0 %)" in text
    assert "60.0 % if billed" in text
    assert "Vendors count different things" in text
    assert "How a month was told:" in text
    assert "undated: google-managed-prometheus" in text


def test_what_is_unknown_is_said_once_for_all_who_do_not_know_it():
    text = shown()
    assert "self-hosted-mimir, self-hosted-victoriametrics: no price of cores, memory, disk is published" in text
    assert "datadog-classic, datadog-metric-name: whether 1 of 1 metrics are billed is unknown" in text


def test_hosts_and_account_are_named():
    assert "the 3 hosts measured" in shown(hosts=3)
    told = shown(Pricing(hosts=40, account=parse_account(["series=1M", "points-per-minute=1M"])))
    assert "40 hosts like the 1 measured" in told
    assert "what this adds to the account's month" in told


def test_a_warning_of_renamed_metrics_stands_by_the_money():
    assert "Warning: Datadog may bill team.cpu." in shown(warnings=["Datadog may bill team.cpu"])


def test_without_any_price_there_is_no_table_and_a_reason():
    text = shown(Pricing({"cloudwatch-otel": vendor("cloudwatch-otel")}))
    assert "Money a month" not in text
    assert "no price of data is published" in text


def test_an_open_end_is_a_question_mark():
    assert "?" in shown(before=steady(1000, slots=1), after=steady(400, slots=1))


def test_with_every_price_known_nothing_is_unknown():
    assert "Unknown" not in shown(Pricing({"new-relic": vendor("new-relic")}))


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (None, "-"),
        ({"amount": "1234.50", "currency": "EUR"}, "1,234.50 EUR"),
        ({"amount": None, "if_billed": "2.00", "currency": "USD"}, "2.00 USD if billed"),
        ({"amount": None, "if_billed": None, "currency": "USD"}, "-"),
    ],
)
def test_an_amount_in_words(cost, text):
    assert amount_text(cost) == text
