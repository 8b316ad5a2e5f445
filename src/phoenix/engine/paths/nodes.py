"""Columns of what resources, scopes, metrics and the attributes of points say: one reading for each row of a pool.

Rows of a pool never change, so a reading stays with the pool and serves every later statement and frame.
"""

from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Failed, Space
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.expressions.coding import Coder
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level
from phoenix.engine.paths.fields import FIELDS, LEVELS
from phoenix.engine.pool import Pool
from phoenix.engine.scalar.indexing import within_path
from phoenix.engine.values.value import Value, identity
from phoenix.ottl.syntax import Context

_UNREAD: Final = -1


class _Reading:
    # What one path holds in the rows of one pool, as far as anyone asked.

    def __init__(self) -> None:
        self.codes: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.coder = Coder()

    def codes_of(self, size: int, used: NDArray[np.intp], read: Callable[[int], Value | Failed]) -> NDArray[np.int32]:
        if len(self.codes) < size:
            grown = np.full(size, _UNREAD, dtype=np.int32)
            grown[: len(self.codes)] = self.codes
            self.codes = grown
        missing = used[self.codes[used] == _UNREAD]
        if len(missing):
            self.codes[missing] = [self.coder.code(read(row)) for row in missing.tolist()]
        # Rows that no one uses hold nil.
        return np.maximum(self.codes[:size], 0)


_READINGS: WeakKeyDictionary[Pool[Any], dict[Any, _Reading]] = WeakKeyDictionary()


def read_nodes(rows: Rows, context: Context, name: str, keys: tuple[Value, ...] = ()) -> Coded:
    """Return what a field of a node, or the attributes of a point, hold behind keys written out.

    Shapes: a row for each row of the level's pool. Cost: one reading for each row not read before.
    """
    level = LEVELS[context]
    pool = rows.pool(level)
    reading = _READINGS.setdefault(pool, {}).setdefault((name, *map(identity, keys)), _Reading())
    field = (lambda held: held) if level is Level.POINT else FIELDS[context][name].read

    def read(row: int) -> Value | Failed:
        try:
            return within_path(field(pool[row]), keys)
        except OttlRuntimeError as error:
            return Failed(str(error))

    space = Space(level, by_value=True)
    return Coded(space, reading.codes_of(len(pool), rows.used(space), read), reading.coder.values)
