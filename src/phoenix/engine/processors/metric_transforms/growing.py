"""insert and combine: new metrics at the end of their scope, made of points that match."""

from dataclasses import dataclass, fields, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from phoenix.collector.errors import EvaluationFailedError
from phoenix.engine.frame import Frame, Int32s, Level, Mask, PointTable
from phoenix.engine.functions.golang.letters import to_lower, to_upper
from phoenix.engine.processors.attraction.patterns import Pattern
from phoenix.engine.processors.metric_transforms.matching import Matches, marks
from phoenix.engine.processors.metric_transforms.settings import Transform
from phoenix.engine.reshaping.aggregating.functions import aggregate
from phoenix.engine.reshaping.growth import NewMetrics, append, of_types, points_below, values_of
from phoenix.engine.series import value_numbers
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType
from phoenix.engine.values.value import Map

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Grown:
    """A frame with new metrics.

    Attributes:
        frame: the frame.
        before: int64 over its metric rows: the row each was, -1 for new ones; None when there are no new ones.
    """

    frame: Frame
    before: Int64s | None


def inserted(frame: Frame, matches: Matches) -> Grown:
    """Return the frame with a copy of every metric that matches, of the points that do."""
    source = np.flatnonzero(matches.any)
    rows = _matching_rows(frame, matches)
    place = np.zeros(len(frame.metrics), dtype=np.int32)
    place[source] = np.arange(len(source), dtype=np.int32)
    return _grown(
        frame, NewMetrics(source, extracted_values(frame, source, matches), _points(frame, rows, place), rows)
    )


def extracted_values(frame: Frame, metrics: Int64s, matches: Matches) -> Int32s:
    """Return int32: the pool row of each metric once it holds the points that match.

    Metrics of which only some do are made anew, and have no metadata then (extractMetricWithMatchingAttrs).
    """
    value = frame.metrics.value[metrics].copy()
    part = ~matches.all[metrics]
    value[part] = values_of(frame, metrics[part], _details)
    return value


def combined(frame: Frame, matches: Matches, transform: Transform) -> Grown:
    """Return the frame with one metric in place of all that match in a scope, where they can be put together.

    Raises:
        EvaluationFailedError: a collector would crash.
    """
    matched = matches.any & ~_uncombinable(frame, matches)[frame.metrics.parent]
    source = np.flatnonzero(matched)
    if not len(source):
        return Grown(frame, None)
    chosen = replace(matches, any=matched)
    rows = _matching_rows(frame, chosen)
    scope = frame.metrics.parent[source]
    begins = np.append(True, scope[1:] != scope[:-1])
    place = np.zeros(len(frame.metrics), dtype=np.int32)
    place[source] = np.cumsum(begins) - 1
    points = replace(_points(frame, rows, place), attributes=_with_submatches(frame, rows, chosen, transform))
    first = source[begins]
    value = values_of(frame, first, lambda metric: replace(_details(metric), name=transform.new_name))
    grown = _grown(frame.dropping(Level.METRIC, matched), NewMetrics(first, value, points, rows))
    if grown.before is None:
        return grown
    folded = aggregate(grown.frame, grown.before < 0, transform.aggregation, None)
    return replace(grown, frame=folded.frame)


def _grown(frame: Frame, made: NewMetrics) -> Grown:
    done = append(frame, made)
    return Grown(done.frame, done.metrics)


def _details(metric: MetricNode) -> MetricNode:
    return replace(metric, metadata=NO_ATTRIBUTES, others=b"")


def _matching_rows(frame: Frame, matches: Matches) -> Int64s:
    rows = points_below(frame, matches.any)
    return rows if matches.points is None else rows[matches.points[rows]]


def _points(frame: Frame, rows: Int64s, place: Int32s) -> PointTable:
    columns = {field.name: getattr(frame.points, field.name)[rows] for field in fields(PointTable)}
    return PointTable(**{**columns, "metric": place[columns["metric"]]})


def _uncombinable(frame: Frame, matches: Matches) -> Mask:
    # bool over the scopes: what matches there differs in type, unit, labels or temporality, or is a summary.
    source = np.flatnonzero(matches.any)
    scope = frame.metrics.parent[source]
    begins = np.append(True, scope[1:] != scope[:-1])[: len(source)]
    first = np.flatnonzero(begins)[np.cumsum(begins) - 1]
    kind = value_numbers(frame.pools.metrics, frame.metrics.value[source], _kind)
    wrong = (kind != kind[first]) | of_types(frame, MetricType.SUMMARY)[source]
    rows = points_below(frame, matches.any)
    metric, attributes = frame.points.metric[rows], frame.points.attributes[rows]
    for key in _keys(frame, attributes):
        having = metric[marks(frame.pools.attributes, attributes, partial(_has, key))]
        has = np.bincount(having, minlength=len(frame.metrics))[source] > 0
        wrong |= has != has[first]
    bad = np.zeros(len(frame.scopes), dtype=np.bool_)
    bad[scope[wrong]] = True
    return bad


def _has(key: str, held: Map) -> bool:
    return key in held


def _kind(metric: MetricNode) -> tuple[MetricType, str, int, bool]:
    return metric.type, metric.unit, metric.temporality, metric.monotonic


def _keys(frame: Frame, attributes: Int32s) -> set[str]:
    pool = frame.pools.attributes
    used = np.zeros(len(pool), dtype=np.bool_)
    used[attributes] = True
    return {key for row in np.flatnonzero(used).tolist() for key, _ in pool[row]}


def _with_submatches(frame: Frame, rows: Int64s, matches: Matches, transform: Transform) -> Int32s:
    # int32[rows]: attributes with what the groups of the pattern found in the metric's name.
    include, attributes = transform.filter.include, frame.points.attributes[rows]
    if not isinstance(include, Pattern) or len(include.group_names) < 2:
        return attributes
    keys = [name or f"${number}" for number, name in enumerate(include.group_names)][1:]
    value = frame.metrics.value[frame.points.metric[rows]]
    changed = attributes.copy()
    for row in np.unique(frame.metrics.value[matches.any]).tolist():
        mine = value == row
        groups = include.groups(frame.pools.metrics[row].name) or []
        if None in groups and mine.any():
            _crash(frame, int(frame.points.metric[rows[mine][0]]))
        found = [(key, _cased(group, transform)) for key, group in zip(keys, groups[1:], strict=False) if group]

        def with_groups(held: Map, found: list[tuple[str, str]] = found) -> Map:
            for key, text in found:
                held = held.put(key, text)
            return held

        changed[mine] = frame.pools.attributes.change(attributes[mine], with_groups)
    return changed


def _cased(text: str, transform: Transform) -> str:
    return {"lower": to_lower, "upper": to_upper}.get(transform.submatch_case, str)(text)


def _crash(frame: Frame, metric: int) -> None:
    # The collector takes a part of the name from -1 to -1.
    request = int(frame.resources.parent[frame.scopes.parent[frame.metrics.parent[metric]]])
    raise EvaluationFailedError(
        f"metrics_transform would crash at request {request}: a group takes no part in a name that is combined",
        request=request,
    )
