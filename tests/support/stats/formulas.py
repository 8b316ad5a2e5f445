"""What a verdict could have been made with instead: the formulas and habits that `stats-check` holds it against.

Each returns at which looks it says that the mean is above and below a bound, [experiments, windows] of bool each.
"""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.verdict.sequences.betting import log_capital

Array = NDArray[np.float64]
Looks = tuple[NDArray[np.bool_], NDArray[np.bool_]]
FIRST_PEEK = 10


def betting(values: Array, alpha: float, bound: float = 0.0) -> Looks:
    """The grid of stakes alone, as if windows were independent."""
    won = -math.log(alpha / 2)
    above = log_capital((values + 1) / 2, (bound + 1) / 2) >= won
    return above, log_capital((1 - values) / 2, (1 - bound) / 2) >= won


def plug_in(values: Array, alpha: float, bound: float = 0.0) -> Looks:
    """Hedged capital with predictable plug-in stakes (Waudby-Smith and Ramdas, section 4)."""
    return _plug_in((values + 1) / 2, alpha, (bound + 1) / 2), _plug_in((1 - values) / 2, alpha, (1 - bound) / 2)


def empirical_bernstein(values: Array, alpha: float, bound: float = 0.0) -> Looks:
    """Plug-in empirical Bernstein (same paper, Theorem 2; compare Howard et al. 2021, Theorem 4)."""
    values = (values + 1) / 2
    stakes, before = _stakes(values, alpha, 0.5)
    total = np.cumsum(stakes, axis=-1)
    centre = np.cumsum(stakes * values, axis=-1) / total
    price = -np.log1p(-stakes) - stakes
    half = (math.log(2 / alpha) + np.cumsum((values - before) ** 2 * price, axis=-1)) / total
    middle = (bound + 1) / 2
    return centre - half > middle, centre + half < middle


def peeking(values: Array, alpha: float, bound: float = 0.0) -> Looks:
    """A t-test after every window, as if each were the only one."""
    size = values.shape[-1]
    counts = np.arange(1, size + 1)
    mean = np.cumsum(values, axis=-1) / counts
    squares = np.maximum(np.cumsum(values**2, axis=-1) - counts * mean**2, 0.0)
    error = np.sqrt(squares / np.maximum(counts - 1, 1) / counts) * _t_quantile(alpha, np.maximum(counts - 1, 1))
    error[..., : FIRST_PEEK - 1] = np.inf
    return mean - error > bound, mean + error < bound


def fixed_horizon(values: Array, alpha: float, bound: float = 0.0) -> Looks:
    """One t-test after the last window."""
    above, below = peeking(values, alpha, bound)
    above[..., :-1] = below[..., :-1] = False
    return above, below


def _plug_in(values: Array, alpha: float, mean: float) -> NDArray[np.bool_]:
    stakes, _ = _stakes(values, alpha, 0.75 / mean)
    return np.asarray(np.cumsum(np.log1p(stakes * (values - mean)), axis=-1) >= -math.log(alpha / 2))


def _stakes(values: Array, alpha: float, most: float) -> tuple[Array, Array]:
    """Return the stakes, and the mean before each value."""
    counts = np.arange(1, values.shape[-1] + 1)
    mean = (0.5 + np.cumsum(values, axis=-1)) / (counts + 1)
    variance = (0.25 + np.cumsum((values - mean) ** 2, axis=-1)) / (counts + 1)
    before = np.concatenate([np.full_like(mean[..., :1], 0.5), mean[..., :-1]], axis=-1)
    varied = np.concatenate([np.full_like(variance[..., :1], 0.25), variance[..., :-1]], axis=-1)
    stakes = np.sqrt(2 * math.log(2 / alpha) / (varied * counts * np.log1p(counts)))
    return np.minimum(stakes, most), before


def _t_quantile(alpha: float, freedom: NDArray[np.int64]) -> Array:
    """Student's quantile by its series in 1 / freedom (Abramowitz and Stegun, 26.7.5), within 0.1 % from 9 on."""
    z = NormalDist().inv_cdf(1 - alpha / 2)
    return np.asarray(
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )
