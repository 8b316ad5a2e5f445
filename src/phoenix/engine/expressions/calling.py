"""Calling a function over single values for every row: once per distinct tuple of what its operands hold."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from phoenix.engine.columns import CONSTANT, Coded, Column, Failed, Numbers, Truth
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.expressions.coding import Coder, coded, distinct
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.values.value import Value


def constant(value: Value | Failed) -> Coded:
    """Return the column of one value."""
    return Coded(CONSTANT, np.ones(1, dtype=np.int32), (None, value))


def as_coded(rows: Rows, column: Column) -> Coded:
    """Return a column as one of values."""
    return column if isinstance(column, Coded) else coded(rows, column)


def call(rows: Rows, function: Callable[..., Value], operands: Sequence[Coded], *, lazy: bool = False) -> Coded:
    """Return what `function` makes of the operands' values, where they meet.

    A tuple with a failed operand has that failure, unless the function is lazy: then it is called with `Failed`
    operands too. One for which it raises OttlRuntimeError has failed.
    Cost: a pass or two over the rows that are used, and one call for each distinct tuple.
    """
    space = rows.join(*(operand.space for operand in operands))
    coder = Coder()
    if space.level is None:
        return constant(_called(function, [operand.values[operand.codes[0]] for operand in operands], lazy=lazy))
    used = rows.used(space)
    varying = [operand for operand in operands if operand.space.level is not None]
    tuples, which = distinct(
        [rows.spread(operand.codes, operand.space, space)[used] for operand in varying],
        [len(operand.values) for operand in varying],
    )
    columns = iter(tuples)
    arguments = [
        [operand.values[code] for code in next(columns).tolist()]
        if operand.space.level is not None
        else [operand.values[operand.codes[0]]] * len(tuples[0])
        for operand in operands
    ]
    made = np.array(
        [coder.code(_called(function, held, lazy=lazy)) for held in zip(*arguments, strict=True)], dtype=np.int32
    )
    codes = np.zeros(rows.size(space), dtype=np.int32)
    if len(made):
        codes[used] = made[which]
    return Coded(space, codes, coder.values)


def truth_of(rows: Rows, column: Coded) -> Truth:
    """Return a column of booleans as a condition; anything else is a failure."""
    true = np.array([value is True for value in column.values])[column.codes]
    failed = np.array([not isinstance(value, bool) for value in column.values])[column.codes]
    used = rows.used(column.space)
    if not failed[used].any():
        return Truth(column.space, true)
    value = column.values[column.codes[used[np.argmax(failed[used])]]]
    why = (
        value.why if isinstance(value, Failed) else "value returned from Converter in constant expression must be bool"
    )
    return Truth(column.space, true, failed, why)


def failures(rows: Rows, column: Column) -> Truth:
    """Return where a column has failed, as the failures of a condition that holds elsewhere."""
    values, codes = (column.others, column.other) if isinstance(column, Numbers) else (column.values, column.codes)
    table = np.array([isinstance(value, Failed) for value in values], dtype=np.bool_)
    if codes is None or not table.any():
        return Truth(column.space, np.broadcast_to(np.True_, (rows.size(column.space),)))
    failed = table[codes] if isinstance(column, Coded) else (codes >= 0) & table[codes]
    why = next(value.why for value in values if isinstance(value, Failed))
    return Truth(column.space, ~failed, failed, why)


def _called(function: Callable[..., Value], held: Sequence[Any], *, lazy: bool) -> Value | Failed:
    failed = None if lazy else next((value for value in held if isinstance(value, Failed)), None)
    if failed is not None:
        return failed
    try:
        return function(*held)
    except OttlRuntimeError as error:
        return Failed(str(error))
