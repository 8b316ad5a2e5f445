"""Sums, products and signs of columns. Numbers are computed as arrays, everything else once per distinct pair."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Failed, Meaning, Numbers
from phoenix.engine.expressions.calling import as_coded, call
from phoenix.engine.expressions.numbers import Pair, as_numbers
from phoenix.engine.expressions.rows import Rows, is_uniform, uniform
from phoenix.engine.frame import Mask
from phoenix.engine.scalar.arithmetic import compute, negate
from phoenix.ottl.syntax import MathOp

_OPERATORS: Final[dict[MathOp, Callable[[Any, Any], Any]]] = {
    MathOp.ADD: np.add,
    MathOp.SUBTRACT: np.subtract,
    MathOp.MULTIPLY: np.multiply,
    MathOp.DIVIDE: np.divide,
}
_DIVIDED: Final = Failed("attempted to divide by 0")
_STRANGE: Final = Failed("operands of arithmetic must be int64, float64, time.Time or time.Duration")


def computed(rows: Rows, left: Column, right: Column, op: MathOp) -> Column:
    """Return `left op right` where the columns meet (pkg/ottl/math.go of 0.160)."""
    operands = (left, right)
    numbers = [column for column in operands if isinstance(column, Numbers)]
    if not numbers or any(column.meaning is not Meaning.NUMBER for column in numbers):
        coded = [as_coded(rows, column) for column in operands]
        return call(rows, lambda one, other: compute(one, other, op), coded)
    lefts, rights = as_numbers(left), as_numbers(right)
    pair = Pair.of(rows, lefts, rights)
    is_int, bits, divided = _computed_numbers(pair, op)
    if divided is None and pair.strange is None:
        return Numbers(pair.space, is_int, bits)
    # A number goes with nothing but a number: whatever else an operand is, the sum has failed.
    other = np.full(len(bits), -1, dtype=np.int32)
    if divided is not None:
        other[divided] = 0
    if pair.strange is not None:
        other[pair.strange] = 1
    return Numbers(pair.space, is_int, bits, other, (_DIVIDED, _first_failure((*lefts.others, *rights.others))))


def negated_number(rows: Rows, column: Column) -> Column:
    """Return `-column`."""
    if isinstance(column, Coded) or column.meaning is not Meaning.NUMBER:
        return call(rows, negate, (as_coded(rows, column),))
    minus = (-np.ascontiguousarray(column.bits).view(np.float64)).view(np.int64)
    if is_uniform(column.is_int):
        bits = -column.bits if column.is_int[0] else minus
    else:
        bits = np.where(column.is_int, -column.bits, minus)
    others = [value if isinstance(value, Failed) else _STRANGE for value in column.others]
    return Numbers(column.space, column.is_int, bits, column.other, others)


def _computed_numbers(pair: Pair, op: MathOp) -> tuple[Mask, NDArray[np.int64], Mask | None]:
    # The type of each result, its bits, and where it was divided by zero.
    ints = pair.ints
    whole = broken = np.zeros(0, dtype=np.int64)
    with np.errstate(all="ignore"):
        if ints is not False:
            whole = _quotients(pair) if op is MathOp.DIVIDE else _OPERATORS[op](pair.left, pair.right)
        if ints is not True:
            broken = np.ascontiguousarray(_OPERATORS[op](*pair.floats())).view(np.int64)
    divided = None
    if op is MathOp.DIVIDE:
        by_zero = pair.right == 0 if pair.rights is True else pair.floats()[1] == 0
        divided = by_zero if by_zero.any() else None
    if isinstance(ints, bool):
        return uniform(len(pair.left), is_int=ints), whole if ints else broken, divided
    return ints, np.where(ints, whole, broken), divided


def _quotients(pair: Pair) -> NDArray[np.int64]:
    # Go truncates towards zero, and the least integer divided by -1 is itself.
    by = np.where(pair.right == 0, 1, pair.right)
    floors: NDArray[np.int64] = np.floor_divide(pair.left, by)
    inexact = floors * by != pair.left
    truncated = floors + (inexact & ((pair.left < 0) != (by < 0)))
    return np.where(by == -1, -pair.left, truncated)


def _first_failure(others: Sequence[Any]) -> Failed:
    return next((value for value in others if isinstance(value, Failed)), _STRANGE)
