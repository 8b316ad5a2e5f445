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
from phoenix.engine.frame import Frame, Int32s
from phoenix.engine.functions.golang.json import json_number, write_json
from phoenix.engine.reshaping.distinct import in_use, per_row
from phoenix.engine.values.nodes import MetricType
from phoenix.engine.values.rest_codec import look
from phoenix.engine.values.rests import ExponentialRest, HistogramRest, PointRest
from phoenix.engine.values.value import Map
from phoenix.telemetry.capture import PointKind

Int64s = NDArray[np.int64]

_DELTA: Final = 1
_TEMPORAL: Final = (MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)
_NO_KEY: Final = -1
# By MetricType.
_HAS_START: Final = np.array([kind in _TEMPORAL for kind in MetricType])


@dataclass(frozen=True, slots=True)
class Groups:
    """Points and what they are folded into.

    Attributes:
        rows: int64[n], the rows of the points, ascending.
        number: int32[n], the group of each, numbered in the order first seen.
        first: int64[groups], the first point of each group as an index into `rows`.
    """

    rows: Int64s
    number: Int32s
    first: Int64s


def group_points(frame: Frame, rows: Int64s, attributes: Int32s, types: NDArray[np.int8]) -> Groups:
    """Return the groups of points that are all of gauges and sums, or all of histograms.

    Args:
        frame: where the points are.
        rows: int64[n], rows of points, ascending.
        attributes: int32 over the pool of attributes: the rows that stand for those in use.
        types: int8 over the metric rows, `MetricType`.
    """
    from phoenix.engine.kernels.reshaping_grouping_kernel import Points, grouped  # noqa: PLC0415 numba is slow to import

    points = frame.points
    which, codes = points.attributes, _attribute_codes(frame, rows, attributes)
    if len(rows) and points.kind[rows[0]] >= PointKind.HISTOGRAM:
        codes = _with_layout(frame, rows, codes[which[rows]])
        which = np.zeros(len(points), dtype=np.int32)
        which[rows] = np.arange(len(rows), dtype=np.int32)
    number, first = grouped(
        Points(
            rows,
            points.metric,
            which,
            codes,
            points.time.view(np.int64),
            points.start_time.view(np.int64),
            _by_start(frame, types),
        )
    )
    return Groups(rows, number, first)


def _attribute_codes(frame: Frame, rows: Int64s, attributes: Int32s) -> Int64s:
    # int64 over the pool: what counts of the attributes of points.
    pool = frame.pools.attributes
    used = in_use(frame.points.attributes[rows], len(attributes))
    known: dict[Hashable, int] = {}

    def code(held: Map) -> int:
        key = _json_key(held)
        return _NO_KEY if key is None else known.setdefault(key, len(known))

    by_value = per_row(pool, in_use(attributes[used], len(pool)), code)
    return by_value[attributes]


def _json_key(held: Map) -> str | None:
    try:
        return write_json(held)
    except OttlRuntimeError:
        return None


def _by_start(frame: Frame, types: NDArray[np.int8]) -> NDArray[np.bool_]:
    # bool over the metric rows: the start time counts.
    pool = frame.pools.metrics
    temporality = per_row(pool, in_use(frame.metrics.value, len(pool)), lambda metric: metric.temporality)
    counts: NDArray[np.bool_] = (temporality == _DELTA)[frame.metrics.value] & _HAS_START[types]
    return counts


def _with_layout(frame: Frame, rows: Int64s, code: Int64s) -> Int64s:
    # int64[n]: the code of each of the rows with what points of histograms must have in common beside attributes.
    points = frame.points
    known: dict[Hashable, int] = {}
    which, layouts = look(frame.pools.rests, points.kind[rows], points.rest[rows], _layout)
    numbers = np.array(
        [_NO_KEY if layout is None else known.setdefault(layout, len(known)) for layout in layouts], dtype=np.int64
    )[which]
    # Attributes, layout and flags are below 2**32 each: two of them, then the third, fit an int64.
    both = np.unique(code << 31 | np.maximum(numbers, 0), return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.where((code == _NO_KEY) | (numbers == _NO_KEY), _NO_KEY, both << 32 | points.flags[rows])


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
