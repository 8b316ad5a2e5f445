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
from phoenix.engine.reshaping.growth import types_of
from phoenix.engine.values.nodes import MetricType
from phoenix.engine.values.rest_codec import look
from phoenix.engine.values.rests import ExponentialRest, HistogramRest, PointRest
from phoenix.engine.values.value import Map

Int64s = NDArray[np.int64]

_DELTA: Final = 1
_NO_KEY: Final = -1
_HAS_START: Final = (MetricType.SUM, MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)
_HISTOGRAMS: Final = (MetricType.HISTOGRAM, MetricType.EXPONENTIAL_HISTOGRAM)


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


def group_points(frame: Frame, rows: Int64s, attributes: Int32s) -> Groups:
    """Return the groups of points, which are of gauges, sums and histograms of both kinds.

    Args:
        frame: where the points are.
        rows: int64[n], rows of points, ascending.
        attributes: int32[n], the pool rows that stand for their attributes.
    """
    from phoenix.engine.kernels.reshaping_grouping_kernel import Points, grouped  # noqa: PLC0415 numba is slow to import

    points = frame.points
    metric = points.metric[rows]
    code = _attribute_codes(frame, attributes)
    types = types_of(frame)
    if np.isin(types, _HISTOGRAMS).any():
        code = _with_layout(frame, rows, code, np.isin(types, _HISTOGRAMS)[metric])
    time = points.time[rows].view(np.int64)
    start = np.where(_by_start(frame, types)[metric], points.start_time[rows].view(np.int64), 0)
    if len(code) and code.min() == _NO_KEY:
        time, start = np.where(code == _NO_KEY, 0, time), np.where(code == _NO_KEY, 0, start)
    number, first = grouped(Points(metric, code, time, start))
    return Groups(rows, number, first)


def _attribute_codes(frame: Frame, attributes: Int32s) -> Int64s:
    pool = frame.pools.attributes
    used = np.zeros(len(pool), dtype=np.bool_)
    used[attributes] = True
    table = np.zeros(len(pool), dtype=np.int64)
    known: dict[Hashable, int] = {}
    for row in np.flatnonzero(used).tolist():
        key = _json_key(pool[row])
        table[row] = _NO_KEY if key is None else known.setdefault(key, len(known))
    return table[attributes]


def _json_key(held: Map) -> str | None:
    try:
        return write_json(held)
    except OttlRuntimeError:
        return None


def _by_start(frame: Frame, types: NDArray[np.int8]) -> NDArray[np.bool_]:
    # bool over the metric rows: the start time counts.
    pool = frame.pools.metrics
    rows = np.flatnonzero(np.isin(types, _HAS_START))
    values, which = np.unique(frame.metrics.value[rows], return_inverse=True)
    counts = np.zeros(len(types), dtype=np.bool_)
    counts[rows] = np.array([pool[row].temporality == _DELTA for row in values.tolist()], dtype=np.bool_)[which]
    return counts


def _with_layout(frame: Frame, rows: Int64s, code: Int64s, histograms: NDArray[np.bool_]) -> Int64s:
    # The code with what points of histograms must have in common, which the code of a number has nothing of.
    points = frame.points
    known: dict[Hashable, int] = {}
    chosen = rows[histograms]
    which, layouts = look(frame.pools.rests, points.kind[chosen], points.rest[chosen], _layout)
    numbers = np.array(
        [_NO_KEY if layout is None else known.setdefault(layout, len(known)) for layout in layouts], dtype=np.int64
    )[which]
    mine = code[histograms]
    # Attributes, layout and flags are below 2**31 each: two of them, then the third, fit an int64.
    both = _dense(mine << 31 | np.maximum(numbers, 0))
    keys = both << 32 | points.flags[chosen].astype(np.int64)
    made = code.copy()
    made[histograms] = np.where((mine == _NO_KEY) | (numbers == _NO_KEY), _NO_KEY, keys)
    return made


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


def _dense(keys: Int64s) -> Int64s:
    return np.unique(keys, return_inverse=True)[1].reshape(-1).astype(np.int64)
