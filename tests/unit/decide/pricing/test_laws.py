"""Laws of money: order does not matter, scaling the currency scales the money, unions are associative."""

import random
from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.experiments.arms import window
from tests.support.loss.records import capture_of, process, process_records, scrape_times
from tests.support.pricing import all_billed, mine, sightings, usage

from phoenix.core.ids import HostId
from phoenix.decide.loss.observed import Observed
from phoenix.decide.pricing.cost import Pricing, costs
from phoenix.decide.pricing.sheets.tiers import Tier, price_of
from phoenix.decide.pricing.usage.capture import Scrapes, usage_of_capture
from phoenix.decide.pricing.usage.periods import Period, moments
from phoenix.decide.pricing.usage.windows import usage_of_windows

SLOTS = st.lists(st.sets(st.integers(0, 30), max_size=12), min_size=1, max_size=12)
RECORDS = [
    record
    for pid, name, host in ((1, "web", "a"), (2, "db", "a"), (3, "cron", "b"))
    for record in process_records(process(pid, name, host), scrape_times(3)[pid - 1 :])
]
PRICES = all_billed()


def amounts(month):
    return {name: cost.amount for name, cost in costs(month, Pricing(PRICES)).items()}


def captured(records):
    observed = Observed.of(capture_of(records))
    return usage_of_capture(observed, Scrapes.of(observed, 60.0), interval_seconds=60.0)


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32))
def test_the_order_of_points_does_not_matter(seed):
    shuffled = random.Random(seed).sample(RECORDS, len(RECORDS))
    told, again = captured(RECORDS), captured(shuffled)
    assert told.series(Period(3600.0)) == again.series(Period(3600.0))
    assert told.points() == again.points()
    assert told.json_bytes() == again.json_bytes()
    assert told.minutes() == again.minutes()


@settings(max_examples=30)
@given(data=st.data())
def test_the_order_of_hosts_and_windows_does_not_matter(data):
    held = [
        (HostId(host), window(number, *data.draw(st.sets(st.integers(0, 20), min_size=1, max_size=6))))
        for host in ("a", "b")
        for number in range(3)
    ]
    shuffled = data.draw(st.permutations(held))
    assert amounts(usage_of_windows(held)) == amounts(usage_of_windows(shuffled))


@settings(max_examples=30)
@given(slots=SLOTS, rate=st.integers(1, 1000))
def test_scaling_the_currency_scales_the_money(slots, rate):
    text = "vendors:\n"
    for name in ("grafana-cloud", "new-relic", "google-managed-prometheus"):
        for key, charge in PRICES[name].charges.items():
            scaled = ", ".join(
                f"{{{'' if it.up_to is None else f'up_to: {it.up_to}, '}"
                f"price: {'null' if it.price is None else it.price * rate}}}"
                for it in charge.by_tier
            )
            text += f"  {name}: {{currency: XTS, charges: {{{key}: {{tiers: [{scaled}]}}}}}}\n"
    prices = mine(text)
    month = usage(slots)
    scaled_costs, plain = costs(month, Pricing(prices)), costs(month, Pricing(PRICES))
    for name in ("grafana-cloud", "new-relic", "google-managed-prometheus"):
        assert scaled_costs[name].currency == "XTS"
        for side in ("low", "likely", "high"):
            before, after = getattr(plain[name].amount, side), getattr(scaled_costs[name].amount, side)
            assert (before is None) == (after is None)
            assert before is None or abs(before * rate - after) < Decimal("1e-12")


@settings(max_examples=25)
@given(slots=st.lists(SLOTS, min_size=3, max_size=3))
def test_unions_are_associative_and_commutative(slots):
    one, two, three = (sightings(it) for it in slots)
    left, right = (one | two) | three, one | (two | three)
    turned = three | two | one
    for other in (right, turned):
        assert np.array_equal(left.series, other.series)
        assert np.array_equal(left.time, other.time)
        assert np.array_equal(left.times, other.times)
    assert np.array_equal((one | one).series, one.series)


@settings(max_examples=25)
@given(slots=SLOTS, minutes=st.integers(1, 12))
def test_sliding_unions_are_what_a_plain_count_says(slots, minutes):
    found = moments(sightings(slots), Period(60.0 * minutes, 95))
    if len(slots) < minutes:
        return
    plain = [len(set().union(*slots[end - minutes : end])) for end in range(minutes, len(slots) + 1)]
    assert [int(count) for count in found.likely] == plain


@settings(max_examples=25)
@given(slots=SLOTS, minutes=st.integers(1, 12))
def test_consecutive_unions_are_what_a_plain_count_says(slots, minutes):
    found = moments(sightings(slots), Period(60.0 * minutes))
    if len(slots) < minutes:
        return
    ends = range(minutes, len(slots) + 1, minutes)
    assert [int(count) for count in found.likely] == [len(set().union(*slots[end - minutes : end])) for end in ends]


@settings(max_examples=25)
@given(slots=SLOTS)
def test_at_least_is_never_more_than_likely_and_that_never_more_than_at_most(slots):
    for name, amount in amounts(usage(slots)).items():
        known = [side for side in (amount.low, amount.likely, amount.high) if side is not None]
        assert known == sorted(known), name


@given(units=st.integers(0, 10**6), more=st.integers(0, 10**6), border=st.integers(1, 10**6))
def test_tiers_never_make_more_units_cheaper(units, more, border):
    tiers = [Tier(up_to=Decimal(border), price=Decimal(3)), Tier(price=Decimal(1))]
    less = price_of(tiers, Decimal(units), Decimal(1))
    assert less is not None
    assert less <= (price_of(tiers, Decimal(units + more), Decimal(1)) or 0)
