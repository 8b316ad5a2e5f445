"""Bounds on the mean of values between 0 and 1 by betting, valid at every look without a normal distribution.

Somebody who doubts that the mean is `m` bets on the values one after another and can only win if it is larger. With a
share `c` of the capital at stake the capital is the product of `1 + c (z / m - 1)`, a non-negative supermartingale as
long as no value's mean, given those before it, exceeds `m`; by Ville's inequality it ever reaches `1 / alpha` with
probability `alpha` at most. The bound is the largest `m` that was not yet refuted.

Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS B, 2024; arXiv 2010.09686):
section 4, the capital process and Theorem 3 (hedged capital: one bettor for each side, half of the error each). The
stakes are the *diversified* ones of that paper: equal parts of the capital are bet at each of a grid of shares. A grid
that never changes was chosen over predictable plug-in stakes after simulation (`./dev stats-check`): it decides a tenth
later on windows that vary little and earlier on heavy tails; the order of values does not matter, and the capital rises
with every value, so that less saving in any window can never improve a bound.
"""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Shares of the capital at stake: large ones win early where the difference is large or hardly varies, small ones where
# it is small and varies. More of them cost more than they win: sixteen were a tenth later than these six in simulation.
_SHARES: Final = np.array([0.99, 0.7, 0.4, 0.2, 0.1, 0.05])
_STEPS: Final = 60


def log_capital(values: Array, mean: float) -> Array:
    """Return the logarithm of the capital after each value, for the doubt that the mean is at most `mean`.

    Args:
        values: [..., n] between 0 and 1, in the order of time along the last axis.
        mean: above 0.
    """
    found = np.full(values.shape, -np.inf)
    for share in _SHARES:
        won = np.log1p(share * (values / mean - 1.0))
        found = np.logaddexp(found, np.cumsum(won, axis=-1) - math.log(len(_SHARES)))
    return found


def lower_bound(values: Array, alpha: float) -> float:
    """Return the bound below which the mean of all values is not, with error `alpha` at all looks together.

    Args:
        values: [n] between 0 and 1.
        alpha: the error allowed.
    """
    low, high = 0.0, float(values.mean()) if values.size else 0.0
    for _ in range(_STEPS if high > 0.0 else 0):
        middle = (low + high) / 2.0
        if middle <= 0.0 or _refuted(values, middle, alpha):
            low = middle
        else:
            high = middle
    return low


def bounds(values: Array, alpha: float) -> tuple[float, float]:
    """Return both bounds, with error `alpha` together, half of it on each side; [0, 1] for no values."""
    return lower_bound(values, alpha / 2.0), 1.0 - lower_bound(1.0 - values, alpha / 2.0)


def _refuted(values: Array, mean: float, alpha: float) -> bool:
    won = np.log1p(_SHARES[:, None] * (values[None, :] / mean - 1.0)).sum(axis=1)
    return float(np.logaddexp.reduce(won)) - math.log(len(_SHARES)) >= -math.log(alpha)
