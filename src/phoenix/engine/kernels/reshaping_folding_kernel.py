"""Kernels that fold the values of number points, in the order the collector does.

Integers wrap and doubles follow Go's rules for NaN, infinities and zeros, without relying on either: this is plain
Python under NUMBA_DISABLE_JIT=1, where numpy warns of both.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel

Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]

SUM, MIN, MAX, FIRST = 0, 1, 2, 3

_INT, _DOUBLE = 1, 2
_HALF = 0xFFFFFFFF
_INT64_MIN = np.int64(-(2**63))
_TWO_63 = 2.0**63
_QUIET = np.int64(1 << 51)
# What 1 + -1 of infinities is on amd64, and what math.NaN() is.
_INDEFINITE = np.int64(-(1 << 51))
_GO_NAN = np.int64(0x7FF8000000000001)


class Values(NamedTuple):
    """The values of points and the groups they are in.

    Attributes:
        into: int32[N], the group of each point, -1 for none.
        first: int64[groups], the first point of each group.
        kind: uint8[N], `PointKind`.
        bits: int64[N].
        doubles: float64[N], the same memory.
        start: uint64[N].
    """

    into: NDArray[np.int32]
    first: Int64s
    kind: NDArray[np.uint8]
    bits: Int64s
    doubles: Float64s
    start: NDArray[np.uint64]


class Folds(NamedTuple):
    """What becomes of the groups; holds what their first points say.

    Attributes:
        bits: int64[groups].
        doubles: float64[groups], the same memory.
        start: uint64[groups], becomes the earliest.
    """

    bits: Int64s
    doubles: Float64s
    start: NDArray[np.uint64]


@inner
def _wrapped(left: np.int64, right: np.int64) -> np.int64:
    low = (left & _HALF) + (right & _HALF)
    high = ((left >> 32) + (right >> 32) + (low >> 32)) & _HALF
    signed = high - (high >> 31) * (_HALF + 1)
    return np.int64((signed << 32) | (low & _HALF))


@inner
def _as_double(values: Values, row: np.int64) -> np.float64:
    if values.kind[row] == _DOUBLE:
        return np.float64(values.doubles[row])
    return np.float64(values.bits[row]) if values.kind[row] == _INT else np.float64(0)


@inner
def _as_int(values: Values, row: np.int64) -> np.int64:
    # int64(double) on amd64: what does not fit is the smallest integer.
    if values.kind[row] == _INT:
        return np.int64(values.bits[row])
    value = values.doubles[row] if values.kind[row] == _DOUBLE else 0.0
    return np.int64(value) if -_TWO_63 <= value < _TWO_63 else _INT64_MIN


@inner
def _add_double(values: Values, row: np.int64, at: np.int64, out: Int64s, doubles: Float64s) -> None:
    left, right = float(doubles[at]), float(_as_double(values, row))
    if right != right:  # noqa: PLR0124 only NaN is unlike itself
        # Of two NaNs the collector's compiler keeps the one that is added.
        out[at] = values.bits[row] | _QUIET
    elif left != left:  # noqa: PLR0124
        out[at] |= _QUIET
    elif left in (np.inf, -np.inf) and left == -right:
        out[at] = _INDEFINITE
    else:
        doubles[at] = left + right


@inner
def _pick_double(values: Values, row: np.int64, at: np.int64, sign: float, doubles: Float64s) -> bool:
    # math.Max, and math.Min with the sign turned: infinity before NaN, NaN before all else, zeros by their sign.
    # Returns whether the result is Go's NaN.
    left, right = float(doubles[at]) * sign, float(_as_double(values, row)) * sign
    if np.inf in (left, right):
        doubles[at] = np.inf * sign
        return False
    if left != left or right != right:  # noqa: PLR0124
        return True
    if right > left or (left == 0 and right == 0 and np.signbit(left)):
        doubles[at] = right * sign
    return False


@inner
def _fold(values: Values, row: np.int64, at: np.int64, how: np.int64, out: Folds) -> None:
    kind = values.kind[values.first[at]]
    if kind == _DOUBLE:
        if how == SUM:
            _add_double(values, row, at, out.bits, out.doubles)
        elif _pick_double(values, row, at, 1.0 if how == MAX else -1.0, out.doubles):
            out.bits[at] = _GO_NAN
    elif kind == _INT:
        if how == SUM:
            # A double that is added to integers counts as 0 (IntValue).
            out.bits[at] = _wrapped(out.bits[at], values.bits[row] if values.kind[row] == _INT else np.int64(0))
        else:
            other = _as_int(values, row)
            out.bits[at] = max(out.bits[at], other) if how == MAX else min(out.bits[at], other)


@kernel
def fold(values: Values, how: int, out: Folds) -> None:
    """Fold number points into `out`: the earliest start, and the value as SUM, MIN or MAX say; FIRST leaves it.

    Groups whose first point has no value, or is a histogram, stay as they are.
    """
    for row in range(len(values.into)):
        group = np.int64(values.into[row])
        if group < 0 or values.first[group] == row:
            continue
        if values.kind[values.first[group]] in (_INT, _DOUBLE):
            out.start[group] = min(out.start[group], values.start[row])
            if how != FIRST:
                _fold(values, np.int64(row), group, np.int64(how), out)


@kernel
def sort_groups(offsets: Int64s, keys: Int64s) -> None:
    """Sort `keys[offsets[i]:offsets[i + 1]]` of every i in place."""
    for group in range(len(offsets) - 1):
        keys[offsets[group] : offsets[group + 1]].sort()
