"""The tree of a frame as kernels walk it; where the children of the capture's own nodes begin is worked out once."""

from typing import TYPE_CHECKING, Any, Final, TypeVar
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

# From here on a kernel is worth its import.
_MANY: Final = 50_000

_KEPT: "WeakKeyDictionary[Pool[Any], Children]" = WeakKeyDictionary()
_COUNTS: "WeakKeyDictionary[Pool[Any], list[Int64s]]" = WeakKeyDictionary()


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


def own_counts(frame: Frame, level: Level) -> Int64s | None:
    """Return how many children of a level each node above has; None where they are not those of the capture."""
    if level is Level.RESOURCE or not has_own_tree(frame):
        return None
    kept = _COUNTS.get(frame.pools.attributes)
    if kept is None:
        kept = _COUNTS[frame.pools.attributes] = [np.diff(children) for children in children_of(frame)]
    return kept[level - 1]


def tree_of(frame: Frame) -> "Tree":
    """Return the frame's tree with its masks; masks that drop no point are left out."""
    from phoenix.engine.kernels.tree_kernel import Tree  # noqa: PLC0415 numba is slow to import

    points = frame.dropped.get(Level.POINT, NO_MASK)
    points = fixed(points) if points.any() else NO_MASK
    above = (Level.RESOURCE, Level.SCOPE, Level.METRIC)
    resources, scopes, metrics = (fixed(frame.dropped.get(level, NO_MASK)) for level in above)
    masked = np.array([len(mask) > 0 for mask in (resources, scopes, metrics, points)])
    return Tree(*children_of(frame), fixed(masked), resources, scopes, metrics, points)


def with_children(frame: Frame, level: Level) -> Mask:
    """Return bool over the rows of a level above points: a row right below is not dropped itself."""
    from phoenix.engine.kernels.tree_kernel import mark_parents  # noqa: PLC0415 numba is slow to import

    children = children_of(frame)[level]
    gone = frame.dropped.get(Level(level + 1))
    if gone is None:
        return np.asarray(children[1:] > children[:-1])
    found = np.zeros(len(children) - 1, dtype=np.bool_)
    mark_parents(children, fixed(gone), found)
    return found


def looked_up(values: NDArray[Any], rows: Int32s) -> NDArray[Any]:
    """Return `values[rows]`, all of them within bounds; truths of many rows the fast way."""
    if values.dtype != np.bool_ or len(rows) < _MANY:
        return values[rows]
    from phoenix.engine.kernels.tree_kernel import look_up  # noqa: PLC0415 numba is slow to import

    found = np.empty(len(rows), dtype=np.bool_)
    look_up(fixed(values), fixed(rows), found)
    return found


def with_marked(parent: Int32s, marked: Mask, parents: int) -> Mask:
    """Return bool over the rows of a level: one of the rows right below, whose parents are given, is marked."""
    found = np.zeros(parents, dtype=np.bool_)
    if len(parent) < _MANY:
        found[parent[marked]] = True
        return found
    from phoenix.engine.kernels.tree_kernel import mark_above  # noqa: PLC0415 numba is slow to import

    mark_above(fixed(parent), fixed(marked), found)
    return found


def points_by_request(frame: Frame) -> Int64s:
    """Return int64[B]: how many points of each request are there. No work per point unless points were dropped."""
    from phoenix.engine.kernels.tree_kernel import count_points  # noqa: PLC0415 numba is slow to import

    counts = np.zeros(len(frame.arrivals), dtype=np.int64)
    count_points(tree_of(frame), fixed(frame.resources.parent), counts)
    return counts


def _counted(frame: Frame) -> Children:
    return (
        children(frame.scopes.parent, len(frame.resources)),
        children(frame.metrics.parent, len(frame.scopes)),
        children(frame.points.metric, len(frame.metrics)),
    )


def children(parent: Int32s, parents: int) -> Int64s:
    """Return int64[parents + 1]: where the children of each begin, given the parent of each child."""
    from phoenix.engine.kernels.tree_kernel import count_children  # noqa: PLC0415 numba is slow to import

    first = np.zeros(parents + 1, dtype=np.int64)
    count_children(fixed(parent), first)
    return fixed(first)
