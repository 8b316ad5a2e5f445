"""The interval of a verdict: what betting proves, widened to what values that hang together allow.

Both parts hold with error `alpha` by themselves; the interval contains both, so it is never narrower than the one that
is proved for independent windows.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.verdict.sequences.betting import bounds, log_capital
from phoenix.decide.verdict.sequences.dependence import dependence

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included.

    >>> Interval(-0.5, 0.25).half_width
    0.375
    """

    low: float
    high: float

    @property
    def half_width(self) -> float:
        """Half of its length."""
        return (self.high - self.low) / 2.0

    def within(self, margin: float) -> bool:
        """Return whether all of it is closer to zero than `margin`."""
        return -margin < self.low and self.high < margin

    def widened(self, by: float) -> Self:
        """Return it longer at both ends, inside [-1, 1]."""
        return type(self)(max(self.low - by, -1.0), min(self.high + by, 1.0))

    def with_unknown(self, share: float) -> Self:
        """Return it for the mean over all windows when nothing at all is known of a share of them."""
        return type(self)((1.0 - share) * self.low - share, (1.0 - share) * self.high + share)


def mean_interval(values: Array, alpha: float) -> Interval:
    """Return the interval for the mean of `values` [n] in [-1, 1], by time; all of [-1, 1] when there are too few."""
    if not values.size:
        return Interval(-1.0, 1.0)
    low, high = bounds((values + 1.0) / 2.0, alpha)
    spread = dependence(values, alpha)
    mean, half = float(spread.mean[-1]), float(spread.half_width[-1])
    return Interval(max(min(2.0 * low - 1.0, mean - half), -1.0), min(max(2.0 * high - 1.0, mean + half), 1.0))


def share_interval(values: Array, alpha: float) -> Interval:
    """Return the interval for the mean of `values` [n] in [0, 1], by time; all of [0, 1] when there are too few."""
    if not values.size:
        return Interval(0.0, 1.0)
    low, high = bounds(values, alpha)
    spread = dependence(values, alpha)
    mean, half = float(spread.mean[-1]), float(spread.half_width[-1])
    return Interval(max(min(low, mean - half), 0.0), min(max(high, mean + half), 1.0))


def looks(values: Array, alpha: float, above: float, below: float) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return at which looks the interval lies above one bound, and at which below another; [..., n] each.

    This is what `mean_interval` says after each value, without working the intervals out.

    Args:
        values: [..., n] in [-1, 1], by time.
        alpha: the error allowed.
        above: bound inside (-1, 1).
        below: the same.
    """
    spread = dependence(values, alpha)
    won = -np.log(alpha / 2.0)
    over = log_capital((values + 1.0) / 2.0, (above + 1.0) / 2.0) >= won
    under = log_capital((1.0 - values) / 2.0, (1.0 - below) / 2.0) >= won
    return over & (spread.mean - spread.half_width > above), under & (spread.mean + spread.half_width < below)
