"""The tree of a frame as kernels walk it; where the children of the capture's own nodes begin is worked out once."""

from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Mask

if TYPE_CHECKING:
    from phoenix.engine.kernels.tree_kernel import Tree
    from phoenix.engine.pool import Pool

Scalar = TypeVar("Scalar", bound=np.generic)
Int64s = NDArray[np.int64]
Children = tuple[Int64s, Int64s, Int64s]

NO_MASK: Mask = np.zeros(0, dtype=np.bool_)
NO_MASK.flags.writeable = False

_KEPT: "WeakKeyDictionary[Pool[Any], Children]" = WeakKeyDictionary()


def fixed(array: NDArray[Scalar]) -> NDArray[Scalar]:
    """Return a read-only view, as a capture's arrays are: a kernel is compiled for each kind of array it is given."""
    view = array.view()
    view.flags.writeable = False
    return view


def has_own_tree(frame: Frame) -> bool:
    """Whether scopes, metrics and points have the parents they have in the frame's capture."""
    source = frame.source
    return (
        frame.scopes.parent is source.scopes.parent
        and frame.metrics.parent is source.metrics.parent
        and frame.points.metric is source.points.metric
    )


def children_of(frame: Frame) -> Children:
    """Return where the children of each resource, scope and metric begin, dropped ones too; one longer than those."""
    if not has_own_tree(frame):
        return _counted(frame)
    kept = _KEPT.get(frame.pools.attributes)
    if kept is None:
        kept = _KEPT[frame.pools.attributes] = _counted(frame)
    return kept


def tree_of(frame: Frame) -> "Tree":
    """Return the frame's tree with its masks; masks that drop no point are left out."""
    from phoenix.engine.kernels.tree_kernel import Tree  # noqa: PLC0415 numba is slow to import

    points = frame.dropped.get(Level.POINT, NO_MASK)
    points = fixed(points) if points.any() else NO_MASK
    above = (Level.RESOURCE, Level.SCOPE, Level.METRIC)
    resources, scopes, metrics = (fixed(frame.dropped.get(level, NO_MASK)) for level in above)
    masked = np.array([len(mask) > 0 for mask in (resources, scopes, metrics, points)])
    return Tree(*children_of(frame), fixed(masked), resources, scopes, metrics, points)


def points_by_request(frame: Frame) -> Int64s:
    """Return int64[B]: how many points of each request are there. No work per point unless points were dropped."""
    from phoenix.engine.kernels.tree_kernel import count_points  # noqa: PLC0415 numba is slow to import

    counts = np.zeros(len(frame.arrivals), dtype=np.int64)
    count_points(tree_of(frame), fixed(frame.resources.parent), counts)
    return counts


def _counted(frame: Frame) -> Children:
    return (
        _children(frame.scopes.parent, len(frame.resources)),
        _children(frame.metrics.parent, len(frame.scopes)),
        _children(frame.points.metric, len(frame.metrics)),
    )


def _children(parent: Int32s, parents: int) -> Int64s:
    from phoenix.engine.kernels.tree_kernel import count_children  # noqa: PLC0415 numba is slow to import

    first = np.zeros(parents + 1, dtype=np.int64)
    count_children(fixed(parent), first)
    return fixed(first)
