"""The planner: what it asks for is what the verdict then needs, and what it cannot say it does not."""

import numpy as np
import pytest
from tests.support.stats.planning import plans

from phoenix.decide.verdict.beyond import strata_interval
from phoenix.decide.verdict.planner import MOST_WINDOWS, plan
from phoenix.decide.verdict.sequences.interval import mean_interval


def test_the_plan_is_the_least_that_does_for_what_does_not_vary():
    pilot = np.full(20, 0.5)
    wanted = plan(pilot, [0.5], 0.1, 0.04)
    assert wanted.windows is not None
    assert mean_interval(np.full(wanted.windows, 0.5), 0.04).half_width <= 0.1
    assert mean_interval(np.full(wanted.windows - 1, 0.5), 0.04).half_width > 0.1


def test_more_variation_and_a_nearer_verdict_need_more_windows():
    generator = np.random.default_rng(2)
    calm, wild = (np.clip(generator.normal(0.4, spread, 60), -1, 1) for spread in (0.02, 0.3))
    asked = ((calm, 0.1), (wild, 0.1), (wild, 0.05))
    needed = [plan(pilot, [0.4], near, 0.05).windows or MOST_WINDOWS for pilot, near in asked]
    assert needed == sorted(needed)
    assert len(set(needed)) == 3


def test_what_a_week_would_not_show_is_not_planned():
    assert plan(np.tile([-1.0, 1.0], 20), [0.0], 0.0005, 0.05).windows is None
    assert MOST_WINDOWS == 7 * 24 * 60


def test_a_short_pilot_and_one_host_say_nothing():
    nothing = plan(np.full(5, 0.5), [0.5], 0.1, 0.05)
    assert (nothing.windows, nothing.hosts) == (None, None)
    assert "5 windows of 1 hosts" in nothing.reason


def test_hosts_that_differ_must_be_many():
    pilot = np.full(20, 0.5)
    alike, unlike = (plan(pilot, means, 0.2, 0.05).hosts for means in ([0.5, 0.5], [0.1, 0.9]))
    assert alike is not None
    assert unlike is not None
    assert alike < unlike
    assert strata_interval([[0.5] * alike], 0.05).half_width <= 0.2


@pytest.fixture(scope="module")
def checked():
    return {it.kind: it for it in plans(3, seed=3, most=400)}


def test_planned_is_near_to_what_was_needed(checked):
    for kind in ("normal", "steady"):
        assert checked[kind].planned == pytest.approx(checked[kind].needed, rel=0.3)
