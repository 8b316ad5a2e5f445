"""Betting bounds: what they promise, and the laws that they keep by construction."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.decide.verdict.sequences.betting import bounds, log_capital, lower_bound

VALUES = st.lists(st.floats(0.0, 1.0, allow_subnormal=False), min_size=1, max_size=40).map(np.array)


def test_no_values_bound_nothing():
    assert bounds(np.array([]), 0.05) == (0.0, 1.0)


def test_zeros_have_no_lower_bound_and_an_upper_one_near_three_over_n():
    low, high = bounds(np.zeros(200), 0.05)
    assert low == 0.0
    assert 3 / 200 < high < 8 / 200


def test_ones_are_the_mirror_of_zeros():
    low, high = bounds(np.ones(50), 0.05)
    assert high == 1.0
    assert low == pytest.approx(1.0 - bounds(np.zeros(50), 0.05)[1])


@given(VALUES)
def test_the_mean_seen_is_inside(values):
    low, high = bounds(values, 0.05)
    assert low <= values.mean() + 1e-9
    assert high >= values.mean() - 1e-9


@given(VALUES, st.randoms())
def test_the_order_of_values_does_not_matter(values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    assert lower_bound(np.array(shuffled), 0.05) == pytest.approx(lower_bound(values, 0.05), abs=1e-9)


@given(VALUES, st.data())
def test_a_smaller_value_never_raises_the_lower_bound(values, data):
    place = data.draw(st.integers(0, len(values) - 1))
    less = values.copy()
    less[place] *= data.draw(st.floats(0.0, 1.0))
    assert lower_bound(less, 0.05) <= lower_bound(values, 0.05) + 1e-9


def test_the_bound_is_where_the_capital_reaches_one_over_alpha():
    values = np.random.default_rng(1).beta(4, 2, 60)
    low = lower_bound(values, 0.025)
    assert log_capital(values, low)[-1] == pytest.approx(-math.log(0.025), abs=1e-6)


def test_capital_is_worth_one_on_average_when_the_doubt_is_right():
    coins = (np.random.default_rng(2).random((40_000, 5)) < 0.3).astype(float)
    assert np.exp(log_capital(coins, 0.3))[:, -1].mean() == pytest.approx(1.0, abs=0.05)
