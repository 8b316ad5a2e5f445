"""Totals of additive metrics: how much a counter rose, whoever counted.

A pipeline that folds processes into groups must keep them; the loss check compares them before and after.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.capture import Capture, PointKind
from phoenix.telemetry.identity import SeriesIndex
from phoenix.telemetry.values import Temporality, distinct, read_metric

# An int when all values were integers, exact; else the correctly rounded sum of doubles.
Total = int | float

_NO_RECORDED_VALUE = 1
# Differences of integers in this range cannot overflow int64.
_SAFE = 1 << 62


def totals(
    capture: Capture,
    index: SeriesIndex,
    *,
    series: NDArray[np.bool_] | None = None,
    since: int | None = None,
) -> Mapping[str, Total]:
    """Return the increase of each additive metric (a monotonic sum), by name.

    Delta points are summed. Cumulative points give the sum of the positive increments of each series in time order; a
    stretch of equal start times that begins at or after `since` is a birth, and its first value counts whole, for the
    counter was zero then. Points without a value, and doubles that are not numbers, say nothing and are passed over.

    Args:
        capture: any capture.
        index: its series.
        series: bool[S], only these; all when None.
        since: nanoseconds since 1970; the capture's first point when None.
    """
    metrics = distinct(capture.metrics.values, read_metric)
    if since is None:
        times = capture.points.time[capture.points.time != 0]
        since = int(times.min()) if len(times) else 0
    additive = np.array([metric.additive for metric in metrics], dtype=np.bool_)
    delta = np.array([metric.temporality == Temporality.DELTA for metric in metrics], dtype=np.bool_)
    rows = _counting_rows(capture, index, series, additive)
    value = capture.metrics.value[capture.points.metric[rows]]
    names = [metric.name for metric in metrics]
    used = np.flatnonzero(np.bincount(value, minlength=len(names)))
    known = sorted({names[number] for number in used.tolist()})
    name = np.array([known.index(name) if name in known else -1 for name in names], dtype=np.int64)[value]
    return {
        known[i]: _total(_Run.of(capture, index, rows[name == i]), delta[value[name == i]], since)
        for i in range(len(known))
    }


@dataclass(frozen=True, slots=True)
class _Run:
    # Points of one metric, by series and then by time.
    series: NDArray[np.int32]
    start_time: NDArray[np.uint64]
    bits: NDArray[np.int64]
    is_int: NDArray[np.bool_]

    @classmethod
    def of(cls, capture: Capture, index: SeriesIndex, rows: NDArray[np.int64]) -> "_Run":
        points = capture.points
        return cls(index.ids[rows], points.start_time[rows], points.bits[rows], points.kind[rows] == PointKind.INT)

    def values(self) -> NDArray[Any]:
        # Integers stay integers: as int64 where differences fit, else as Python's.
        if not self.is_int.all():
            return np.where(self.is_int, self.bits.astype(np.float64), self.bits.view(np.float64))
        if len(self.bits) and max(-int(self.bits.min()), int(self.bits.max())) >= _SAFE:
            return self.bits.astype(np.object_)
        return self.bits


def _counting_rows(
    capture: Capture, index: SeriesIndex, series: NDArray[np.bool_] | None, additive: NDArray[np.bool_]
) -> NDArray[np.int64]:
    # Rows of the points that say something, by series and then by time; rows of equal time stay in their order.
    points = capture.points
    counts = additive[capture.metrics.value[points.metric]] & (points.flags & _NO_RECORDED_VALUE == 0)
    counts &= (points.kind == PointKind.INT) | (
        (points.kind == PointKind.DOUBLE) & ~np.isnan(points.bits.view(np.float64))
    )
    if series is not None:
        counts &= series[index.ids]
    rows = np.flatnonzero(counts)
    return rows[np.lexsort((points.time[rows], index.ids[rows]))]


def _total(run: _Run, delta: NDArray[np.bool_], since: int) -> Total:
    values = run.values()
    first = np.ones(len(values), dtype=np.bool_)
    first[1:] = run.series[1:] != run.series[:-1]
    begins = first.copy()
    begins[1:] |= run.start_time[1:] != run.start_time[:-1]
    born = begins & (run.start_time >= np.uint64(since)) & (run.start_time != 0)
    whole = delta | born
    rise = np.zeros_like(values)
    rise[1:] = values[1:] - values[:-1]
    rise[first | (rise <= 0)] = 0
    return _sum(np.where(whole, values, rise))


def _sum(values: NDArray[Any]) -> Total:
    if values.dtype == np.float64:
        return math.fsum(values.tolist())
    if values.dtype == np.object_:
        return int(values.sum()) if len(values) else 0
    # In halves, whose sums fit 64 bits for any capture.
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())
