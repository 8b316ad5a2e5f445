from random import Random

import pytest

from phoenix.loadsim.profile import Spike
from phoenix.loadsim.rhythm import QUANTUM_SECONDS, Rhythm


def used(rhythm: Rhythm, seconds: float) -> float:
    """Return the processor time used in so long, by a machine that is never late."""
    now = spent = 0.0
    while now < seconds:
        burn = rhythm.burn_seconds(now)
        spent += burn
        now += burn + rhythm.pause
    return spent


@pytest.mark.parametrize("share", [0.0002, 0.001, 0.02, 0.3, 1.0])
def test_burns_its_share(share):
    assert used(Rhythm(share, None, Random(1).random), 1000) / 1000 == pytest.approx(share, rel=0.02)


def test_burns_nothing_without_a_share():
    assert used(Rhythm(0.0, None, Random(1).random), 100) == 0


def test_spikes_come_to_their_mean():
    spike = Spike(percent=40, seconds=3, every_seconds=30)
    assert used(Rhythm(0.01, spike, Random(1).random), 20_000) / 20_000 == pytest.approx(0.01 + 0.04, rel=0.15)


def test_the_first_spike_comes_within_the_time_between_two():
    rhythm = Rhythm(0.0, Spike(percent=50, seconds=5, every_seconds=20), Random(3).random)
    assert used(rhythm, 20) > 0


def test_no_burn_is_longer_than_a_quantum_so_that_the_end_is_noticed():
    rhythm = Rhythm(1.0, Spike(percent=100, seconds=5, every_seconds=5), Random(3).random)
    assert all(rhythm.burn_seconds(second / 10) <= QUANTUM_SECONDS for second in range(200))
