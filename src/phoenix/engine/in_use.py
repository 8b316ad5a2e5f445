"""Which rows of a pool stand in a column: what is worked out once per distinct value is worked out for these."""

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.expressions.remembering import remembered
from phoenix.engine.frame import Frame, Int32s, Mask
from phoenix.engine.tree import fixed, looked_up

# From here on a kernel is worth its import.
_MANY = 50_000
# So many distinct values are looked at without asking which points have them.
_FEW = 4096


def in_use(rows: Int32s) -> NDArray[np.intp]:
    """Return the rows of a pool that stand in a column, ascending; found once for as long as the column lives."""
    return remembered("distinct", (rows,), lambda: _distinct(rows))


def attributes_in_use(frame: Frame, metrics: Mask | None) -> NDArray[np.intp]:
    """Return the rows of the pool of attributes that points below the marked metrics have, and perhaps a few others.

    None: below any.
    """
    used = in_use(frame.points.attributes)
    if metrics is None or len(used) <= _FEW:
        return used
    return in_use(frame.points.attributes[looked_up(metrics, frame.points.metric)])


def _distinct(rows: Int32s) -> NDArray[np.intp]:
    # A mark for each row of the pool costs a tenth of sorting the rows, which may be millions.
    seen = np.zeros(int(rows.max()) + 1 if len(rows) else 0, dtype=np.bool_)
    if len(rows) < _MANY:
        seen[rows] = True
    else:
        from phoenix.engine.kernels.tree_kernel import mark_used  # noqa: PLC0415 numba is slow to import

        mark_used(fixed(rows), seen)
    return np.flatnonzero(seen)
