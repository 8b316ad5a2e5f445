"""Distinct values: numbering them, and finding the distinct tuples of several columns. No Python per row."""

from collections.abc import Hashable, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Failed, Meaning, Numbers
from phoenix.engine.expressions.rows import Rows, is_uniform
from phoenix.engine.values.value import Duration, Time, Value, identity

# A table of all possible tuples is quicker than hashing while it is not much larger than the rows.
_DENSE_ROWS: Final = 4
_DENSE_LEAST: Final = 1 << 16
_DENSE_MOST: Final = 1 << 26
_KEYS: Final = 1 << 62


class Coder:
    """Numbers for distinct values; 0 is nil."""

    def __init__(self) -> None:
        self.values: list[Value | Failed] = [None]
        self._known: dict[Hashable, int] = {identity(None): 0}

    def code(self, value: Value | Failed) -> int:
        """Return the number of a value, a new one for one not seen before."""
        key = ("failed", value.why) if isinstance(value, Failed) else identity(value)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self.values)
            self.values.append(value)
        return found


def distinct(
    columns: Sequence[NDArray[np.integer]], sizes: Sequence[int]
) -> tuple[list[NDArray[np.int64]], NDArray[np.int32]]:
    """Return the distinct tuples of codes, a column each, and which of them each row has.

    Args:
        columns: at least one, of equal length; codes from 0.
        sizes: above every code of each column.
    """
    key = columns[0].astype(np.int64)
    packed: list[list[NDArray[np.int64]]] = []
    size = max(sizes[0], 1)
    pending = [size]
    for column, column_size in zip(columns[1:], sizes[1:], strict=True):
        if size > _KEYS // max(column_size, 1):
            # The key is full: what stands in it is numbered first.
            found, key = _unique(key, size)
            packed.append(_unpacked(found, pending))
            size = max(len(found), 1)
            pending = [size]
        key = key * column_size + column
        size *= max(column_size, 1)
        pending.append(max(column_size, 1))
    found, which = _unique(key, size)
    tuples = _unpacked(found, pending)
    for before in reversed(packed):
        tuples = [part[tuples[0]] for part in before] + tuples[1:]
    return tuples, which.astype(np.int32, copy=False)


def coded(rows: Rows, numbers: Numbers) -> Coded:
    """Return a column of numbers as one of values, each distinct one made once."""
    used = rows.used(numbers.space)
    coder = Coder()
    codes = np.zeros(rows.size(numbers.space), dtype=np.int32)
    other = None if numbers.other is None else numbers.other[used]
    if other is not None:
        table = np.array([0, *(coder.code(value) for value in numbers.others)], dtype=np.int32)
        codes[used] = table[other + 1]
        used = used[other < 0]
    bits = numbers.bits[used]
    for is_int in (True, False):
        if is_uniform(numbers.is_int):
            if bool(numbers.is_int[0]) is not is_int:
                continue
            where, held = used, bits
        else:
            same = numbers.is_int[used] == is_int
            where, held = used[same], bits[same]
        found, which = _unique(held, None)
        made = np.array([coder.code(value) for value in _values(found, numbers.meaning, is_int=is_int)], dtype=np.int32)
        if len(made):
            codes[where] = made[which]
    return Coded(numbers.space, codes, coder.values)


def _values(bits: NDArray[np.int64], meaning: Meaning, *, is_int: bool) -> list[Value]:
    if not is_int:
        return list(bits.view(np.float64).tolist())
    if meaning is Meaning.TIME:
        return [Time(ns) for ns in bits.tolist()]
    if meaning is Meaning.DURATION:
        return [Duration(ns) for ns in bits.tolist()]
    return list(bits.tolist())


def _unique(key: NDArray[np.int64], size: int | None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if size is not None and size <= min(max(_DENSE_ROWS * len(key), _DENSE_LEAST), _DENSE_MOST):
        seen = np.zeros(size, dtype=np.bool_)
        seen[key] = True
        found = np.flatnonzero(seen)
        rank = np.zeros(size, dtype=np.int64)
        rank[found] = np.arange(len(found))
        return found, rank[key]
    encoded = pa.array(key, type=pa.int64()).dictionary_encode()
    return (
        encoded.dictionary.to_numpy(zero_copy_only=False).astype(np.int64),
        encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64),
    )


def _unpacked(keys: NDArray[np.int64], sizes: Sequence[int]) -> list[NDArray[np.int64]]:
    parts = []
    for size in reversed(sizes[1:]):
        keys, part = np.divmod(keys, size)
        parts.append(part)
    return [keys, *reversed(parts)]
