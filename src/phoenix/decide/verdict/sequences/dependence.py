"""How far the mean of values that hang together may stray: wider, by a stated rule, than if they were independent.

The half-width is that of the asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
"Time-uniform central limit theory and asymptotic confidence sequences" (Annals of Statistics, 2024; arXiv 2103.06476),
Theorem 2.2 (Gaussian mixture boundary), with three things in it that are ours and cautious on purpose:

- The variance is the long-run one: the larger of what an autoregression of the first order says and what the variance
  of the means of 2, 4, 8 ... windows says (batch means), as long as there are 8 of them.
- The correlation of neighbours is taken two standard errors above what was seen, its bias in short series added.
- Below twenty correlation times the half-width is as many times wider as windows are missing to twenty: a short look at
  something slow shows neither its mean nor its spread.

Asymptotic means: it is checked by simulation (`./dev stats-check`), not proved for every length. Below twenty
windows nothing is said at all: a burst that began before the experiment is all that a shorter look may see.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST: Final = 20
_BATCHES: Final = 8
_STRETCHES: Final = 20
_ERRORS: Final = 2.0
_MOST_CORRELATED: Final = 0.99
# Where the boundary is tightest, in windows.
_TIGHTEST: Final = 100
# Sums of squares this small, beside values of up to one, are rounding.
_ROUNDING: Final = 1e-18


@dataclass(frozen=True, slots=True)
class Dependence:
    """What each look sees: arrays of the shape of the values.

    Attributes:
        mean: of the values so far.
        half_width: how far it may be from the mean that such values have; infinite below twenty.
        windows: how many windows say as much as one independent one (the correlation time).
    """

    mean: Array
    half_width: Array
    windows: Array


def dependence(values: Array, alpha: float) -> Dependence:
    """Return what each look sees of `values` [..., n], two-sided with error `alpha` at all looks together."""
    size = values.shape[-1]
    counts = np.arange(1, size + 1, dtype=np.float64)
    mean = np.cumsum(values, axis=-1) / counts
    squares = np.maximum(np.cumsum(values * values, axis=-1) - counts * mean**2, 0.0)
    squares[squares < _ROUNDING * counts] = 0.0
    times = _correlation_time(values, mean, squares, counts)
    # Correlated values lie closer together than they would in a long series.
    unseen = 1.0 / np.maximum(1.0 - times / counts, 0.05)
    variance = np.maximum(squares / np.maximum(counts - 1.0, 1.0) * times * unseen, _batch_means(values))
    half = np.sqrt(variance) * boundary(counts, alpha) * np.maximum(1.0, _STRETCHES * times / counts)
    return Dependence(mean, np.where(counts < FEWEST, np.inf, half), times)


def boundary(counts: Array, alpha: float) -> Array:
    """Return the half-width for a variance of one after so many independent values (Theorem 2.2)."""
    log = -2.0 * math.log(alpha)
    rho = (log + math.log(log + 1.0)) / _TIGHTEST
    scaled: Array = counts * rho + 1.0
    return np.asarray(np.sqrt(2.0 * scaled / (counts**2 * rho) * np.log(np.sqrt(scaled) / alpha)))


def _correlation_time(values: Array, mean: Array, squares: Array, counts: Array) -> Array:
    """Return (1 + r) / (1 - r) for the correlation r of neighbours, estimated with caution."""
    sums = counts * mean
    products = np.zeros_like(values)
    products[..., 1:] = values[..., 1:] * values[..., :-1]
    crossed = np.cumsum(products, axis=-1) - mean * (2.0 * sums - values[..., :1] - values) + (counts - 1.0) * mean**2
    varies = squares > 0.0
    seen = np.clip(np.where(varies, crossed / np.where(varies, squares, 1.0), 0.0), -1.0, 1.0)
    error = (1.0 + 3.0 * seen) / counts + _ERRORS * np.sqrt(np.maximum(1.0 - seen**2, 0.0) / counts)
    correlation = np.clip(seen + error, 0.0, _MOST_CORRELATED)
    return np.asarray((1.0 + correlation) / (1.0 - correlation))


def _batch_means(values: Array) -> Array:
    """Return the largest long-run variance that the means of batches say, after each value."""
    size = values.shape[-1]
    found = np.zeros_like(values)
    length = 2
    while size // length >= _BATCHES:
        means = values[..., : size // length * length].reshape(*values.shape[:-1], -1, length).mean(axis=-1)
        counts = np.arange(1, means.shape[-1] + 1, dtype=np.float64)
        middle = np.cumsum(means, axis=-1) / counts
        squares = np.maximum(np.cumsum(means * means, axis=-1) - counts * middle**2, 0.0)
        variance = length * squares / np.maximum(counts - 1.0, 1.0)
        # After n values the batches of n // length are whole.
        whole = np.arange(1, size + 1) // length
        enough = whole >= _BATCHES
        found[..., enough] = np.maximum(found[..., enough], variance[..., whole[enough] - 1])
        length *= 2
    return found
