"""Runs the operations of a transform over the metrics it acts on (transformMetric of 0.160)."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.processors.attraction.patterns import Pattern
from phoenix.engine.processors.metric_transforms import labels
from phoenix.engine.processors.metric_transforms.matching import marks, matching_points
from phoenix.engine.processors.metric_transforms.scaling import scaled, toggled
from phoenix.engine.processors.metric_transforms.settings import Operation, Transform
from phoenix.engine.reshaping.aggregating.functions import aggregate
from phoenix.engine.reshaping.growth import of_types, points_below, with_values
from phoenix.engine.values.nodes import MetricNode, MetricType
from phoenix.engine.values.value import Map

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Work:
    """What a transform acts on, as masks over the metric rows.

    Attributes:
        metrics: bool, these.
        whole: bool, those of them that change as a whole: every point matches, or the metric is a new one.
    """

    metrics: Mask
    whole: Mask


def transformed(frame: Frame, work: Work, transform: Transform) -> Frame:
    """Return the frame with metrics renamed and operated on; those that lost all their points are gone."""
    had = _counts(frame) > 0
    frame = _renamed(frame, work.whole, transform)
    stopped = np.zeros(len(work.metrics), dtype=np.bool_)
    for operation in transform.operations:
        if operation.action in ("aggregate_labels", "aggregate_label_values"):
            # A summary cannot be aggregated: an error that ends the operations on it and keeps it in any state.
            stopped = stopped | (work.whole & of_types(frame, MetricType.SUMMARY))
        acting = Work(work.metrics & ~stopped, work.whole & ~stopped)
        frame = _operated(frame, acting, transform, operation)
    gone = work.metrics & had & ~stopped & (_counts(frame) == 0)
    return frame.dropping(Level.METRIC, gone) if gone.any() else frame


def _operated(frame: Frame, work: Work, transform: Transform, operation: Operation) -> Frame:
    match operation.action:
        case "add_label":
            rows = points_below(frame, work.whole)
            return _with_labels(frame, rows, lambda held: labels.added(held, operation))
        case "update_label":
            rows = _matching_below(frame, work, transform)
            return _with_labels(frame, rows, lambda held: labels.updated(held, operation))
        case "delete_label_value":
            return _without_points(frame, work.whole, operation)
        case "toggle_scalar_data_type":
            return toggled(frame, _matching_below(frame, work, transform))
        case "experimental_scale_value":
            return scaled(frame, _matching_below(frame, work, transform), operation.scale)
        case "aggregate_labels":
            return _aggregated(frame, work.whole, operation, lambda held: labels.kept(held, operation))
        case _:
            return _aggregated(frame, work.whole, operation, lambda held: labels.replaced(held, operation))


def _counts(frame: Frame) -> Int64s:
    alive = frame.alive(Level.POINT)
    metric = frame.points.metric
    return np.bincount(metric if alive is None else metric[alive], minlength=len(frame.metrics))


def _renamed(frame: Frame, metrics: Mask, transform: Transform) -> Frame:
    if not transform.new_name or not metrics.any():
        return frame
    include, new_name = transform.filter.include, transform.new_name

    def renamed(metric: MetricNode) -> MetricNode:
        name = include.filled(metric.name, new_name) if isinstance(include, Pattern) else ""
        return replace(metric, name=name or new_name)

    return with_values(frame, metrics, renamed)


def _matching_below(frame: Frame, work: Work, transform: Transform) -> Int64s:
    rows = points_below(frame, work.metrics)
    matching = matching_points(frame, transform.filter)
    return rows if matching is None else rows[matching[rows]]


def _with_labels(frame: Frame, rows: Int64s, change: Callable[[Map], Map]) -> Frame:
    if not len(rows):
        return frame
    attributes = frame.points.attributes.copy()
    attributes[rows] = frame.pools.attributes.change(attributes[rows], change)
    return frame.with_value(Level.POINT, attributes)


def _without_points(frame: Frame, metrics: Mask, operation: Operation) -> Frame:
    rows = points_below(frame, metrics)
    found = marks(
        frame.pools.attributes, frame.points.attributes[rows], lambda held: labels.is_deleted(held, operation)
    )
    if not found.any():
        return frame
    gone = np.zeros(len(frame.points), dtype=np.bool_)
    gone[rows[found]] = True
    return frame.dropping(Level.POINT, gone)


def _aggregated(frame: Frame, metrics: Mask, operation: Operation, change: Callable[[Map], Map]) -> Frame:
    return aggregate(frame, metrics, operation.aggregation, change).frame
