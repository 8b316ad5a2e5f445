"""The rows of a frame in every space that a column can have, and how a column goes from one to another.

A column that reads only what resources say has a row for each row of their pool; it meets a column of another level at
the rows of the deeper one.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import CONSTANT, Coded, Column, Numbers, Space, Truth
from phoenix.engine.expressions.remembering import remembered
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.pool import Pool
from phoenix.engine.tree import looked_up

_USED: Final = "expressions.used"


class Rows:
    """The rows of one frame.

    Args:
        frame: whose.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    def pool(self, level: Level) -> Pool[Any]:
        """Return the pool that the values of a level are rows of."""
        pools = self.frame.pools
        return (pools.resources, pools.scopes, pools.metrics, pools.attributes)[level]

    def size(self, space: Space) -> int:
        """Return how many rows a column of this space has."""
        if space.level is None:
            return 1
        return len(self.pool(space.level)) if space.by_value else self.frame.size(space.level)

    def used(self, space: Space) -> NDArray[np.intp]:
        """Return the rows that matter: those alive, or the pool's rows that a row alive has. Ascending."""
        if space.level is None:
            return np.zeros(1, dtype=np.intp)
        memory = self.frame.memory.setdefault(_USED, {})
        if space not in memory:
            memory[space] = self._find_used(space.level, by_value=space.by_value)
        found: NDArray[np.intp] = memory[space]
        return found

    def alive_where(self, space: Space, true: Mask, level: Level) -> NDArray[np.intp]:
        """Return the rows of a level that are alive and where a mask of a space says so. Ascending."""
        found = self.spread(true, space, Space(level))
        alive = self.frame.alive(level)
        return np.flatnonzero(found if alive is None else found & alive)

    def join(self, *spaces: Space) -> Space:
        """Return the space where columns of these spaces meet."""
        levels = {space.level for space in spaces if space.level is not None}
        if not levels:
            return CONSTANT
        met = {space for space in spaces if space.level is not None}
        return met.pop() if len(met) == 1 else Space(max(levels))

    def spread(self, values: NDArray[Any], source: Space, target: Space) -> NDArray[Any]:
        """Return what each row of `target` finds in a column of `source`; `target` is where it joins with others."""
        if source == target:
            return values
        if source.level is None:
            return np.broadcast_to(values, (self.size(target),))
        assert target.level is not None  # noqa: S101 nothing but a constant spreads to a constant
        if source.by_value:
            values = looked_up(values, self.frame.value(source.level))
        return self.frame.spread(values, source.level, target.level)

    def moved(self, column: Column, target: Space) -> Column:
        """Return a column in another space."""
        if column.space == target:
            return column
        if isinstance(column, Coded):
            return Coded(target, self.spread(column.codes, column.space, target), column.values)
        other = None if column.other is None else self.spread(column.other, column.space, target)
        return Numbers(
            target,
            self._spread_type(column, target),
            self.spread(column.bits, column.space, target),
            other,
            column.others,
            column.meaning,
        )

    def moved_truth(self, truth: Truth, target: Space) -> Truth:
        """Return a condition in another space."""
        failed = None if truth.failed is None else self.spread(truth.failed, truth.space, target)
        return Truth(target, self.spread(truth.true, truth.space, target), failed, truth.why)

    def grounded(self, space: Space) -> Space:
        """Return the space of the level's own rows, which changes of values leave alone."""
        return Space(space.level)

    def _spread_type(self, column: Numbers, target: Space) -> Mask:
        if is_uniform(column.is_int):
            return np.broadcast_to(column.is_int[:1], (self.size(target),))
        spread: Mask = self.spread(column.is_int, column.space, target)
        return spread

    def _find_used(self, level: Level, *, by_value: bool) -> NDArray[np.intp]:
        alive = self.frame.alive(level)
        if not by_value:
            return np.arange(self.frame.size(level)) if alive is None else np.flatnonzero(alive)
        values = self.frame.value(level)
        return (
            remembered("distinct", (values,), lambda: _distinct(values)) if alive is None else _distinct(values[alive])
        )


def _distinct(values: NDArray[np.int32]) -> NDArray[np.intp]:
    seen = np.zeros(int(values.max()) + 1 if len(values) else 0, dtype=np.bool_)
    seen[values] = True
    return np.flatnonzero(seen)


def is_uniform(is_int: Mask) -> bool:
    """Return whether a column of numbers is known to hold one type only, without looking at its rows."""
    return len(is_int) > 0 and is_int.strides == (0,)


def uniform(size: int, *, is_int: bool) -> Mask:
    """Return the type of a column that holds one type only; takes no room."""
    return np.broadcast_to(np.array([is_int]), (size,))
