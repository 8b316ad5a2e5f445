"""aggregate_on_attributes and aggregate_on_attribute_value: points of one metric that become alike are folded.

func_aggregate_on_attributes_metrics.go and func_agregate_on_attribute_value_metrics.go of the transform processor,
0.160.0. The collector's order of the folded points is random, ours is that of the first of each. What a metric says
beside name, unit, description and type is gone. A summary fails in the one and loses all its points in the other.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, Mask, PointTable
from phoenix.engine.in_use import attributes_in_use
from phoenix.engine.reshaping.aggregating.grouping import Groups, group_points
from phoenix.engine.reshaping.aggregating.histograms import counts_nothing, merge
from phoenix.engine.reshaping.aggregating.numbers import fold_numbers
from phoenix.engine.reshaping.distinct import changed_rows
from phoenix.engine.reshaping.growth import of_types, types_of, with_values
from phoenix.engine.reshaping.origins import folded
from phoenix.engine.reshaping.reshaped import Arguments, Reshaped, Reshaper
from phoenix.engine.tree import looked_up
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode, MetricType
from phoenix.engine.values.rest_codec import add_rest, rest_at
from phoenix.engine.values.value import Map

Int64s = NDArray[np.int64]
Change = Callable[[Map], Map]

# By MetricType.
_NUMBERS: Final = np.array([kind in (MetricType.GAUGE, MetricType.SUM) for kind in MetricType])
_HISTOGRAMS: Final = np.array([kind in (MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM) for kind in MetricType])


def aggregate_on_attributes(frame: Frame, rows: Mask, arguments: Arguments) -> Reshaped:
    """Fold points that are alike in the attributes kept; all attributes count when none are named."""
    kept = arguments.get("attributes")
    names = kept if isinstance(kept, tuple) else None

    wanted = frozenset(names or ())

    def only(held: Map) -> Map:
        pairs = tuple(pair for pair in held if pair[0] in wanted)
        return held if len(pairs) == len(held) else Map(pairs)

    summaries = rows & of_types(frame, MetricType.SUMMARY)
    done = aggregate(frame, rows & ~summaries, str(arguments["aggregation_function"]), None if names is None else only)
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

    return aggregate(frame, rows, str(arguments["aggregation_function"]), rename)


def aggregate(frame: Frame, metrics: Mask, function: str, change: Change | None) -> Reshaped:
    """Fold points that are alike once their attributes are changed; metrics_transform does so too.

    Args:
        frame: the frame before.
        metrics: bool over the metric rows: where.
        function: one of FUNCTIONS; any other leaves the first value.
        change: of the attributes; None leaves them as they are.
    """
    from phoenix.engine.kernels.reshaping_grouping_kernel import FOLDED  # noqa: PLC0415 numba is slow to import

    types = types_of(frame)
    work = _work(frame, metrics, types)
    attributes = np.arange(len(frame.pools.attributes), dtype=np.int32)
    if change is not None:
        attributes = changed_rows(frame.pools.attributes, attributes_in_use(frame, work == FOLDED), change)
    groups = group_points(frame, work, attributes, types)
    kept = groups.first
    points = frame.points.take(kept, frame.points.metric[kept])
    folds = looked_up(work, points.metric) == FOLDED
    if change is not None:
        points.attributes[folds] = attributes[points.attributes[folds]]
    is_number = _NUMBERS[types]
    fold_numbers(frame.points, groups, function, points, np.flatnonzero(folds & is_number[points.metric]))
    if (work[~is_number] == FOLDED).any():
        _merge_histograms(frame, groups, points, folds & ~is_number[points.metric])
    smaller = with_values(frame, metrics, _details).with_(
        points=points,
        dropped=_kept_marks(frame, kept),
        lineage=folded(frame.lineage, groups.into, len(kept)),
    )
    return Reshaped(smaller, points=kept)


def _work(frame: Frame, metrics: Mask, types: NDArray[np.int8]) -> NDArray[np.uint8]:
    from phoenix.engine.kernels.reshaping_grouping_kernel import (  # noqa: PLC0415 numba is slow to import
        EMPTIED,
        FOLDED,
        KEPT,
    )

    # uint8 over the metric rows. Points of summaries go, as do those of metrics that were dropped.
    fit = _NUMBERS[types] | _HISTOGRAMS[types]
    alive = frame.alive(Level.METRIC)
    if alive is not None:
        fit &= alive
    return np.where(metrics, np.where(fit, FOLDED, EMPTIED), KEPT).astype(np.uint8)


def _details(metric: MetricNode) -> MetricNode:
    # CopyMetricDetails.
    return replace(metric, metadata=NO_ATTRIBUTES, others=b"")


def _kept_marks(frame: Frame, kept: Int64s) -> dict[Level, Mask]:
    gone = frame.dropped.get(Level.POINT)
    return {**frame.dropped} if gone is None else {**frame.dropped, Level.POINT: gone[kept]}


def _merge_histograms(frame: Frame, groups: Groups, points: PointTable, here: Mask) -> None:
    # Fills the start times and rests of the points that stand for the groups `here`.
    from phoenix.engine.kernels.reshaping_grouping_kernel import members  # noqa: PLC0415 numba is slow to import

    pool, rest, kind = frame.pools.rests, frame.points.rest, frame.points.kind
    offsets, order = members(groups.into, len(groups.first))
    for group in np.flatnonzero(here & (np.diff(offsets) > 1)).tolist():
        rows = order[offsets[group] : offsets[group + 1]]
        rests = [rest_at(pool, int(kind[rows[0]]), row) for row in rest[rows].tolist()]
        points.rest[group] = add_rest(pool, merge(rests))
        counted = [True, *(not counts_nothing(held) for held in rests[1:])]
        points.start_time[group] = frame.points.start_time[rows][counted].min()


AGGREGATE_ON_ATTRIBUTES: Final = Reshaper(Level.METRIC, aggregate_on_attributes)
AGGREGATE_ON_ATTRIBUTE_VALUE: Final = Reshaper(Level.METRIC, aggregate_on_attribute_value)
