"""Which points of the capture new points come from: lineage carried through functions that move or fold points."""

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s, Lineage

Int64s = NDArray[np.int64]


def taken(lineage: Lineage | None, rows: Int64s) -> Lineage:
    """Return the lineage of points that are made of one point each: int64[N] rows of the frame before."""
    return Lineage(one=rows) if lineage is None else Lineage.later(lambda: _taken(lineage, rows))


def _taken(lineage: Lineage, rows: Int64s) -> Lineage:
    if lineage.one is not None:
        return Lineage(one=lineage.one[rows])
    offsets, origins = _many(lineage)
    sizes = np.diff(offsets)[rows]
    ends = np.cumsum(sizes)
    return Lineage(
        offsets=np.concatenate(([0], ends)),
        rows=origins[np.repeat(offsets[rows] - (ends - sizes), sizes) + np.arange(int(ends[-1]) if len(ends) else 0)],
    )


def folded(lineage: Lineage | None, into: Int32s, count: int) -> Lineage:
    """Return the lineage of points that others were folded into.

    Args:
        lineage: of the frame before.
        into: int32[points before], the new point that each went into, -1 for none.
        count: new points.
    """
    return Lineage.later(lambda: _folded(lineage, into, count))


def _folded(lineage: Lineage | None, into: Int32s, count: int) -> Lineage:
    from phoenix.engine.kernels.reshaping_grouping_kernel import members  # noqa: PLC0415 numba is slow to import

    order = members(into, count)
    if len(order.rows) == count and (np.diff(order.offsets) == 1).all():
        return taken(lineage, order.rows)
    if lineage is None:
        return Lineage(offsets=order.offsets, rows=order.rows)
    one_each = taken(lineage, order.rows)
    if one_each.one is not None:
        known = one_each.one >= 0
        before = np.concatenate(([0], np.cumsum(known)))
        return Lineage(offsets=before[order.offsets], rows=one_each.one[known])
    offsets, origins = _many(one_each)
    return Lineage(offsets=offsets[order.offsets], rows=origins)


def _many(lineage: Lineage) -> tuple[Int64s, Int64s]:
    if lineage.offsets is None or lineage.rows is None:
        raise ValueError("a lineage has one row a point or many")
    return lineage.offsets, lineage.rows
