"""Folding the values of number points, as mergeNumberDataPoints does (aggregateutil/aggregate.go of 0.160.0).

The type is that of a group's first point. Doubles that are added to integers count as 0; `count` of a single point is
its value; the mean of integers loses its fraction; a group whose first point has no value stays without one.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.frame import Int32s, PointTable
from phoenix.engine.reshaping.aggregating.grouping import Groups
from phoenix.engine.tree import fixed
from phoenix.telemetry.capture import PointKind

Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]

FUNCTIONS: Final = ("sum", "mean", "min", "max", "median", "count")

_INT64_MIN: Final = np.int64(-(2**63))
# Sort keys of zeros and NaNs, of which there are several.
_UNSURE: Final = np.array([0, _INT64_MIN])
# slices.Sort puts up to so many in order by insertion, which leaves equal ones as they stood.
_INSERTION: Final = 12


def fold_numbers(points: PointTable, groups: Groups, function: str, kept: PointTable, here: Int64s) -> None:
    """Fold the values and start times of number points.

    Args:
        points: the points as they were.
        groups: theirs.
        function: one of FUNCTIONS; any other leaves the first value.
        kept: the first point of each group; gets what the groups become.
        here: int64, the groups that are folded of number points.

    Raises:
        NotColumnarError: a median depends on how Go sorts values that are equal and not the same.
    """
    from phoenix.engine.kernels.reshaping_folding_kernel import (  # noqa: PLC0415 numba is slow to import
        FIRST,
        MAX,
        MIN,
        SUM,
        Folds,
        Values,
        fold,
    )

    kinds, bits = fixed(points.kind), fixed(points.bits)
    values = Values(groups.into, groups.first, kinds, bits, bits.view(np.float64), fixed(points.start_time))
    how = {"sum": SUM, "mean": SUM, "min": MIN, "max": MAX}.get(function, FIRST)
    fold(values, how, Folds(kept.bits, kept.bits.view(np.float64), kept.start_time))
    if function not in ("mean", "count", "median") or not len(here):
        return
    out, kind, sizes = kept.bits[here], kept.kind[here], np.bincount(groups.into[groups.into >= 0])[here]
    if function == "mean":
        _divide(out, kind, sizes)
    elif function == "count":
        _count(out, kind, sizes)
    else:
        rows, number = _rows_of(groups, here)
        _medians(points.kind[rows], points.bits[rows], number, out, sizes)
    kept.bits[here] = out


def _rows_of(groups: Groups, here: Int64s) -> tuple[Int64s, Int32s]:
    # The points of these groups, ascending, and which of them each is in.
    place = np.full(len(groups.first) + 1, -1, dtype=np.int32)
    place[here] = np.arange(len(here), dtype=np.int32)
    number = place[groups.into]
    rows = np.flatnonzero(number >= 0)
    return rows, number[rows]


def _divide(out: Int64s, kind: NDArray[np.uint8], sizes: Int64s) -> None:
    doubles = out.view(np.float64)
    with np.errstate(all="ignore"):
        np.divide(doubles, sizes, out=doubles, where=kind == PointKind.DOUBLE)
    ints = kind == PointKind.INT
    floor, left = np.divmod(out[ints], sizes[ints])
    out[ints] = floor + ((left != 0) & (floor < 0))


def _count(out: Int64s, kind: NDArray[np.uint8], sizes: Int64s) -> None:
    many = sizes > 1
    ints, doubles = many & (kind == PointKind.INT), many & (kind == PointKind.DOUBLE)
    out[ints] = sizes[ints]
    out.view(np.float64)[doubles] = sizes[doubles]


def _medians(kinds: NDArray[np.uint8], bits: Int64s, number: Int32s, out: Int64s, sizes: Int64s) -> None:
    from phoenix.engine.kernels.reshaping_folding_kernel import sort_groups  # noqa: PLC0415 numba is slow to import
    from phoenix.engine.kernels.reshaping_grouping_kernel import members  # noqa: PLC0415 numba is slow to import

    offsets, order = members(number, len(sizes))
    kind = kinds[order[offsets[:-1]]]
    keys = _sort_keys(kinds, bits, kind[number] == PointKind.INT)[order]
    sort_groups(offsets, keys)
    upper = keys[offsets[:-1] + sizes // 2]
    lower = np.where(sizes % 2 == 0, keys[offsets[:-1] + np.maximum(sizes // 2 - 1, 0)], upper)
    many = sizes > 1
    ints, doubles = many & (kind == PointKind.INT), many & (kind == PointKind.DOUBLE)
    even = sizes % 2 == 0
    sums = lower[ints] + upper[ints]
    out[ints] = np.where(even[ints], sums // 2 + ((sums % 2 != 0) & (sums < 0)), upper[ints])
    low, high = _doubles(lower[doubles]), _doubles(upper[doubles])
    with np.errstate(all="ignore"):
        out.view(np.float64)[doubles] = np.where(even[doubles], (low + high) / 2, high)
    unsure = doubles & (np.isin(lower, _UNSURE) | np.isin(upper, _UNSURE))
    for group in np.flatnonzero(unsure).tolist():
        out[group] = _median_of(kinds, bits, order[offsets[group] : offsets[group + 1]])


def _sort_keys(kinds: NDArray[np.uint8], bits: Int64s, as_int: NDArray[np.bool_]) -> Int64s:
    # Integers that sort as Go sorts the values; both zeros are 0, NaN is the smallest.
    number = bits.view(np.float64)
    with np.errstate(all="ignore"):
        fits = (number >= -(2.0**63)) & (number < 2.0**63)
        whole = np.where(fits, number, 0.0).astype(np.int64)
    ints = np.where(kinds == PointKind.INT, bits, np.where(fits, whole, _INT64_MIN))
    double = np.where(kinds == PointKind.INT, bits.astype(np.float64), number)
    double = np.where(kinds == PointKind.NO_VALUE, 0.0, double)
    written = double.view(np.int64)
    keys = np.where(written >= 0, written, _INT64_MIN - np.minimum(written, -1))
    keys = np.where(np.isnan(double), _INT64_MIN, keys)
    return np.where(as_int, np.where(kinds == PointKind.NO_VALUE, 0, ints), keys)


def _doubles(keys: Int64s) -> Float64s:
    return np.where(keys >= 0, keys, _INT64_MIN - np.minimum(keys, -1)).view(np.float64)


def _median_of(kinds: NDArray[np.uint8], bits: Int64s, rows: Int64s) -> int:
    # The values themselves, where a zero's sign or a NaN's bits are asked for.
    kind = kinds[rows]
    number = np.where(kind == PointKind.INT, bits[rows].astype(np.float64), bits[rows].view(np.float64))
    number = np.where(kind == PointKind.NO_VALUE, 0.0, number)
    zeros = number[number == 0]
    nans = np.unique(number[np.isnan(number)].view(np.int64))
    mixed = (np.signbit(zeros).any() and not np.signbit(zeros).all()) or len(nans) > 1
    if mixed and len(number) > _INSERTION:
        raise NotColumnarError("the median of more than 12 points that mix zeros of both signs, or different NaNs")
    ordered = number[np.lexsort((np.where(np.isnan(number), 0.0, number), ~np.isnan(number)))]
    middle = len(ordered) // 2
    with np.errstate(all="ignore"):
        if len(ordered) % 2:
            value = ordered[middle]
        else:
            # Of two NaNs the collector's compiler keeps the first.
            lower, upper = ordered[middle - 1], ordered[middle]
            value = (lower if np.isnan(lower) else lower + upper) / 2
    return int(np.array([value]).view(np.int64)[0])
