"""What additive metrics add up to: the quantity that folding must keep and nothing may raise.

Each point is given its contribution to the total, so that any set of points has a total, and sums are exact:

- a delta sum, a sum that may fall, a gauge: the point's value;
- a cumulative counter: how much it rose since the point before of the same series and start time, never less than
  nothing; a first point counts whole if the counter began within the capture, that is if its start time is known and
  not before the capture's first point, else it counts nothing (design, section 6). A new start time is a new beginning,
  as it is for the collector's cumulative_to_delta;
- histograms and summaries: nothing.

Whether a gauge adds up is for its reader to say: `is_additive` denies it, and only a fold map, which declares that a
group is a sum, makes the loss check look at a gauge's total. `telemetry.totals` measures the counters of one capture by
the same rule; here every sum counts, and the total of any set of points is wanted.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.observed import Observed
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.values import MetricType, MetricValue, Temporality

# Differences and sums of doubles are each off by at most one rounding unit of the values they are made of.
ROUNDINGS = 4 * float(np.finfo(np.float64).eps)
_PART_BITS = 21


@dataclass(frozen=True)
class Contributions:
    """What each sorted point adds to the total of its metric.

    Attributes:
        whole: int64[N], the contribution of an integer point, else 0.
        real: float64[N], the contribution of a double point, else 0.0.
        rounding: float64[N], by how much rounding may have moved a double point's contribution.
    """

    whole: NDArray[np.int64]
    real: NDArray[np.float64]
    rounding: NDArray[np.float64]

    def magnitude(self) -> "Contributions":
        """Return the contributions without their sign: what can only shrink when points are summed or dropped."""
        return Contributions(np.abs(self.whole), np.abs(self.real), self.rounding)

    def taken(self, rows: NDArray[np.int64]) -> "Contributions":
        """Return the contributions of some points, each as often as it stands there."""
        return Contributions(self.whole[rows], self.real[rows], self.rounding[rows])


def is_additive(metric: MetricValue) -> bool:
    """Return whether values of different processes may be added: only sums say so."""
    return metric.type is MetricType.SUM


def is_numeric(metric: MetricValue) -> bool:
    """Return whether the metric's points are single numbers."""
    return metric.type in {MetricType.SUM, MetricType.GAUGE}


def additive_names(observed: Observed) -> frozenset[str]:
    """Return the names of the metrics whose values may be added."""
    return frozenset(metric.name for metric in observed.metrics.values() if is_additive(metric))


def is_counter(metric: MetricValue) -> bool:
    """Return whether this is a cumulative sum that never falls without a new start time."""
    return metric.type is MetricType.SUM and metric.monotonic and metric.temporality == Temporality.CUMULATIVE


def contributions(
    observed: Observed,
    *,
    first_time: int,
    made: NDArray[np.bool_] | None = None,
    known_starts: NDArray[np.uint64] | None = None,
) -> Contributions:
    """Return what each sorted point of a capture adds to its metric's total.

    Args:
        observed: the capture.
        first_time: time of the first point of the *input*, in nanoseconds: what began later is a birth.
        made: bool[S], series that the pipeline made.
        known_starts: start times of the input. A made counter whose start time is not among them was summed up
            by the pipeline from nothing after the capture began, so it counts whole even if its start time was rounded
            down to before the first point.
    """
    numeric = observed.of_metrics(is_numeric)
    counter = observed.of_metrics(is_counter)
    used = numeric[observed.series] & observed.valued
    integer = used & (observed.kind == PointKind.INT)
    whole = np.where(integer, observed.bits, 0)
    real = np.where(used & ~integer, observed.numbers, 0.0)
    rounding = np.abs(real) * ROUNDINGS
    rows = np.flatnonzero(used & counter[observed.series])
    if len(rows):
        rows = _by_stream(observed, rows)
        born = (observed.start[rows] >= first_time) & (observed.start[rows] != 0)
        if made is not None and known_starts is not None:
            fresh = made[observed.series[rows]]
            if fresh.any():
                fresh[fresh] = ~np.isin(observed.start[rows[fresh]], np.unique(known_starts))
            born |= fresh
        whole[rows], real[rows] = _increments(observed, rows, born)
    return Contributions(whole, real, rounding)


def sums_by(
    group: NDArray[np.int32], count: int, values: Contributions, where: NDArray[np.bool_] | None = None
) -> list[int | float]:
    """Return for each of `count` groups the exact total of its points: an int unless doubles are in it.

    `group` is int32[N], the group of each sorted point; `where` chooses points. The order of points has no influence.
    """
    chosen = slice(None) if where is None else where
    group, whole, real = group[chosen], values.whole[chosen], values.real[chosen]
    totals: list[int | float] = [0] * count
    for part in range(3):
        # 21 bits of 2**31 points still add up exactly in a double.
        bits = whole >> (_PART_BITS * part)
        bits = bits & ((1 << _PART_BITS) - 1) if part < 2 else bits
        for number, share in enumerate(np.bincount(group, weights=bits, minlength=count)):
            totals[number] += int(share) << (_PART_BITS * part)
    fractional = np.flatnonzero(real)
    order = fractional[np.argsort(group[fractional], kind="stable")]
    bounds = np.searchsorted(group[order], np.arange(count + 1))
    for number in range(count):
        if bounds[number] < bounds[number + 1]:
            totals[number] += math.fsum(real[order[bounds[number] : bounds[number + 1]]].tolist())
    return totals


def rounding_by(group: NDArray[np.int32], count: int, values: Contributions) -> NDArray[np.float64]:
    """Return float64[count]: by how much rounding alone may have moved each group's total. 0 where all are integers."""
    return np.bincount(group, weights=values.rounding, minlength=count).astype(np.float64)


def _by_stream(observed: Observed, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows so that points of one series and start time stand together, in the order of time."""
    series, start = observed.series[rows], observed.start[rows]
    scattered = (np.diff(series) == 0) & (start[1:] < start[:-1])
    return rows[np.lexsort((start, series))] if scattered.any() else rows


def _increments(
    observed: Observed, rows: NDArray[np.int64], born: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    series, start = observed.series[rows], observed.start[rows]
    bits, numbers, kind = observed.bits[rows], observed.numbers[rows], observed.kind[rows]
    first = np.ones(len(rows), np.bool_)
    first[1:] = (series[1:] != series[:-1]) | (start[1:] != start[:-1])
    integer = np.equal(kind, PointKind.INT)
    # A series that changes between integers and doubles is counted in doubles at the change.
    exact = integer & (first | np.concatenate([[True], integer[:-1]]))
    previous_bits = np.where(first, 0, np.concatenate([[0], bits[:-1]]))
    previous = np.where(first, 0.0, np.concatenate([[0.0], numbers[:-1]]))
    counted = ~first | born
    whole: NDArray[np.int64] = np.where(exact & counted, np.maximum(bits - previous_bits, 0), 0)
    real: NDArray[np.float64] = np.where(~exact & counted, np.maximum(numbers - previous, 0.0), 0.0)
    return whole, real
