"""The interval of a verdict: proved by betting, widened for windows that hang together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoenix.decide.verdict.sequences.betting import bounds
from phoenix.decide.verdict.sequences.dependence import FEWEST, boundary, dependence
from phoenix.decide.verdict.sequences.interval import Interval, looks, mean_interval, share_interval

SEVERAL = st.lists(st.floats(-1.0, 1.0, allow_subnormal=False), min_size=1, max_size=60).map(np.array)


def drifting(count: int, correlation: float, spread: float, seed: int = 3) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=count)
    found = np.zeros(count)
    for now in range(1, count):
        found[now] = correlation * found[now - 1] + np.sqrt(1 - correlation**2) * noise[now]
    return np.clip(spread * found, -1, 1)


def test_few_windows_say_nothing():
    assert mean_interval(np.full(FEWEST - 1, 0.6), 0.05) == Interval(-1.0, 1.0)
    assert mean_interval(np.array([]), 0.05) == Interval(-1.0, 1.0)
    assert share_interval(np.array([]), 0.05) == Interval(0.0, 1.0)


def test_a_large_saving_that_does_not_vary_is_shown_as_soon_as_anything_is():
    assert mean_interval(np.full(FEWEST, 0.6), 0.05).low > 0.2


@given(SEVERAL)
def test_it_contains_what_betting_proves_and_the_mean(values):
    interval = mean_interval(values, 0.05)
    low, high = bounds((values + 1) / 2, 0.05)
    assert -1.0 <= interval.low <= 2 * low - 1 + 1e-12
    assert 2 * high - 1 - 1e-12 <= interval.high <= 1.0
    assert interval.low - 1e-9 <= values.mean() <= interval.high + 1e-9


@given(SEVERAL.map(np.abs))
def test_shares_have_intervals_between_zero_and_one(values):
    interval = share_interval(values, 0.05)
    assert 0.0 <= interval.low <= values.mean() + 1e-9
    assert values.mean() - 1e-9 <= interval.high <= 1.0


@given(SEVERAL, st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
def test_looks_say_what_intervals_say(values, above, below):
    over, under = looks(values, 0.05, above, below)
    interval = mean_interval(values, 0.05)
    if min(abs(interval.low - above), abs(interval.high - below)) > 1e-6:
        assert bool(over[-1]) == (interval.low > above)
        assert bool(under[-1]) == (interval.high < below)


def test_windows_that_hang_together_make_it_wider():
    spread = dependence(drifting(300, 0.9, 0.2), 0.05)
    mixed = drifting(300, 0.9, 0.2)
    np.random.default_rng(4).shuffle(mixed)
    assert spread.windows[-1] > 8.0
    assert spread.half_width[-1] > 3 * dependence(mixed, 0.05).half_width[-1]


def test_a_short_look_at_something_slow_is_widened_until_it_says_nothing():
    assert mean_interval(0.4 + drifting(15, 0.95, 0.3), 0.05).half_width > 0.6


def test_batches_see_what_neighbours_do_not():
    jumping = np.where(np.arange(320) % 2, 0.3, -0.3)
    slow = np.repeat(np.random.default_rng(5).normal(0, 0.2, 40), 8)
    spread = dependence((slow + jumping).clip(-1, 1), 0.05)
    assert spread.windows[-1] < 2.0
    assert spread.half_width[-1] > 1.2 * np.sqrt(np.var(slow + jumping)) * boundary(np.array([320.0]), 0.05)[0]


def test_looks_work_for_many_experiments_at_once():
    many = np.stack([drifting(80, 0.5, 0.2, seed) for seed in range(3)])
    over, under = looks(many, 0.05, 0.0, 0.0)
    for row, values in enumerate(many):
        alone = looks(values, 0.05, 0.0, 0.0)
        assert (over[row] == alone[0]).all()
        assert (under[row] == alone[1]).all()


def test_the_boundary_shrinks_with_windows_and_grows_with_certainty():
    widths = boundary(np.array([10.0, 100.0, 1000.0]), 0.05)
    assert list(widths) == sorted(widths, reverse=True)
    assert (boundary(np.array([100.0]), 0.01) > boundary(np.array([100.0]), 0.05)).all()


def test_unknown_windows_count_as_the_worst_they_can_be():
    widened = Interval(0.5, 0.7).with_unknown(0.1)
    assert widened.low == pytest.approx(0.35)
    assert widened.high == pytest.approx(0.73)
    assert Interval(0.5, 0.7).with_unknown(0.0) == Interval(0.5, 0.7)


def test_widening_stays_inside_what_is_possible():
    assert Interval(-0.9, 0.2).widened(0.3) == Interval(-1.0, 0.5)
    assert Interval(-0.04, 0.04).within(0.05)
    assert not Interval(-0.04, 0.05).within(0.05)
