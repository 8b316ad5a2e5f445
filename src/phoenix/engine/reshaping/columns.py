"""Arguments that the collector asks for at run time: what each row gets, and where there is none."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from phoenix.engine.columns import Coded, Failed
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.frame import Int32s, Mask
from phoenix.engine.values.value import Value

T = TypeVar("T")


def choose(
    argument: Value | Coded, rows: Mask, getter: Callable[[Value], T]
) -> tuple[Int32s, list[T | Failed], Mask | None, str]:
    """Return what an argument is on the marked rows.

    Args:
        argument: one value for all rows, or a column over them.
        rows: bool[n], where the statement acts.
        getter: asks a value for its type, as OTTL's typed getters do.

    Returns:
        int32[marked rows] into the list; what there is; bool[n] where it fails, None for nowhere; and why it does.
    """
    if isinstance(argument, Coded):
        # A column of one row stands for all of them.
        codes = argument.codes[rows] if argument.space.level is not None else np.repeat(argument.codes, rows.sum())
        values = list(argument.values)
    else:
        codes, values = np.zeros(int(rows.sum()), dtype=np.int32), [argument]
    used = np.zeros(len(values), dtype=np.bool_)
    used[codes] = True
    found = [_asked(value, getter) if used[row] else Failed("") for row, value in enumerate(values)]
    bad = np.array([isinstance(value, Failed) for value in found], dtype=np.bool_)[codes]
    if not bad.any():
        return codes, found, None, ""
    failed = np.zeros(len(rows), dtype=np.bool_)
    failed[np.flatnonzero(rows)[bad]] = True
    first = found[codes[int(np.argmax(bad))]]
    return codes, found, failed, first.why if isinstance(first, Failed) else ""


def _asked(value: Value | Failed, getter: Callable[[Value], T]) -> T | Failed:
    if isinstance(value, Failed):
        return value
    try:
        return getter(value)
    except OttlRuntimeError as error:
        return Failed(str(error))
