"""The groupbyattrs processor of 0.160: points move below a resource that has the attributes they are grouped by.

Within one request, resources with equal attributes become one, below them scopes of one name and version, and below
those metrics of one name and type; whatever else the first of them says, all of them say then. Nodes without points are
gone. The rule is that of processor.go and attribute_groups.go; batch is the leading key.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Lineage, NodeTable, PointTable
from phoenix.engine.in_use import attributes_in_use
from phoenix.engine.laying import as_given, empty_points
from phoenix.engine.processors.grouping.parting import Parted, part, reference_resource
from phoenix.engine.processors.grouping.tree import Nodes, Rule, nodes_below, order_below
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.reshaping.origins import taken
from phoenix.engine.series import number_rows
from phoenix.engine.tree import NO_MASK, fixed
from phoenix.engine.values.nodes import MetricNode, ScopeNode

if TYPE_CHECKING:
    from phoenix.engine.kernels.groupbyattrs_kernel import Runs

Int64s = NDArray[np.int64]


def build(config: ProcessorConfig) -> Pass:
    """Return the pass; a few passes over the points, and objects once per distinct attributes and resource.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    keys = list(dict.fromkeys(key for key in Settings.of(config, "keys").strings("keys") if key))

    def run(frame: Frame) -> Frame:
        return _grouped(frame, part(frame.pools.attributes, attributes_in_use(frame, frame.alive(Level.METRIC)), keys))

    return run


def _grouped(frame: Frame, parted: Parted) -> Frame:
    from phoenix.engine.kernels.groupbyattrs_kernel import Given, Tree, runs  # noqa: PLC0415 numba is slow to import

    alive = frame.alive(Level.METRIC)
    given = Given(
        fixed(frame.points.metric),
        fixed(frame.points.attributes),
        parted.taken,
        fixed(NO_MASK if alive is None else ~alive),
        fixed(frame.dropped.get(Level.POINT, NO_MASK)),
    )
    found = runs(given, Tree(fixed(frame.metrics.parent), fixed(frame.scopes.parent)))
    resources = _resources(frame, found, parted)
    value = frame.scopes.value[found.scope]
    scopes = nodes_below(resources, found.resource_run, frame.pools.scopes, value, Rule(_scope_key, _scope))
    value = frame.metrics.value[found.metric]
    metrics = nodes_below(scopes, found.scope_run, frame.pools.metrics, value, Rule(_metric_key, _metric))
    moved, lineage = _moved(frame, _Moves(found.first, found.stop, metrics.of, len(metrics.table)), parted)
    return frame.with_(
        resources=resources.table,
        scopes=scopes.table,
        metrics=metrics.table,
        points=moved,
        dropped={},
        lineage=lineage,
    )


@dataclass(frozen=True, slots=True)
class _Moves:
    # Cells: int64[c], where the points of each begin and end; int32[c], the metric each goes to, of so many.
    first: Int64s
    stop: Int64s
    node: Int32s
    nodes: int


def _moved(frame: Frame, moves: _Moves, parted: Parted) -> tuple[PointTable, Lineage | None]:
    # The points below the new metrics, and where they come from.
    from phoenix.engine.kernels.points_kernel import Order, lay_out, list_points  # noqa: PLC0415 numba is slow to import

    points, sizes = frame.points, moves.stop - moves.first
    count, keeps_all = int(sizes.sum()), not any(len(one) for one in parted.sets)
    cells = order_below(moves.node, moves.nodes)
    if cells is None and count == len(points):
        left = points.attributes if keeps_all else parted.left[points.attributes]
        return replace(points, metric=np.repeat(moves.node, sizes), attributes=left), frame.lineage
    order = Order(np.arange(len(moves.node)) if cells is None else cells, moves.first, moves.stop)
    made = empty_points(count)
    for longs in (True, False):
        lay_out(order, moves.node, as_given(points), as_given(made, written=True), longs)

    def origins() -> Lineage:
        found = np.empty(count, dtype=np.int64)
        list_points(order, found)
        return taken(frame.lineage, found)

    left = made.attributes if keeps_all else parted.left[made.attributes]
    return replace(made, attributes=left), Lineage.later(origins)


def _resources(frame: Frame, found: "Runs", parted: Parted) -> Nodes:
    from phoenix.engine.kernels.groupbyattrs_kernel import numbered_in_runs  # noqa: PLC0415 numba is slow to import

    pool, before = frame.pools.resources, frame.resources.value[found.resource]
    # One number for each pair of a resource and what is taken from points below it.
    pair = number_rows(before, found.taken)
    known: dict[bytes, int] = {}
    value, key = np.zeros(len(pair), dtype=np.int32), np.zeros(len(pair), dtype=np.int32)
    for at, row in enumerate(pair.first.tolist()):
        made, same = reference_resource(pool[int(before[row])], parted.sets[int(found.taken[row])])
        value[at], key[at] = pool.add(made), known.setdefault(same, len(known))
    batch = frame.resources.parent[found.resource]
    number, first = numbered_in_runs(batch, key[pair.number], len(known))
    return Nodes(NodeTable(batch[first], value[pair.number[first]]), number)


def _scope_key(scope: ScopeNode) -> Hashable:
    return scope.name, scope.version


def _scope(scope: ScopeNode) -> ScopeNode:
    return replace(scope, schema_url="", others=b"", others_outside=b"")


def _metric_key(metric: MetricNode) -> Hashable:
    return metric.name, metric.type


def _metric(metric: MetricNode) -> MetricNode:
    return replace(metric, others=b"")
