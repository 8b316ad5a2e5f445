"""Appending metrics to their scopes: what copy_metric, extract_* and convert_summary_* have in common."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Lineage, Mask, NodeTable, PointTable
from phoenix.engine.in_use import in_use
from phoenix.engine.laying import as_given, empty_points
from phoenix.engine.reshaping.distinct import changed_rows, per_row
from phoenix.engine.reshaping.origins import taken
from phoenix.engine.reshaping.reshaped import Reshaped
from phoenix.engine.tree import children, children_of, fixed
from phoenix.engine.values.nodes import MetricNode, MetricType
from phoenix.telemetry.capture import PointKind

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NewMetrics:
    """Metrics to append, in the order the collector appends them.

    Attributes:
        source: int64[m], the metric row each is made from; never falls.
        value: int32[m], row of the pool of metrics.
        points: their points; `metric` is a row of `source` and never falls.
        origin: int64[p], the row of the frame's points that each point is made from.
    """

    source: Int64s
    value: Int32s
    points: PointTable
    origin: Int64s


def append(frame: Frame, made: NewMetrics) -> Reshaped:
    """Return the frame with new metrics at the end of the scopes of those they are made from."""
    from phoenix.engine.kernels.points_kernel import interleave, list_interleaved  # noqa: PLC0415 numba is slow to import
    from phoenix.engine.kernels.reshaping_grouping_kernel import members  # noqa: PLC0415 numba is slow to import

    before, added = len(frame.metrics), len(made.source)
    if not added:
        return Reshaped(frame)
    parents = np.concatenate((frame.metrics.parent, frame.metrics.parent[made.source]))
    order = members(parents, len(frame.scopes)).rows
    metrics = NodeTable(parents[order], np.concatenate((frame.metrics.value, made.value))[order])
    points = empty_points(len(frame.points) + len(made.origin))
    origin = np.empty(len(points), dtype=np.int64)
    firsts = children_of(frame)[Level.METRIC], fixed(children(made.points.metric, added))
    tables = as_given(frame.points), as_given(made.points)
    for longs in (True, False):
        interleave(order, firsts, tables, as_given(points, written=True), longs)
    list_interleaved(order, firsts, origin)
    dropped = dict(frame.dropped)
    for level, rows, more in ((Level.METRIC, order, added), (Level.POINT, origin, len(made.origin))):
        if level in dropped:
            dropped[level] = np.concatenate((dropped[level], np.zeros(more, dtype=np.bool_)))[rows]

    def lineage() -> Lineage:
        return taken(frame.lineage, np.concatenate((np.arange(len(frame.points)), made.origin))[origin])

    grown = frame.with_(metrics=metrics, points=points, dropped=dropped, lineage=Lineage.later(lineage))
    return Reshaped(
        grown,
        metrics=np.where(order < before, order, -1),
        points=np.where(origin < len(frame.points), origin, -1),
    )


def types_of(frame: Frame) -> NDArray[np.int8]:
    """Return int8 over the metric rows: the `MetricType` of each, looked at once per distinct value."""
    pool = frame.pools.metrics
    types = per_row(pool, in_use(frame.metrics.value), lambda metric: int(metric.type))
    return types.astype(np.int8)[frame.metrics.value]


def of_types(frame: Frame, *types: MetricType) -> Mask:
    """Return bool over the metric rows: it is of one of these types."""
    return np.isin(types_of(frame), np.array(types, dtype=np.int8))


def points_below(frame: Frame, metrics: Mask) -> Int64s:
    """Return int64: the rows of points that are alive below the marked metrics, which are alive themselves."""
    alive = frame.alive(Level.POINT)
    if metrics.all() and alive is None:
        return np.arange(len(frame.points))
    if not metrics.any():
        return np.zeros(0, dtype=np.int64)
    below = metrics[frame.points.metric]
    return np.flatnonzero(below if alive is None else below & alive)


def values_of(frame: Frame, metrics: Int64s, changed: Callable[[MetricNode], MetricNode]) -> Int32s:
    """Return int32: the pool rows of what `changed` makes of metric rows, once per distinct value."""
    pool, value = frame.pools.metrics, frame.metrics.value[metrics]
    return changed_rows(pool, in_use(value), changed)[value]


def with_values(frame: Frame, metrics: Mask, changed: Callable[[MetricNode], MetricNode]) -> Frame:
    """Return the frame with the marked metric nodes changed."""
    rows = np.flatnonzero(metrics)
    value = frame.metrics.value.copy()
    value[rows] = values_of(frame, rows, changed)
    return frame.with_value(Level.METRIC, value)


def number_points(
    frame: Frame, source: Int64s, metric: NDArray[np.integer], values: NDArray[np.int64 | np.float64]
) -> PointTable:
    """Return new number points.

    They have attributes and times of the points `source`, and neither flags nor exemplars.

    Args:
        frame: where the points are.
        source: int64[p], rows of points.
        metric: the column `metric`.
        values: [p], doubles or integers.
    """
    count = len(source)
    is_int = values.dtype == np.int64
    return PointTable(
        metric=metric.astype(np.int32),
        attributes=frame.points.attributes[source],
        start_time=frame.points.start_time[source],
        time=frame.points.time[source],
        flags=np.zeros(count, dtype=np.uint32),
        kind=np.full(count, PointKind.INT if is_int else PointKind.DOUBLE, dtype=np.uint8),
        bits=values.view(np.int64),
        rest=np.full(count, -1, dtype=np.int32),
    )
