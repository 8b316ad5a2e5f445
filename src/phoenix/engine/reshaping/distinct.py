"""Work done once per pool row in use, given which rows are in use (`engine.in_use`)."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s
from phoenix.engine.pool import Pool


def per_row(pool: Pool[Any], used: NDArray[np.int64], read: Callable[[Any], int]) -> NDArray[np.int64]:
    """Return int64 over the rows of a pool: what `read` says of those in use, 0 for the others."""
    table = np.zeros(len(pool), dtype=np.int64)
    table[used] = [read(pool[row]) for row in used.tolist()]
    return table


def changed_rows(pool: Pool[Any], used: NDArray[np.int64], change: Callable[[Any], Any]) -> Int32s:
    """Return int32 over the rows of a pool: where what `change` makes of those in use stands."""
    table = np.arange(len(pool), dtype=np.int32)
    table[used] = pool.change(used, change)
    return table
