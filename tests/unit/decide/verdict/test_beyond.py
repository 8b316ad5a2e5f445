"""Claims about other hosts: made once, from hosts as sampled units, and refused with a reason otherwise."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.experiments.arms import NOON, WIDTH, pair, window

from phoenix.core.ids import HostId
from phoenix.decide.arms.model import Pairing
from phoenix.decide.verdict.beyond import strata_interval
from phoenix.decide.verdict.judging import verdict
from phoenix.decide.verdict.question import Peak, Question

HOSTS = tuple(HostId(f"host-{number}") for number in range(12))
PEAK = Peak(NOON + 2 * WIDTH, NOON + 8 * WIDTH, "the evening")


def drawn(hosts=HOSTS, kinds=("web", "db"), **changes) -> Question:
    strata = {host: kinds[number % len(kinds)] for number, host in enumerate(hosts)}
    return Question(strata=strata, peak=PEAK, **changes)


def of(hosts=HOSTS, windows=10, kept=2) -> Pairing:
    return Pairing(
        tuple(pair(n, window(n, *range(10)), window(n, *range(kept)), h) for n in range(windows) for h in hosts)
    )


def test_twelve_hosts_that_save_the_same_speak_for_others():
    found = verdict(of(), drawn()).beyond
    assert found.value == pytest.approx(0.8)
    assert found.interval is not None
    assert found.interval.low < 0.8 < found.interval.high
    assert "hosts are the sampled units" in found.reason


@pytest.mark.parametrize(
    ("pairing", "question", "why"),
    [
        (of(), Question(peak=PEAK), "not drawn at random"),
        (of(), replace(drawn(), strata={HOSTS[0]: "web"}), "not drawn at random"),
        (of(HOSTS[:3]), drawn(HOSTS[:3]), "fewer than 2"),
        (of(), replace(drawn(), peak=None), "no period of most load"),
        (of(windows=5), drawn(), "not covered yet"),
        (of(), replace(drawn(), unpaired="own receivers."), "did not see the same scrapes"),
        (Pairing(), drawn(), "No window"),
    ],
)
def test_otherwise_the_verdict_speaks_of_these_hosts_only(pairing, question, why):
    found = verdict(pairing, question).beyond
    assert (found.value, found.interval) == (None, None)
    assert why in found.reason


def test_a_stratum_whose_hosts_were_silent_in_the_peak_speaks_for_none():
    quiet = [it for it in of().pairs if it.host in HOSTS[::2] or it.start < PEAK.start]
    found = verdict(Pairing(tuple(quiet)), drawn()).beyond
    assert found.value is None
    assert "too few" in found.reason


def test_many_windows_of_few_hosts_do_not_narrow_the_claim():
    few, many = (verdict(of(HOSTS[:4], windows), drawn(HOSTS[:4])).beyond.interval for windows in (10, 60))
    assert few == many


def test_the_claim_about_a_mixed_fleet_is_seldom_false():
    generator = np.random.default_rng(4)
    kinds = np.where(generator.random((400, 14)) < 0.5, 0.5, -0.5)
    false = [it.low > 0 or it.high < 0 for it in (strata_interval([row], 0.05) for row in kinds)]
    assert np.mean(false) <= 0.05
