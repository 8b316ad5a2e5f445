"""The cache of a context, empty at the start of each row: a variable of the statements of one list.

A cache that rows share is no column; `engine.statements.sequential` has it.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Meaning, Numbers, Space, Truth
from phoenix.engine.expressions.calling import as_coded, call, constant, truth_of
from phoenix.engine.expressions.logic import always
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level
from phoenix.engine.paths.merging import Where, merged
from phoenix.engine.scalar.assignment import assign_map, assign_within
from phoenix.engine.scalar.indexing import within_path
from phoenix.engine.values.value import Map, Value


class Cache:
    """What the cache of every row holds while a list of statements runs.

    Args:
        by_key: every statement names one key, written out; then each key is a column of its own, and numbers stay
            arrays. Otherwise the cache is a column of maps.
    """

    def __init__(self, *, by_key: bool) -> None:
        self.by_key = by_key
        self._slots: dict[Value, Column] = {}
        self._map: Coded = constant(Map())

    def read(self, rows: Rows, keys: Sequence[Coded]) -> Column:
        """Return what the cache holds behind keys."""
        if self.by_key:
            return self._slots.get(_written(keys), constant(None))
        return call(rows, lambda held, *found: within_path(held, found), [self._map, *keys], lazy=True)

    def renumber(self, level: Level, origins: NDArray[np.int64]) -> None:
        """Follow rows of a level that have moved.

        Args:
            level: whose.
            origins: int64[n], for each row now which one it was; -1 for a new one, whose cache no one looks at.
        """
        moved = {key: _taken(column, level, origins) for key, column in self._slots.items()}
        self._slots, held = moved, _taken(self._map, level, origins)
        assert isinstance(held, Coded)  # noqa: S101 a column of maps stays one
        self._map = held

    def settle(self, rows: Rows, level: Level, row: int) -> None:
        """Keep what one row of a level has left, for whatever row comes next; not for a cache by key."""
        held = as_coded(rows, rows.moved(self._map, Space(level)))
        self._map = constant(held.values[held.codes[row]])

    def write(self, rows: Rows, keys: Sequence[Coded], value: Column, where: Where) -> Truth:
        """Set what the cache holds behind keys, where the mask says so.

        Returns:
            where that failed, by the mask's rows or deeper; what failed counts only where the mask says so.
        """
        if isinstance(value, Numbers) and value.meaning is Meaning.NUMBER and self.by_key:
            key = _written(keys)
            self._slots[key] = merged(rows, self._slots.get(key, constant(None)), value, where)
            return always(true=True)
        operands = [*keys, as_coded(rows, value)]
        held = as_coded(rows, self._slots.get(_written(keys), constant(None))) if self.by_key else self._map
        assign = _assigned_slot if self.by_key else _assigned
        made = call(rows, lambda *values: assign(*values)[0], [held, *operands])
        failed = truth_of(rows, call(rows, lambda *values: assign(*values)[1] is not None, [held, *operands]))
        after = merged(rows, held, made, where)
        if self.by_key:
            self._slots[_written(keys)] = after
        else:
            self._map = as_coded(rows, after)
        return Truth(failed.space, ~failed.true, failed.true, "unsupported type for set operation")


def _taken(column: Column, level: Level, origins: NDArray[np.int64]) -> Column:
    if column.space.level is not level:
        return column
    if isinstance(column, Coded):
        return Coded(column.space, column.codes[origins], column.values)
    other = None if column.other is None else column.other[origins]
    return replace(column, is_int=column.is_int[origins], bits=column.bits[origins], other=other)


def _written(keys: Sequence[Coded]) -> Value:
    held = keys[0].values[keys[0].codes[0]]
    assert isinstance(held, str)  # noqa: S101 a cache is by key only when every key is text
    return held


def _assigned_slot(held: Value, key: Value, value: Value) -> tuple[Value, str | None]:
    made, why = assign_within(Map(((str(key), held),)), [key], value)
    return made.get(str(key)), why


def _assigned(held: Value, *keys_and_value: Value) -> tuple[Value, str | None]:
    assert isinstance(held, Map)  # noqa: S101 a cache is a map
    *keys, value = keys_and_value
    return assign_within(held, keys, value) if keys else assign_map(held, value)
