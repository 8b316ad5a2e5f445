"""Nodes of a tree that is built anew, and the order of what is below them."""

import numpy as np
import pytest

from phoenix.engine.frame import NodeTable
from phoenix.engine.kernels.groupbyattrs_kernel import Given, Tree, numbered_in_runs, runs
from phoenix.engine.opening import open_frame
from phoenix.engine.processors.grouping.tree import Nodes, Rule, nodes_below, order_below
from phoenix.engine.tree import NO_MASK
from phoenix.engine.values.nodes import MetricNode
from phoenix.telemetry.codec import decode


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, dtype=np.int32)


def test_runs_lie_within_runs_of_the_level_above():
    found = runs(
        Given(ints(0, 0, 1, 2, 2), ints(3, 3, 2, 0, 1), ints(0, 1, 0, 0), NO_MASK, NO_MASK),
        Tree(ints(0, 0, 1), ints(0, 0)),
    )
    assert [column.tolist() for column in found] == [
        [0, 2, 3, 4],
        [2, 3, 4, 5],
        [0, 1, 2, 2],
        [0, 0, 1, 2],
        [0, 1, 1],
        [0, 0, 1],
        [0, 0],
        [0, 1],
    ]


def test_keys_meet_within_one_parent_only():
    number, first = numbered_in_runs(ints(0, 0, 0, 1, 1), ints(1, 0, 1, 1, 1), 2)
    assert number.tolist() == [0, 1, 0, 2, 2]
    assert first.tolist() == [0, 1, 3]


@pytest.mark.parametrize("names", [3, 90])
def test_nodes_stand_by_parent_in_the_order_first_seen(names):
    pool = open_frame(decode([])).pools.metrics
    rows = [pool.add(pool_node(name)) for name in range(names)]
    above = Nodes(NodeTable(ints(0, 0), ints(0, 0)), ints(0, 1))
    value = ints(rows[1], rows[0], rows[1], rows[2], *rows)
    parent = ints(0, 1, 1, 0, *(0 for _ in rows))
    nodes = nodes_below(above, parent, pool, value, Rule(lambda node: node.name, lambda node: node))
    assert nodes.table.parent.tolist() == [0] * names + [1, 1]
    assert nodes.table.value.tolist() == [rows[1], rows[2], rows[0], *rows[3:], rows[0], rows[1]]
    assert nodes.of[:4].tolist() == [0, names, names + 1, 1]


def pool_node(name: int) -> MetricNode:
    return MetricNode(str(name))


def test_rows_in_order_stay_where_they_are():
    assert order_below(ints(0, 1, 1), 2) is None
    order = order_below(ints(1, 0, 1, 0), 2)
    assert order is not None
    assert order.tolist() == [1, 3, 0, 2]


def test_runs_go_around_what_is_gone():
    gone = np.array([False, True, False, False, False])
    above = np.array([False, False, True])
    found = runs(Given(ints(0, 0, 0, 1, 2), ints(0, 0, 0, 0, 0), ints(0), above, gone), Tree(ints(0, 0, 1), ints(0, 0)))
    assert [found.first.tolist(), found.stop.tolist(), found.metric.tolist()] == [[0, 2, 3], [1, 3, 4], [0, 0, 1]]
    assert [found.scope.tolist(), found.resource.tolist()] == [[0], [0]]
