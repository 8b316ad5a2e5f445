"""How long an experiment must run for a verdict of plus or minus so much, from how the telemetry itself varies.

The differences of a pilot (the windows so far, or a capture cut into windows and evaluated) are repeated until the
verdict's own interval is narrow enough, so whatever makes the interval wider makes the plan longer. A pilot shows only
what it saw: rare bursts and the other hours of the day are not in it, so the plan is a least.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.verdict.beyond import FEWEST_HOSTS, strata_interval
from phoenix.decide.verdict.sequences.interval import mean_interval

Array = NDArray[np.float64]

# A week of windows of a minute; what needs more is not planned.
MOST_WINDOWS: Final = 10_080
MOST_HOSTS: Final = 2_000
# Fewer windows show nothing of how they hang together.
FEWEST_PILOT: Final = 10


@dataclass(frozen=True, slots=True)
class Plan:
    """What a verdict of plus or minus `half_width` needs.

    Attributes:
        half_width: the share asked for.
        windows: of every host that takes part, for a verdict on these hosts; None when the pilot is too short to say,
            or more than a week of minutes would not do.
        hosts: drawn from each stratum, for a verdict on hosts like these; None when fewer than two hosts were seen, or
            more than 2,000 would not do.
        reason: what it rests on, in words.
    """

    half_width: float
    windows: int | None
    hosts: int | None
    reason: str


def plan(differences: Array, host_means: Sequence[float], half_width: float, alpha: float) -> Plan:
    """Return what is needed.

    Args:
        differences: [n] share saved in each window of the pilot, by time (`estimand.over_windows`).
        host_means: the mean share saved on each host of the pilot.
        half_width: how near the verdict shall be, a share above 0.
        alpha: the error of the deciding measure (`Question.alpha`).
    """
    windows = hosts = None
    if len(differences) >= FEWEST_PILOT:
        windows = _least(lambda count: _half_width(differences, count, alpha) <= half_width, MOST_WINDOWS)
    if len(host_means) >= FEWEST_HOSTS:
        hosts = _least(lambda count: _over_hosts(host_means, count, alpha) <= half_width, MOST_HOSTS)
    reason = (
        f"From {len(differences)} windows of {len(host_means)} hosts, as they varied; other hours and rare bursts are "
        "not in it."
    )
    return Plan(half_width, windows, hosts, reason)


def _half_width(pilot: Array, count: int, alpha: float) -> float:
    """Return the half-width after `count` windows that vary as the pilot does.

    The pilot goes back and forth, so that there is no jump where it is repeated.
    """
    return mean_interval(np.resize(np.concatenate([pilot, pilot[::-1]]), count), alpha).half_width


def _over_hosts(means: Sequence[float], count: int, alpha: float) -> float:
    # Each stratum has its own part of the error; a pilot of one plans for one.
    return strata_interval([list(np.resize(np.array(means), count))], alpha).half_width


def _least(enough: Callable[[int], bool], most: int) -> int | None:
    """Return the least count that is enough, by doubling and halving; None when `most` is not."""
    high = 2
    while not enough(high):
        if high >= most:
            return None
        high = min(2 * high, most)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
