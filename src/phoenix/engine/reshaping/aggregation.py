"""aggregate_on_attributes and aggregate_on_attribute_value: points of one metric that become alike are folded.

func_aggregate_on_attributes_metrics.go and func_agregate_on_attribute_value_metrics.go of the transform processor,
0.160.0. The collector's order of the folded points is random, ours is that of the first of each. What a metric says
beside name, unit, description and type is gone. A summary fails in the one and loses all its points in the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Mask, PointTable
from phoenix.engine.reshaping.folding import FUNCTIONS, fold_numbers
from phoenix.engine.reshaping.grouping import Groups, group_points
from phoenix.engine.reshaping.growth import of_types, points_below, with_values
from phoenix.engine.reshaping.histograms.merging import counts_nothing, merge
from phoenix.engine.reshaping.origins import folded
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType
from phoenix.engine.values.rest_codec import add_rest, rest_at
from phoenix.engine.values.value import Map
from phoenix.telemetry.capture import PointKind

Int64s = NDArray[np.int64]
Project = Callable[[Frame, Int32s], Int32s]


def _refusal(arguments: Mapping[str, Any]) -> str | None:
    function = arguments["aggregation_function"]
    if function in FUNCTIONS:
        return None
    return f"invalid aggregation function: unsupported function: '{function}', valid options: {', '.join(FUNCTIONS)}"


def aggregate_on_attributes(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Fold points that are alike in the attributes kept; all attributes count when none are named."""
    kept = arguments.get("attributes")
    names = kept if isinstance(kept, tuple) else None

    def project(frame: Frame, attributes: Int32s) -> Int32s:
        pool = frame.pools.attributes
        if names is None:
            return attributes
        if not names:
            return np.full(len(attributes), pool.add(NO_ATTRIBUTES), dtype=np.int32)
        wanted = frozenset(names)
        return _changed(frame, attributes, lambda held: _only(held, wanted))

    summaries = rows & of_types(frame, MetricType.SUMMARY)
    done = aggregate(frame, rows & ~summaries, str(arguments["aggregation_function"]), project)
    if not summaries.any():
        return done
    return replace(done, failed=summaries, why="aggregate_on_attributes does not support aggregating Summary metrics")


def aggregate_on_attribute_value(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Give an attribute one value in place of several, then fold points that are alike in all attributes."""
    attribute, new = str(arguments["attribute"]), str(arguments["new_value"])
    listed = arguments["values"]
    values = frozenset(listed if isinstance(listed, tuple) else ())

    def rename(held: Map) -> Map:
        if attribute not in held:
            return held
        value = held.get(attribute)
        # Value.Str of what is no text is the empty text.
        said = value if isinstance(value, str) else ""
        return held.put(attribute, new) if said in values else held

    def project(frame: Frame, attributes: Int32s) -> Int32s:
        return _changed(frame, attributes, rename)

    return aggregate(frame, rows, str(arguments["aggregation_function"]), project)


def _only(held: Map, wanted: frozenset[Any]) -> Map:
    pairs = tuple(pair for pair in held if pair[0] in wanted)
    return held if len(pairs) == len(held) else Map(pairs)


def _changed(frame: Frame, attributes: Int32s, change: Callable[[Map], Map]) -> Int32s:
    # Like Pool.change, without sorting the rows.
    pool = frame.pools.attributes
    used = np.zeros(len(pool), dtype=np.bool_)
    used[attributes] = True
    table = np.zeros(len(pool), dtype=np.int32)
    distinct = np.flatnonzero(used)
    table[distinct] = pool.change(distinct, change)
    return table[attributes]


def aggregate(frame: Frame, metrics: Mask, function: str, project: Project) -> Reshaped:
    """Fold points that are alike once their attributes are projected; metrics_transform does so too.

    Args:
        frame: the frame before.
        metrics: bool over the metric rows: where.
        function: one of FUNCTIONS; any other leaves the first value.
        project: pool rows of attributes to those that stand for them.
    """
    groupable = metrics & ~of_types(frame, MetricType.SUMMARY)
    rows = points_below(frame, groupable)
    attributes = project(frame, frame.points.attributes[rows])
    groups = group_points(frame, rows, attributes)
    # The first point of each group takes the group's place; the others are gone, as are those that were dropped.
    keep = ~metrics[frame.points.metric]
    keep[rows[groups.first]] = True
    kept = np.flatnonzero(keep)
    place = np.full(len(keep), -1, dtype=np.int32)
    place[kept] = np.arange(len(kept), dtype=np.int32)
    here = place[rows[groups.first]]
    points = frame.points.take(kept, frame.points.metric[kept])
    points.attributes[here] = attributes[groups.first]
    points.bits[here], points.start_time[here] = fold_numbers(frame.points, groups, function)
    _merge_histograms(frame, groups, points, here)
    place[rows] = here[groups.number]
    smaller = with_values(frame, metrics, _details).with_(
        points=points,
        dropped=_kept_marks(frame, kept),
        lineage=folded(frame.lineage, place, len(kept)),
    )
    return Reshaped(smaller, points=kept)


def _details(metric: MetricNode) -> MetricNode:
    # CopyMetricDetails.
    return replace(metric, metadata=NO_ATTRIBUTES, others=b"")


def _kept_marks(frame: Frame, kept: Int64s) -> dict[Level, Mask]:
    gone = frame.dropped.get(Level.POINT)
    return {**frame.dropped} if gone is None else {**frame.dropped, Level.POINT: gone[kept]}


def _merge_histograms(frame: Frame, groups: Groups, points: PointTable, here: Int32s) -> None:
    # Fills the start times and rests of the points at `here`, which stand for the groups.
    kinds = frame.points.kind[groups.rows]
    many = np.bincount(groups.number, minlength=len(groups.first)) > 1
    asked = many & (kinds[groups.first] >= PointKind.HISTOGRAM)
    if not asked.any():
        return
    rows = np.flatnonzero(asked[groups.number])
    rows = rows[np.argsort(groups.number[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(groups.number[rows], prepend=-1))
    pool, rest = frame.pools.rests, frame.points.rest
    for run in np.split(rows, starts[1:]):
        at = here[groups.number[run[0]]]
        members = groups.rows[run]
        rests = [rest_at(pool, int(kinds[run[0]]), row) for row in rest[members].tolist()]
        points.rest[at] = add_rest(pool, merge(rests))
        counted = [True, *(not counts_nothing(held) for held in rests[1:])]
        points.start_time[at] = frame.points.start_time[members][counted].min()


AGGREGATE_ON_ATTRIBUTES: Final = Reshaper(Level.METRIC, aggregate_on_attributes, _refusal)
AGGREGATE_ON_ATTRIBUTE_VALUE: Final = Reshaper(Level.METRIC, aggregate_on_attribute_value, _refusal)
