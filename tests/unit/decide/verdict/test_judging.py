"""Verdicts of paired windows: each outcome from telemetry that calls for it, and the laws that hold for all."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.experiments.arms import HOST, NOON, WIDTH, pair, window

from phoenix.collector.catalogue.fold_map import Fate
from phoenix.core.ids import HostId
from phoenix.core.money import Money
from phoenix.decide.arms.guardrails.model import Guardrail, GuardrailState
from phoenix.decide.arms.model import NoData, NoDataKind, Pairing
from phoenix.decide.verdict.judging import verdict
from phoenix.decide.verdict.model import Evidence, Margin, Outcome, Verdict
from phoenix.decide.verdict.money import dropped_share
from phoenix.decide.verdict.question import Measure, Price, Question, Thresholds
from phoenix.decide.verdict.sequences.interval import Interval

OTHER = HostId("host-b")
STAYS = Question(values_stay=True)
RANK = {Outcome.BETTER: 2, Outcome.EQUIVALENT: 1, Outcome.UNDECIDED: 0, Outcome.WORSE: 0, Outcome.ERROR: 0}


def pairing(baseline, candidate, windows=40, hosts=(HOST,), **changes) -> Pairing:
    """Return windows with so many series in each arm."""
    return Pairing(
        tuple(
            pair(n, window(n, *range(baseline), **changes), window(n, *range(candidate), **changes), host)
            for n in range(windows)
            for host in hosts
        )
    )


def tripped(name: str) -> Guardrail:
    return Guardrail(name, GuardrailState.TRIPPED, f"{name} tripped.")


def interval_of(found: Verdict) -> Interval:
    assert found.deciding.interval is not None
    return found.deciding.interval


def lost(*numbers, kind=NoDataKind.LOST, host=HOST) -> tuple[NoData, ...]:
    return tuple(NoData(host, NOON + n * WIDTH, kind, "It was lost.") for n in numbers)


def test_a_large_saving_is_better_and_says_value_interval_threshold_rule_and_reason():
    found = verdict(pairing(10, 4), STAYS)
    assert (found.outcome, found.rule) == (Outcome.BETTER, "saves")
    assert found.deciding.value == pytest.approx(0.6)
    assert found.deciding.ratio_of_totals == pytest.approx(0.6)
    assert interval_of(found).low > found.deciding.threshold == 0.0
    assert "60.0% saved" in found.reason


def test_a_larger_candidate_is_worse():
    found = verdict(pairing(4, 10), Question())
    assert (found.outcome, found.rule) == (Outcome.WORSE, "grows")
    assert found.deciding.value == pytest.approx(-0.6)


def test_another_measure_that_grows_by_more_than_the_margin_is_worse():
    pairs = [pair(n, window(n, *range(10)), window(n, *range(4), points=30)) for n in range(60)]
    found = verdict(Pairing(tuple(pairs)), STAYS)
    assert (found.outcome, found.rule) == (Outcome.WORSE, "grows")
    assert "points" in found.reason


def test_arms_that_are_the_same_are_equivalent_once_there_are_windows_enough():
    assert verdict(pairing(10, 10, 60), STAYS).outcome is Outcome.UNDECIDED
    found = verdict(pairing(10, 10, 220), STAYS)
    assert (found.outcome, found.rule, found.deciding.value) == (Outcome.EQUIVALENT, "same", 0.0)


def test_few_windows_are_undecided():
    found = verdict(pairing(10, 4, 9), STAYS)
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "open")
    assert found.deciding.value == pytest.approx(0.6)


def test_a_saving_below_what_counts_is_undecided():
    wanted = replace(STAYS, thresholds=Thresholds(min_saving=0.7))
    assert verdict(pairing(10, 4), wanted).outcome is Outcome.UNDECIDED


def test_without_windows_there_is_an_error_and_no_number():
    found = verdict(Pairing(), Question())
    assert (found.outcome, found.rule) == (Outcome.ERROR, "silent")
    assert {it.evidence for it in found.savings.values()} == {Evidence.NO_DATA}
    assert {it.value for it in found.savings.values()} == {None}
    assert found.as_dict()["speaks_of"]["windows"] == 0


def test_silence_takes_the_number_away():
    found = verdict(pairing(10, 4), replace(STAYS, guardrails=(tripped("no_data"),)))
    assert (found.outcome, found.deciding.value, found.deciding.interval) == (Outcome.ERROR, None, None)


@pytest.mark.parametrize("name", ["memory", "failures", "collector", "candidate_behind"])
def test_any_other_guardrail_is_worse(name):
    found = verdict(pairing(10, 4), replace(STAYS, guardrails=(tripped(name),)))
    assert (found.outcome, found.rule, found.reason) == (Outcome.WORSE, "damaged", f"{name} tripped.")


def test_a_lost_critical_process_is_worse_however_much_is_saved():
    pairs = pairing(10, 4).pairs
    hurt = replace(
        pairs[0],
        baseline=replace(pairs[0].baseline, critical={"nginx": 2}),
        candidate=replace(pairs[0].candidate, critical={"nginx": 1}),
    )
    found = verdict(Pairing((hurt, *pairs[1:])), STAYS)
    assert (found.outcome, found.rule) == (Outcome.WORSE, "damaged")
    assert "'nginx'" in found.reason


def test_corruption_is_worse():
    pairs = pairing(10, 4).pairs
    hurt = replace(pairs[3], candidate=replace(pairs[3].candidate, corruption={"counter_fell": 1}))
    assert verdict(Pairing((hurt, *pairs[:3], *pairs[4:])), STAYS).rule == "damaged"


def test_series_that_a_template_declares_to_keep_must_be_there():
    found = verdict(pairing(10, 4), replace(STAYS, fates=(Fate.KEPT,)))
    assert (found.outcome, found.rule) == (Outcome.WORSE, "damaged")
    assert "declares to keep" in found.reason


def test_values_that_differ_are_held_against_a_margin():
    def wrong(value, windows=60):
        pairs = [pair(n, window(n, *range(10)), window(n, *range(4), value=value)) for n in range(windows)]
        return verdict(Pairing(tuple(pairs)), Question())

    assert (wrong(0.5).outcome, wrong(0.5).rule) == (Outcome.WORSE, "lossy")
    assert wrong(0.9).rule == "unproved"
    assert wrong(1.0, windows=12).rule == "unproved"
    assert wrong(1.0).outcome is Outcome.BETTER


def test_a_series_of_interest_may_not_be_lost_in_any_window():
    used = replace(STAYS, interest=("process.cpu.time",))
    found = verdict(pairing(10, 4), used)
    assert (found.outcome, found.rule) == (Outcome.WORSE, "lossy")
    assert found.losses[1].value == pytest.approx(0.6)
    unused = verdict(pairing(10, 4), replace(STAYS, interest=("process.threads",)))
    assert (unused.outcome, unused.losses[1].evidence) == (Outcome.BETTER, Evidence.NOT_ASKED)


@pytest.mark.parametrize(("margin", "stands"), [(0.3, Margin.ABOVE), (0.6, Margin.OPEN), (0.9, Margin.BELOW)])
def test_a_margin_for_series_of_interest_has_an_interval(margin, stands):
    asked = replace(STAYS, interest=("process.cpu.time",), thresholds=Thresholds(interest_lost=margin))
    assert verdict(pairing(10, 4), asked).losses[1].stands is stands


def test_too_many_missing_windows_are_undecided():
    pairs = pairing(10, 4).pairs
    found = verdict(Pairing(pairs[10:], lost(*range(10))), STAYS)
    assert (found.outcome, found.rule) == (Outcome.UNDECIDED, "missing")
    assert found.losses[2].value == pytest.approx(0.25)


def test_missing_windows_widen_the_interval_by_the_worst_they_can_be():
    pairs = pairing(10, 4).pairs
    whole = interval_of(verdict(Pairing(pairs), STAYS))
    holed = interval_of(verdict(Pairing(pairs, lost(40, 41)), STAYS))
    share = 2 / 42
    assert holed.low == pytest.approx((1 - share) * whole.low - share)
    assert holed.high == pytest.approx((1 - share) * whole.high + share)


def test_warming_up_before_the_first_pair_is_not_missing_and_later_is():
    pairs = pairing(10, 4).pairs
    before = Pairing(pairs[2:], lost(0, 1, kind=NoDataKind.WARM_UP))
    assert verdict(before, STAYS).period.missing == 0
    again = Pairing((*pairs[:20], *pairs[21:]), lost(20, kind=NoDataKind.WARM_UP))
    assert verdict(again, STAYS).period.missing == 1


def test_a_host_that_fell_silent_is_missing():
    both = pairing(10, 4, hosts=(HOST, OTHER)).pairs
    silent = [it for it in both if it.host == HOST or it.start < NOON + 10 * WIDTH]
    assert verdict(Pairing(tuple(silent)), STAYS).period.missing == 27
    late = [it for it in both if it.host == HOST or it.start >= NOON + 10 * WIDTH]
    assert verdict(Pairing(tuple(late)), STAYS).period.missing == 0


def test_series_beyond_the_cap_make_the_measure_unknown():
    pairs = pairing(10, 4).pairs
    object.__setattr__(pairs[0].baseline.series, "truncated", True)
    found = verdict(Pairing(pairs), STAYS)
    assert (found.outcome, found.rule, found.deciding.evidence) == (Outcome.UNDECIDED, "unknown", Evidence.NO_DATA)
    assert verdict(Pairing(pairs), replace(STAYS, measure=Measure.POINTS)).outcome is Outcome.BETTER


def test_money_is_a_range_of_each_vendors_own_measure():
    price = Price("grafana-cloud", Measure.SERIES, Money(Decimal(100), "USD"), "2026-01-01", "price list")
    found = verdict(pairing(10, 4), replace(STAYS, prices=(price,), fates=(Fate.DROPPED,)))
    (money,) = found.as_dict()["money"]
    low, high = (Decimal(end) for end in money["saved_monthly"])
    assert low < 60 < high
    assert money["dropped_monthly"] == "60.00"
    assert (money["as_of"], money["source"]) == ("2026-01-01", "price list")


def test_a_dearer_candidate_costs_a_share_of_itself_and_no_end_of_it_is_unknown():
    price = Price("grafana-cloud", Measure.SERIES, Money(Decimal(100), "USD"))
    found = verdict(pairing(4, 10), replace(Question(), prices=(price,), fates=(Fate.KEPT,)))
    (money,) = found.money
    assert money.high is not None
    assert money.low is not None
    assert money.low.amount < -150 < money.high.amount < 0
    few = verdict(pairing(4, 10, 5), replace(Question(), prices=(price,))).as_dict()["money"]
    assert few[0]["saved_monthly"] == [None, "100.00"]


def test_what_is_folded_or_dropped_is_not_priced_where_nobody_knows():
    told = {"folded": {"series_in": 3}}
    assert dropped_share(told, 10, 10, Price("any", Measure.BYTES, Money(Decimal(1), "USD"))) is None
    some = {"dropped_or_folded": {"series": 2, "points": 5}}
    assert dropped_share(some, 10, 10, Price("any", Measure.BYTES, Money(Decimal(1), "USD"))) == 0.5
    assert dropped_share(some, 0, 0, Price("any", Measure.SERIES, Money(Decimal(1), "USD"))) is None


def test_where_no_series_stays_no_value_can_be_wrong():
    found = verdict(pairing(10, 0), Question())
    assert (found.outcome, found.losses[0].evidence) == (Outcome.BETTER, Evidence.NO_DATA)


def test_the_error_is_divided_between_measures():
    question = Question()
    assert math.fsum(question.alpha(it) for it in Measure) == pytest.approx(question.thresholds.alpha)


@given(st.randoms())
@settings(max_examples=20)
def test_the_order_of_windows_and_hosts_does_not_matter(random):
    pairs = list(pairing(10, 7, 15, (HOST, OTHER)).pairs)
    expected = verdict(Pairing(tuple(pairs), lost(15, 16)), STAYS).as_dict()
    random.shuffle(pairs)
    assert verdict(Pairing(tuple(pairs), lost(16, 15)), STAYS).as_dict() == expected


def test_names_of_hosts_do_not_matter():
    one = verdict(pairing(10, 7, 30, (HOST, OTHER)), STAYS)
    other = verdict(pairing(10, 7, 30, (HostId("z"), HostId("a"))), STAYS)
    assert (one.outcome, one.deciding.interval) == (other.outcome, other.deciding.interval)


@st.composite
def arms(draw):
    """Return windows of two arms that save more or less, with some windows lost."""
    generator = np.random.default_rng(draw(st.integers(0, 1000)))
    base, kept = draw(st.sampled_from([(10, 3), (10, 6), (10, 10), (6, 10)]))
    windows = draw(st.sampled_from([25, 40]))
    counts = np.clip(generator.normal(kept, draw(st.sampled_from([0.0, 1.0])), windows).round(), 1, base).astype(int)
    pairs = [pair(n, window(n, *range(base)), window(n, *range(count))) for n, count in enumerate(counts)]
    return Pairing(tuple(pairs), lost(*range(windows, windows + draw(st.integers(0, 3)))))


def lose(change: str, before: Pairing) -> tuple[Pairing, Question]:
    """Return the same windows with more loss of one kind."""
    pairs, question = before.pairs, replace(STAYS, values_stay=False)
    first = pairs[0]
    match change:
        case "windows":
            return replace(before, no_data=(*before.no_data, *lost(*range(50, 60)))), question
        case "critical":
            first = replace(first, baseline=replace(first.baseline, critical={"nginx": 1}))
        case "corruption":
            first = replace(first, candidate=replace(first.candidate, corruption={"duplicate_identity": 1}))
        case "interest":
            question = replace(question, interest=("process.cpu.time",))
        case "values":
            wrong = replace(first.candidate.series, values=first.candidate.series.values * 0.1)
            first = replace(first, candidate=replace(first.candidate, series=wrong))
    return replace(before, pairs=(first, *pairs[1:])), question


@pytest.mark.parametrize("change", ["windows", "critical", "corruption", "interest", "values"])
@given(before=arms())
@settings(max_examples=25)
def test_more_loss_never_improves_a_verdict(change, before):
    after, question = lose(change, before)
    was = verdict(before, replace(STAYS, values_stay=False))
    assert RANK[verdict(after, question).outcome] <= RANK[was.outcome]
