"""Two months side by side: what is saved, between which ends, why vendors differ, what may become dearer."""

import json

import pytest
from tests.support.pricing import NAME, all_billed, sides, steady, usage

from phoenix.decide.pricing.cost import Pricing
from phoenix.decide.pricing.document import MARGINAL, PLACED, money_document
from phoenix.decide.pricing.renamed import may_become_billed, renamed_words
from phoenix.decide.pricing.saving import savings
from phoenix.decide.pricing.sheets.billable import Billed
from phoenix.decide.pricing.sheets.shipped import vendor, vendors
from phoenix.decide.pricing.usage.account_reading import parse_account
from phoenix.decide.pricing.usage.model import Usage
from phoenix.decide.pricing.words import why_they_differ

BILLED = Pricing(all_billed())


def test_the_same_change_ranks_differently():
    """A quarter of the points of the same series: everything at one vendor, nothing at another."""
    saved = savings(steady(1000, seconds=15), steady(1000, seconds=60), BILLED)
    assert saved["datadog-classic"].percent == 0
    assert saved["grafana-cloud"].percent == 75
    assert saved["amazon-managed-prometheus"].percent == pytest.approx(75)
    assert str(saved["grafana-cloud"].money) == "19.50 USD"


def test_stripping_attributes_saves_bytes_alone():
    saved = savings(steady(1000, json=600), steady(1000, json=300), BILLED)
    assert saved["new-relic"].percent == 50
    assert saved["grafana-cloud"].percent == 0


def test_both_sides_rest_on_the_same_assumption():
    before, after = usage([range(1000), range(1200)]), usage([range(500), range(600)])
    saved = savings(before, after, BILLED)["datadog-classic"]
    # At least: 1,200 - 600 and none more, 5 USD a hundred.
    least, likely, most = sides(saved.amount)
    assert least == 30 < likely < most
    # Of arrivals none are certain, so half as many series are less than half as many at most.
    assert list(saved.percent_range) == [pytest.approx(47.0799), saved.percent]
    assert saved.percent == 50


def test_a_change_that_costs_more_has_a_negative_saving_whose_low_end_is_below():
    saved = savings(usage([range(500), range(600)]), usage([range(1000), range(1200)]), BILLED)["datadog-classic"]
    assert saved.percent == pytest.approx(-100)
    least, likely, most = sides(saved.amount)
    assert least < likely < most < 0


def test_where_billing_is_unknown_the_percent_is_as_if_all_were_billed():
    saved = savings(steady(1000), steady(400))["datadog-classic"]
    assert saved.money is None
    assert saved.percent == 60
    assert saved.amount.low == 0


def test_a_renamed_metric_may_turn_the_saving_into_a_cost():
    saved = savings(steady(1000), steady(400, names=("team.cpu",)))["datadog-classic"]
    # Free before, and every one of 400 and of those that may come a custom metric after.
    assert saved.amount.low == -sides(saved.after.amount)[2]
    assert saved.percent == 60


def test_the_unknown_saves_something_unknown():
    saved = savings(Usage.unknown(), steady(10))
    assert {it.percent for it in saved.values()} == {None}
    assert {it.percent_range for it in saved.values()} == {(None, None)}
    assert why_they_differ(saved) == ""


def test_one_sentence_says_why_vendors_differ():
    words = why_they_differ(savings(steady(1000, seconds=15), steady(1000, seconds=60), BILLED))
    assert words.startswith("Vendors differ because they count different things: ")
    assert "points fall by 75 % (amazon-managed-prometheus, google-managed-prometheus)" in words
    assert "distinct series an hour stay (datadog-classic)" in words
    assert "cloudwatch" not in words
    assert words.count(".") == words.count(". ") + 1


def test_the_sentence_says_when_they_do_not_differ():
    words = why_they_differ(savings(steady(1000), steady(2000), BILLED))
    assert words.startswith("Vendors count different things, and here all of them move alike: ")
    assert "rise by 100 %" in words


def test_without_any_price_the_sentence_speaks_of_all():
    unpriced = Pricing({"cloudwatch-otel": vendor("cloudwatch-otel")})
    assert "OTLP bytes fall by 50 %" in why_they_differ(savings(steady(10), steady(5), unpriced))


@pytest.mark.parametrize(
    ("after", "flagged"),
    [
        ([NAME], ()),
        (["process.cpu.time.by_group"], ("process.cpu.time.by_group",)),
        (["process.threads", "system.cpu.time"], ()),
        (["team.cpu", NAME], ("team.cpu",)),
        ([], ()),
    ],
)
def test_a_name_outside_the_mapping_table_may_become_a_custom_metric(after, flagged):
    assert may_become_billed(vendor("datadog-classic"), [NAME], after) == flagged


def test_what_was_there_before_or_has_no_table_or_is_never_billed_is_not_flagged():
    assert may_become_billed(vendor("datadog-classic"), ["team.cpu"], ["team.cpu"]) == ()
    assert may_become_billed(vendor("grafana-cloud"), [NAME], ["team.cpu"]) == ()
    never = vendor("datadog-classic").billable.model_copy(update={"default": Billed.NO})
    assert may_become_billed(vendor("datadog-classic").model_copy(update={"billable": never}), [NAME], ["x"]) == ()


def test_the_warning_names_metrics_and_vendor():
    (classic, _) = renamed_words(vendors(), [NAME], [f"team.{n}" for n in range(5)])
    assert "Datadog, classic plan: team.0, team.1, team.2 and 2 more are not among the names" in classic
    (single, _) = renamed_words(vendors(), [NAME], ["team.cpu"])
    assert "team.cpu is not among" in single


def test_the_document_has_sources_rules_and_ranges_as_text():
    pricing = Pricing(hosts=20)
    document = money_document(savings(steady(1000), steady(400), pricing), pricing, hosts=2, warnings=["look"])
    json.dumps(document)
    assert document["hosts"] == {"measured": 2, "told_for": 20}
    assert document["warnings"] == ["look"]
    grafana = document["vendors"]["grafana-cloud"]
    assert grafana["as_of"] == "2026-05"
    assert grafana["basis"] == MARGINAL
    assert grafana["before"]["amount"] == "130.00"
    assert grafana["saving"]["amount"] == "78.00"
    assert grafana["saving"]["percent"] == pytest.approx(60)
    assert grafana["charges"][0]["before"]["likely"] == "20000"
    assert grafana["rules"][0].startswith("4m were seen")
    assert document["vendors"]["cloudwatch-otel"]["before"] is None
    assert document["vendors"]["cloudwatch-otel"]["unknown"]


def test_the_document_says_when_the_account_decided():
    pricing = Pricing(account=parse_account(["series=1M", "points-per-minute=1M"]))
    document = money_document(savings(steady(10), steady(4), pricing), pricing, hosts=1)
    assert document["vendors"]["grafana-cloud"]["basis"] == PLACED
    assert document["vendors"]["new-relic"]["basis"] == MARGINAL


def test_a_range_of_a_difference_is_in_order():
    saved = savings(usage([range(10), range(30)]), usage([range(9), range(60)]), BILLED)["grafana-cloud"]
    low, likely, high = sides(saved.amount)
    assert low <= likely <= high
