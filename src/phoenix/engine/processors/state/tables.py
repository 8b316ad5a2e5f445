"""Small numbers worked out once per distinct value of a pool."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s
from phoenix.engine.pool import Pool


def per_value(pool: Pool[Any], rows: Int32s, number: Callable[[Any], int]) -> NDArray[np.uint8]:
    """Return uint8 for each of these rows of a pool: what `number` makes of the value, 0 to 255."""
    used = np.zeros(len(pool), dtype=np.bool_)
    used[rows] = True
    table = np.zeros(len(pool), dtype=np.uint8)
    for row in np.flatnonzero(used).tolist():
        table[row] = number(pool[row])
    found: NDArray[np.uint8] = table[rows]
    return found
