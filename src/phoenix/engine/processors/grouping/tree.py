"""Builds a tree anew from points that each name a group at every level; what is equal below one parent is one node."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s, NodeTable
from phoenix.engine.series import number_rows

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Nodes:
    """One level of a new tree.

    Attributes:
        table: the nodes, by parent, then in the order first seen.
        of: int32[n], the node of each of the rows it was built from.
    """

    table: NodeTable
    of: Int32s


def nodes_of(parent: Int32s, key: NDArray[Any], value: Int32s) -> Nodes:
    """Return the nodes that rows are below: one for each pair of parent and key.

    Args:
        parent: int32[n], the row one level up.
        key: int[n], what must be equal below one parent.
        value: int32[n], the row of the pool that a node has whose first row it is.
    """
    numbered = number_rows(parent, key)
    above = parent[numbered.first]
    if (above[1:] >= above[:-1]).all():
        return Nodes(NodeTable(above, value[numbered.first]), numbered.number)
    order = np.argsort(above, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Nodes(NodeTable(above[order], value[numbered.first][order]), place[numbered.number])


def order_below(node: Int32s, count: int) -> Int64s | None:
    """Return int64[n]: rows in the order of the nodes they are below, those of one node as they stood.

    None: they are in that order.
    """
    from phoenix.engine.kernels.reshaping_grouping_kernel import members  # noqa: PLC0415 numba is slow to import

    return None if (node[1:] >= node[:-1]).all() else members(node, count).rows
