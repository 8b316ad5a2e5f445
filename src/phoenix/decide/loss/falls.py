"""Where cumulative counters fall although their start time says that they went on."""

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.observed import Observed
from phoenix.decide.loss.totals import is_counter
from phoenix.telemetry.capture import PointKind


def falls(observed: Observed) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the sorted points of counters, which of them fell, and at which the start time went back.

    Shapes: int64[C] rows of sorted points, bool[C], bool[C].
    """
    counter = observed.of_metrics(is_counter)
    rows = np.flatnonzero(counter[observed.series] & observed.valued)
    later = np.zeros(len(rows), np.bool_)
    lower, older, same = later.copy(), later.copy(), later.copy()
    series, time, start = observed.series[rows], observed.time[rows], observed.start[rows]
    numbers, bits, integer = observed.numbers[rows], observed.bits[rows], observed.kind[rows] == PointKind.INT
    later[1:] = (series[1:] == series[:-1]) & (time[1:] > time[:-1])
    both = integer[1:] & integer[:-1]
    lower[1:] = np.where(both, bits[1:] < bits[:-1], numbers[1:] < numbers[:-1])
    same[1:] = start[1:] <= start[:-1]
    older[1:] = (series[1:] == series[:-1]) & (start[1:] < start[:-1])
    return rows, later & lower & same, older


def fallen_names(observed: Observed) -> frozenset[str]:
    """Return the names of the metrics of which a counter falls: their increase can't be told from the points alone."""
    rows, fell, _ = falls(observed)
    return frozenset(observed.metrics[int(row)].name for row in np.unique(observed.metric[observed.series[rows[fell]]]))
