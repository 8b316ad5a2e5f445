"""The same config on collectors of each side: A/A on independent arms, whose churn is their own."""

import numpy as np
from tests.support.experiments.arms import window

from phoenix.core.ids import HostId
from phoenix.decide.verdict.judging import verdict
from phoenix.decide.verdict.model import Outcome
from phoenix.decide.verdict.question import Question, Thresholds
from phoenix.decide.verdict.unpaired import pair_arms

ASKED = Question(unpaired="each arm has its own collectors.", thresholds=Thresholds(margin=0.1))


def collectors(generator: np.random.Generator, names: str, windows: int, usual: int = 200):
    """Return windows of some collectors: so many series, and a few processes that come and go."""
    return {
        HostId(name): {window(n).start: window(n, *range(usual + int(generator.poisson(4)))) for n in range(windows)}
        for name in names
    }


def outcomes(seed: int, looks: tuple[int, ...], candidate: int = 200) -> list[Outcome]:
    generator = np.random.default_rng(seed)
    before, after = collectors(generator, "ab", max(looks)), collectors(generator, "cd", max(looks), candidate)
    return [verdict(pair_arms(cut(before, look), cut(after, look)), ASKED).outcome for look in looks]


def cut(side, windows):
    return {host: dict(list(own.items())[:windows]) for host, own in side.items()}


def test_the_same_on_both_sides_ends_equivalent_and_is_never_better_or_worse():
    for seed in range(3):
        assert outcomes(seed, (25, 60, 110)) == [Outcome.UNDECIDED, Outcome.UNDECIDED, Outcome.EQUIVALENT]


def test_less_on_one_side_is_better():
    assert outcomes(7, (60,), candidate=80) == [Outcome.BETTER]
