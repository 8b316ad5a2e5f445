"""Comparisons of two columns. Numbers are compared as arrays, everything else once per distinct pair."""

import numpy as np

from phoenix.engine.columns import CONSTANT, Coded, Column, Numbers, Truth
from phoenix.engine.expressions.calling import as_coded, call, truth_of
from phoenix.engine.expressions.numbers import Pair, as_numbers, meaning_of
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Mask
from phoenix.engine.functions.comparison.rules import compare
from phoenix.ottl.syntax import CompareOp


def compared(rows: Rows, left: Column, right: Column, op: CompareOp) -> Truth:
    """Return the comparison of two columns where they meet (pkg/ottl/compare.go of 0.160)."""
    if isinstance(left, Coded) and isinstance(right, Coded):
        return truth_of(rows, call(rows, lambda one, other: compare(one, other, op), (left, right)))
    meaning = meaning_of((left, right))
    pair = Pair.of(rows, as_numbers(left, meaning), as_numbers(right, meaning))
    true = _compared_numbers(pair, op)
    if pair.strange is None:
        return Truth(pair.space, true)
    strange = _compared_others(rows, left, right, op)
    failed = None if strange.failed is None else strange.failed & pair.strange
    return Truth(pair.space, np.where(pair.strange, strange.true, true), failed, strange.why)


def _compared_numbers(pair: Pair, op: CompareOp) -> Mask:
    # Operators of Python work on arrays, element by element.
    operator = op.between
    ints = pair.ints
    if ints is True:
        true: Mask = operator(pair.left, pair.right)
        return true
    true = operator(*pair.floats())
    return true if ints is False else np.where(ints, operator(pair.left, pair.right), true)


def _compared_others(rows: Rows, left: Column, right: Column, op: CompareOp) -> Truth:
    # Where one is no number, a number is only a type: all integers are one value, and so are all doubles.
    space = rows.join(left.space, right.space)
    columns = [rows.moved(_without_numbers(rows, column), space) for column in (left, right)]
    return truth_of(rows, call(rows, lambda one, other: compare(one, other, op), [as_coded(rows, c) for c in columns]))


def _without_numbers(rows: Rows, column: Column) -> Coded:
    if isinstance(column, Coded):
        return column
    codes = np.ones(rows.size(column.space), dtype=np.int32)
    if column.other is not None:
        codes = np.where(column.other >= 0, column.other + 2, codes).astype(np.int32)
    bits = np.zeros(1, dtype=np.int64)
    stand_in = as_coded(rows, Numbers(CONSTANT, np.array([True]), bits, meaning=column.meaning)).values[1]
    return Coded(column.space, codes, (None, stand_in, *column.others))
