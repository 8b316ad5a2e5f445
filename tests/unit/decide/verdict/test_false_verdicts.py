"""Verdicts on simulated experiments without a true effect: the small sister of `./dev stats-check`."""

import numpy as np
import pytest
from tests.support.stats.check import ALPHA, allowed, lines, rate
from tests.support.stats.formulas import betting, peeking
from tests.support.stats.streams import PLAIN, normal

from phoenix.decide.verdict.sequences.interval import looks

EXPERIMENTS, WINDOWS = 200, 120


@pytest.fixture(scope="module")
def found():
    return list(lines(EXPERIMENTS, WINDOWS, seed=7))


def test_every_kind_of_data_is_there(found):
    kinds = {line.kind for line in found}
    assert kinds >= {*PLAIN, "diurnal", "host mix", "missing windows, at random"}


def test_false_verdicts_are_no_more_than_allowed_on_any_of_them(found):
    too_often = {line.kind: line.product for line in found if (line.product or 0.0) > allowed(EXPERIMENTS)}
    assert too_often == {}


def test_what_breaks_the_formula_for_independent_windows_is_seen_to(found):
    broken = {(line.kind, line.claim): line.note for line in found if line.formula > allowed(EXPERIMENTS)}
    assert {kind for kind, _ in broken} >= {"autocorrelated 0.8", "bursty churn", "diurnal", "host mix"}
    assert "holds" not in broken.values()


def test_a_part_of_a_day_makes_no_claim_of_the_day(found):
    (whole,) = [line for line in found if "whole day" in line.claim]
    assert whole.product is None


def test_looking_often_makes_a_t_test_false_and_a_verdict_not(found):
    (plain,) = [line for line in found if line.kind == "normal"]
    assert plain.product is not None
    assert plain.product < ALPHA < 0.2 < plain.peeking


def test_a_true_effect_is_shown():
    values = np.clip(0.3 + normal(np.random.default_rng(1), EXPERIMENTS, WINDOWS), -1, 1)
    above, below = looks(values, ALPHA, 0.0, 0.0)
    assert above[:, 60].all()
    assert not below.any()


def test_rates_count_only_what_is_false():
    values = np.full((4, 60), 0.6)
    assert rate(betting(values, ALPHA), 0.5) == 0.0
    assert rate(betting(values, ALPHA), -0.5) == 1.0
    assert rate(peeking(-values, ALPHA), 0.5) == 1.0
