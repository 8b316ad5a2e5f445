"""The tree as kernels walk it: where children begin, and what is gone. What it is made of stands in `engine.tree`."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.wire import Int


class Tree(NamedTuple):
    """Nodes with the rows of their children, and which of them are gone.

    Attributes:
        scopes: int64[R + 1], the scopes of resource r are the rows [scopes[r], scopes[r + 1]).
        metrics: int64[S + 1], the metrics of each scope.
        points: int64[M + 1], the points of each metric.
        masked: bool[4], for each level from the resources down: its mask counts; it is empty where it does not.
        gone_resources, gone_scopes, gone_metrics, gone_points: bool, the masks.
    """

    scopes: NDArray[np.int64]
    metrics: NDArray[np.int64]
    points: NDArray[np.int64]
    masked: NDArray[np.bool_]
    gone_resources: NDArray[np.bool_]
    gone_scopes: NDArray[np.bool_]
    gone_metrics: NDArray[np.bool_]
    gone_points: NDArray[np.bool_]


@kernel
def count_children(parent: NDArray[np.int32], first: NDArray[np.int64]) -> None:
    """Fill `first`, zeros and one longer than there are parents, with where the children of each begin."""
    for row in range(len(parent)):
        first[parent[row] + 1] += 1
    for row in range(1, len(first)):
        first[row] += first[row - 1]


@inner
def _count_metrics(tree: Tree, scope: Int) -> Int:
    count = np.int64(0)
    for metric in range(tree.metrics[scope], tree.metrics[scope + 1]):
        if tree.masked[2] and tree.gone_metrics[metric]:
            continue
        if tree.masked[3]:
            for row in range(tree.points[metric], tree.points[metric + 1]):
                count += 0 if tree.gone_points[row] else 1
        else:
            count += tree.points[metric + 1] - tree.points[metric]
    return count


@kernel
def count_points(tree: Tree, batch: NDArray[np.int32], counts: NDArray[np.int64]) -> None:
    """Add to `counts` how many points of each batch are there; `batch` is int32[R], of each resource."""
    for resource in range(len(batch)):
        if tree.masked[0] and tree.gone_resources[resource]:
            continue
        for scope in range(tree.scopes[resource], tree.scopes[resource + 1]):
            if not (tree.masked[1] and tree.gone_scopes[scope]):
                counts[batch[resource]] += _count_metrics(tree, scope)


@kernel
def look_up(values: NDArray[np.bool_], rows: NDArray[np.int32], found: NDArray[np.bool_]) -> None:
    """Fill `found` with what `values` says at each row; numpy widens the rows first, which takes longer."""
    for row in range(len(rows)):
        found[row] = values[rows[row]]


@kernel
def mark_parents(first: NDArray[np.int64], gone: NDArray[np.bool_], found: NDArray[np.bool_]) -> None:
    """Fill `found`, false, with whether a child of each parent is not gone."""
    for parent in range(len(found)):
        row = first[parent]
        while row < first[parent + 1] and gone[row]:
            row += 1
        found[parent] = row < first[parent + 1]


@kernel
def mark_used(rows: NDArray[np.int32], found: NDArray[np.bool_]) -> None:
    """Fill `found`, false, with which places stand in `rows`."""
    for row in range(len(rows)):
        found[rows[row]] = True


@kernel
def mark_above(parent: NDArray[np.int32], marked: NDArray[np.bool_], found: NDArray[np.bool_]) -> None:
    """Fill `found`, false, with whether a row below each parent is marked."""
    for row in range(len(parent)):
        if marked[row]:
            found[parent[row]] = True
