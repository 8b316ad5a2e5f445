"""Which points of a metric aggregate_on_* folds into one (groupNumberDataPoints and its kind).

internal/coreinternal/aggregateutil/aggregate.go of 0.160.0 compares JSON: attributes in any order, the time, for deltas
the start time, and of histograms what they must share to be added. So 1 and 1.0 are one value, and a text and the bytes
it is the base64 of. What JSON cannot say (NaN and infinities, in attributes or bounds) makes the whole key empty: all
such points of a metric are folded into one, whatever their times.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.frame import Frame, Int32s, Level, Mask
from phoenix.engine.functions.golang.json import json_number, write_json
from phoenix.engine.in_use import attributes_in_use, in_use
from phoenix.engine.reshaping.distinct import per_row
from phoenix.engine.tree import NO_MASK, fixed
from phoenix.engine.values.nodes import MetricType
from phoenix.engine.values.rest_codec import look
from phoenix.engine.values.rests import ExponentialRest, HistogramRest, PointRest
from phoenix.engine.values.value import Map

Int64s = NDArray[np.int64]

_DELTA: Final = 1
_TEMPORAL: Final = (MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)
_NO_KEY: Final = -1
# By MetricType.
_HAS_START: Final = np.array([kind in _TEMPORAL for kind in MetricType])


@dataclass(frozen=True, slots=True)
class Groups:
    """What the points of a frame are folded into; a point that stays as it is is a group of its own.

    Attributes:
        into: int32[N], the group of each point, numbered in the order first seen; -1 for those that go.
        first: int64[groups], the first point of each group.
    """

    into: Int32s
    first: Int64s


def group_points(frame: Frame, work: NDArray[np.uint8], attributes: Int32s, types: NDArray[np.int8]) -> Groups:
    """Return the groups of all points.

    Args:
        frame: where the points are.
        work: uint8 over the metric rows: KEPT, FOLDED or EMPTIED (`kernels.reshaping_grouping_kernel`).
        attributes: int32 over the pool of attributes: the rows that stand for those in use.
        types: int8 over the metric rows, `MetricType`.
    """
    from phoenix.engine.kernels.reshaping_grouping_kernel import FOLDED, Points, grouped  # noqa: PLC0415 numba is slow to import

    points = frame.points
    found = grouped(
        Points(
            fixed(points.metric),
            work,
            fixed(frame.dropped.get(Level.POINT, NO_MASK)),
            fixed(points.attributes),
            _attribute_codes(frame, work == FOLDED, attributes),
            _layouts(frame, work, types),
            fixed(points.time.view(np.int64)),
            fixed(points.start_time.view(np.int64)),
            _by_start(frame, types),
        )
    )
    return Groups(*found)


def _attribute_codes(frame: Frame, metrics: Mask, attributes: Int32s) -> Int64s:
    # int64 over the pool: what counts of the attributes of points.
    pool = frame.pools.attributes
    used = attributes_in_use(frame, metrics)
    known: dict[Hashable, int] = {}

    def code(held: Map) -> int:
        key = _json_key(held)
        return _NO_KEY if key is None else known.setdefault(key, len(known))

    by_value = per_row(pool, in_use(attributes[used]), code)
    return by_value[attributes]


def _json_key(held: Map) -> str | None:
    try:
        return write_json(held)
    except OttlRuntimeError:
        return None


def _by_start(frame: Frame, types: NDArray[np.int8]) -> NDArray[np.bool_]:
    # bool over the metric rows: the start time counts.
    pool = frame.pools.metrics
    is_delta = per_row(pool, in_use(frame.metrics.value), lambda metric: metric.temporality) == _DELTA
    counts: NDArray[np.bool_] = is_delta[frame.metrics.value] & _HAS_START[types]
    return counts


def _layouts(frame: Frame, work: NDArray[np.uint8], types: NDArray[np.int8]) -> Int64s:
    # int64 over the points: what points of histograms must have in common beside attributes; nothing without any.
    from phoenix.engine.kernels.reshaping_grouping_kernel import FOLDED  # noqa: PLC0415 numba is slow to import

    structured = (work == FOLDED) & (types >= MetricType.HISTOGRAM)
    if not structured.any():
        return np.zeros(0, dtype=np.int64)
    points = frame.points
    rows = np.flatnonzero(structured[points.metric])
    known: dict[Hashable, int] = {}
    which, layouts = look(frame.pools.rests, points.kind[rows], points.rest[rows], _layout)
    numbers = np.array(
        [_NO_KEY if layout is None else known.setdefault(layout, len(known)) for layout in layouts], dtype=np.int64
    )[which]
    found = np.zeros(len(points), dtype=np.int64)
    # Layouts and flags are below 2**31 and 2**32.
    found[rows] = np.where(numbers == _NO_KEY, _NO_KEY, numbers << 32 | points.flags[rows])
    return found


def _layout(rest: PointRest) -> Hashable | None:
    match rest:
        case HistogramRest():
            try:
                bounds = tuple(map(json_number, rest.explicit_bounds))
            except OttlRuntimeError:
                return None
            return bounds, rest.min is None, rest.max is None
        case ExponentialRest():
            return rest.scale, rest.min is None, rest.max is None
        case _:
            raise TypeError(f"{rest!r} is no histogram")
