"""Conditions over columns: and, or, not, each stopping where the collector stops, for errors too."""

from collections.abc import Callable, Sequence
from functools import reduce

import numpy as np

from phoenix.engine.columns import CONSTANT, Space, Truth
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Mask

Join = Callable[[Rows, Truth, Truth], Truth]


def always(*, true: bool) -> Truth:
    """Return a condition that holds everywhere, or nowhere."""
    return Truth(CONSTANT, np.array([true]))


def negated(truth: Truth) -> Truth:
    """Return `not truth`; what failed has failed."""
    true = ~truth.true if truth.failed is None else ~truth.true & ~truth.failed
    return Truth(truth.space, true, truth.failed, truth.why)


def both(rows: Rows, left: Truth, right: Truth) -> Truth:
    """Return `left and right`; the right is not asked where the left is false or failed."""
    left, right = _met(rows, left, right)
    failed = _either(left.failed, None if right.failed is None else left.true & right.failed)
    return Truth(left.space, left.true & right.true, failed, left.why or right.why)


def either(rows: Rows, left: Truth, right: Truth) -> Truth:
    """Return `left or right`; the right is not asked where the left is true or failed."""
    left, right = _met(rows, left, right)
    asked = ~left.true if left.failed is None else ~left.true & ~left.failed
    failed = _either(left.failed, None if right.failed is None else asked & right.failed)
    return Truth(left.space, left.true | (asked & right.true), failed, left.why or right.why)


def joined(rows: Rows, join: Join, operands: Sequence[Truth]) -> Truth:
    """Return the operands joined from the left; in any order where none can fail, those of one space first."""

    def folded(left: Truth, right: Truth) -> Truth:
        return join(rows, left, right)

    if any(operand.failed is not None for operand in operands):
        return reduce(folded, operands)
    by_space: dict[Space, list[Truth]] = {}
    for operand in operands:
        by_space.setdefault(operand.space, []).append(operand)
    return reduce(folded, [reduce(folded, alike) for alike in by_space.values()])


def forgiven(truth: Truth) -> Truth:
    """Return a condition with its failures taken as false."""
    return Truth(truth.space, truth.true)


def _met(rows: Rows, left: Truth, right: Truth) -> tuple[Truth, Truth]:
    space = rows.join(left.space, right.space)
    return rows.moved_truth(left, space), rows.moved_truth(right, space)


def _either(left: Mask | None, right: Mask | None) -> Mask | None:
    if left is None or right is None:
        return right if left is None else left
    return left | right
