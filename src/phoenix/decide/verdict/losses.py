"""What the candidate loses, window by window, as shares that a margin can be held against."""

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.arms.model import PairedWindow
from phoenix.decide.arms.sets import cross

# Sums of the same doubles in another order differ by rounding.
_SAME = 1e-9


def value_error(pair: PairedWindow) -> float:
    """Return the mean relative error of the values of the series that both arms have, between 0 and 1; NaN for none.

    A window keeps the sum of the values of each series and its points. A series with fewer points keeps either its sum
    (deltas added up) or its mean (points left out): the smaller error of the two counts. A value that one arm can give
    as a number and the other cannot is an error of 1.
    """
    crossing = cross(pair.baseline.series, pair.candidate.series)
    if not len(crossing.values):
        return math.nan
    means = crossing.values / np.maximum(crossing.points, 1)
    errors = np.minimum(_relative(crossing.values), _relative(means))
    return math.fsum(errors) / len(errors)


def interest_lost(pair: PairedWindow, names: Iterable[str]) -> float:
    """Return the share of the baseline's series of these metrics that the candidate has not; NaN when it has none."""
    had = kept = 0
    for name in set(names):
        before, after = pair.baseline.metrics.get(name), pair.candidate.metrics.get(name)
        series = before.series if before else 0
        had += series
        kept += min(series, after.series if after else 0)
    return (had - kept) / had if had else math.nan


def _relative(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return |a - b| / the larger of |a| and |b| for each row [kept, 2], at most 1; 0 where rounding explains it."""
    before, after = values[:, 0], values[:, 1]
    largest = np.maximum(np.abs(before), np.abs(after))
    equal = (before == after) | (np.isnan(before) & np.isnan(after))
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.abs(before - after) / largest
    errors = np.where(np.isfinite(errors), np.minimum(errors, 1.0), 1.0)
    return np.where(equal | (errors <= _SAME), 0.0, errors)
