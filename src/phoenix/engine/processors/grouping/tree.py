"""Builds a tree anew from runs of points; what is equal below one parent is one node, in the order first seen."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s, NodeTable
from phoenix.engine.pool import Pool
from phoenix.engine.series import number_rows, value_numbers

T = TypeVar("T")
Int64s = NDArray[np.int64]

# Distinct keys up to which a parent's nodes are walked through.
_FEW: Final = 64


@dataclass(frozen=True, slots=True)
class Nodes:
    """One level of a new tree.

    Attributes:
        table: the nodes, by parent, then in the order first seen.
        of: int32[n], the node of each of the rows it was built from.
    """

    table: NodeTable
    of: Int32s


@dataclass(frozen=True, slots=True)
class Rule(Generic[T]):
    """How nodes of one level become one.

    Attributes:
        key: what must be equal below one parent.
        made: what becomes of the first of them.
    """

    key: Callable[[T], Hashable]
    made: Callable[[T], T]


def nodes_below(above: Nodes, parent: Int32s, pool: Pool[T], value: Int32s, rule: Rule[T]) -> Nodes:
    """Return the nodes of a level.

    Args:
        above: the level above.
        parent: int32[n], the row that `above` was built from and this one is below.
        pool: of the level.
        value: int32[n], rows of the pool.
        rule: how they become one.
    """
    from phoenix.engine.kernels.groupbyattrs_kernel import numbered_in_chains  # noqa: PLC0415 numba is slow to import

    key = value_numbers(pool, value, rule.key)
    parent = above.of[parent]
    if len(key) and key.max() >= _FEW:
        numbered = number_rows(parent, key)
        number, first = numbered.number, numbered.first
    else:
        number, first = numbered_in_chains(parent, key.astype(np.int32), len(above.table))
    over, kept = parent[first], pool.change(value[first], rule.made)
    if (over[1:] >= over[:-1]).all():
        return Nodes(NodeTable(over, kept), number)
    order = np.argsort(over, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return Nodes(NodeTable(over[order], kept[order]), place[number])


def order_below(node: Int32s, count: int) -> Int64s | None:
    """Return int64[n]: rows in the order of the nodes they are below, those of one node as they stood.

    None: they are in that order.
    """
    from phoenix.engine.kernels.reshaping_grouping_kernel import members  # noqa: PLC0415 numba is slow to import

    return None if (node[1:] >= node[:-1]).all() else members(node, count).rows
