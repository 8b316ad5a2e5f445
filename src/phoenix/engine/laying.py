"""Tables of points as the kernels that lay out new ones take them."""

from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np

from phoenix.engine.frame import PointTable
from phoenix.engine.tree import fixed

if TYPE_CHECKING:
    from phoenix.engine.kernels.points_kernel import Points


def as_given(points: PointTable, *, written: bool = False) -> "Points":
    """Return the columns, shared; those that a kernel writes to are the caller's own."""
    from phoenix.engine.kernels.points_kernel import Points  # noqa: PLC0415 numba is slow to import

    columns = [getattr(points, column.name) for column in fields(PointTable)]
    return Points(*(columns if written else map(fixed, columns)))


def empty_points(count: int) -> PointTable:
    """Return a table of so many points that say nothing yet."""
    return PointTable(
        metric=np.empty(count, dtype=np.int32),
        attributes=np.empty(count, dtype=np.int32),
        start_time=np.empty(count, dtype=np.uint64),
        time=np.empty(count, dtype=np.uint64),
        flags=np.empty(count, dtype=np.uint32),
        kind=np.empty(count, dtype=np.uint8),
        bits=np.empty(count, dtype=np.int64),
        rest=np.empty(count, dtype=np.int32),
    )
