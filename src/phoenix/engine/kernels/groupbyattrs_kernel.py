"""Kernels that find runs of points grouped alike, and number the nodes of the new tree that they are below."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import kernel

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


class Runs(NamedTuple):
    """Runs of points at three levels; each run lies within one of the level above.

    Attributes:
        first: int64[c], the first point of each cell: points in a row of one metric from which the same was taken.
        stop: int64[c], behind its last point.
        metric: int32[c], its metric row.
        scope_run: int32[c], the run of cells of one scope it is in.
        scope: int32[s], the scope row of each of those.
        resource_run: int32[s], the run of scopes of one resource it is in.
        resource: int32[r], the resource row of each of those.
        taken: int32[r], what was taken from its points.
    """

    first: Int64s
    stop: Int64s
    metric: Int32s
    scope_run: Int32s
    scope: Int32s
    resource_run: Int32s
    resource: Int32s
    taken: Int32s


class Tree(NamedTuple):
    """The parents of metrics and scopes, int32 each."""

    metric: Int32s
    scope: Int32s


class Given(NamedTuple):
    """Points to be grouped.

    Attributes:
        metric: int32[N], the metric row of each.
        attributes: int32[N], rows of `taken`.
        taken: int32, what is taken from each map of attributes.
        gone_metrics: bool[M], dropped with all below; empty for none.
        gone: bool[N], dropped; empty for none.
    """

    metric: Int32s
    attributes: Int32s
    taken: Int32s
    gone_metrics: NDArray[np.bool_]
    gone: NDArray[np.bool_]


def runs(points: Given, tree: Tree) -> Runs:
    """Return the runs of the points that are not gone."""
    room = len(points.metric)
    # Memory that is never written is never taken from the system.
    first, stop = np.empty(room, np.int64), np.empty(room, np.int64)
    found = Runs(first, stop, *(np.empty(room, np.int32) for _ in range(6)))
    counts = np.zeros(3, dtype=np.int64)
    _runs(points, tree, found, counts)
    cells, scopes, resources = counts.tolist()
    return Runs(
        found.first[:cells],
        found.stop[:cells],
        found.metric[:cells],
        found.scope_run[:cells],
        found.scope[:scopes],
        found.resource_run[:scopes],
        found.resource[:resources],
        found.taken[:resources],
    )


def numbered_in_runs(parent: Int32s, key: Int32s, keys: int) -> tuple[Int32s, Int64s]:
    """Return (int32[n], the node of each row; int64[nodes], its first row).

    Args:
        parent: int32[n]; never falls.
        key: int32[n], what tells nodes below one parent apart; below `keys`.
        keys: how many there may be.
    """
    number = np.empty(len(parent), dtype=np.int32)
    first = np.empty(len(parent), dtype=np.int64)
    count = _in_runs(parent, key, np.full(keys, -1, dtype=np.int64), number, first)
    return number, first[:count]


def numbered_in_chains(parent: Int32s, key: Int32s, parents: int) -> tuple[Int32s, Int64s]:
    """Return the same for parents in any order; it walks through the nodes of a parent, as the collector does."""
    number = np.empty(len(parent), dtype=np.int32)
    first = np.empty(len(parent), dtype=np.int64)
    newest, nodes = np.full(parents, -1, dtype=np.int32), np.empty((len(parent), 2), dtype=np.int32)
    count = _in_chains(parent, key, number, first, (newest, nodes))
    return number, first[:count]


@kernel
def _runs(points: Given, tree: Tree, found: Runs, counts: Int64s) -> None:
    metric, masked, masked_above = points.metric, len(points.gone) > 0, len(points.gone_metrics) > 0
    cells, scopes, resources = 0, 0, 0
    before, last = np.int32(-1), -2
    for point in range(len(metric)):
        row = metric[point]
        if (masked and points.gone[point]) or (masked_above and points.gone_metrics[row]):
            continue
        what = points.taken[points.attributes[point]]
        another = what != before
        before = what
        if not another and last == point - 1 and row == metric[last]:
            last = point
            found.stop[cells - 1] = point + 1
            continue
        last = point
        scope = tree.metric[row]
        if another or scope != found.scope[scopes - 1]:
            resource = tree.scope[scope]
            if another or resource != found.resource[resources - 1]:
                found.resource[resources] = resource
                found.taken[resources] = what
                resources += 1
            found.scope[scopes] = scope
            found.resource_run[scopes] = resources - 1
            scopes += 1
        found.first[cells], found.stop[cells] = point, point + 1
        found.metric[cells] = row
        found.scope_run[cells] = scopes - 1
        cells += 1
    counts[0], counts[1], counts[2] = cells, scopes, resources


@kernel
def _in_runs(parent: Int32s, key: Int32s, newest: Int64s, number: Int32s, first: Int64s) -> int:
    # The newest node of each key is this parent's, or one of a parent that is over.
    count = 0
    for row in range(len(parent)):
        node = newest[key[row]]
        if node < 0 or parent[first[node]] != parent[row]:
            node = np.int64(count)
            newest[key[row]] = node
            first[count] = row
            count += 1
        number[row] = node
    return count


@kernel
def _in_chains(parent: Int32s, key: Int32s, number: Int32s, first: Int64s, chains: tuple[Int32s, Int32s]) -> int:
    # Of each node its key, and the one made before it below the same parent.
    newest, nodes = chains
    count = 0
    for row in range(len(parent)):
        node = newest[parent[row]]
        while node >= 0 and nodes[node, 0] != key[row]:
            node = nodes[node, 1]
        if node < 0:
            node = np.int32(count)
            nodes[count, 0], nodes[count, 1] = key[row], newest[parent[row]]
            newest[parent[row]] = node
            first[count] = row
            count += 1
        number[row] = node
    return count
