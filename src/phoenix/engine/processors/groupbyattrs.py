"""The groupbyattrs processor of 0.160: points move below a resource that has the attributes they are grouped by.

Within one request, resources with equal attributes become one, below them scopes of one name and version, and below
those metrics of one name and type; whatever else the first of them says, all of them say then. Nodes without points are
gone. The rule is that of processor.go and attribute_groups.go; batch is the leading key.
"""

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, NodeTable
from phoenix.engine.processors.grouping.parting import Parted, part, reference_resource
from phoenix.engine.processors.grouping.tree import Nodes, nodes_of, order_below
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.reshaping.origins import taken
from phoenix.engine.series import number_rows, value_numbers
from phoenix.engine.values.nodes import MetricNode, ScopeNode

Int64s = NDArray[np.int64]


def build(config: ProcessorConfig) -> Pass:
    """Return the pass; a few passes over the points, and objects once per distinct attributes and resource.

    Raises:
        ConfigRefusedError: the collector would not start.
    """
    keys = list(dict.fromkeys(key for key in Settings.of(config, "keys").strings("keys") if key))

    def run(frame: Frame) -> Frame:
        alive = frame.alive(Level.POINT)
        rows = None if alive is None else np.flatnonzero(alive)
        attributes = frame.points.attributes if rows is None else frame.points.attributes[rows]
        parted = part(frame.pools.attributes, attributes, keys)
        return _grouped(frame, rows, parted)

    return run


@dataclass(frozen=True, slots=True)
class _Cells:
    """Runs of points of one metric that are grouped alike; most work is done once for each.

    Attributes:
        sizes: int64[c], points in each.
        metric: int32[c], the metric row it is below.
        taken: int32[c], what was taken from its points.
    """

    sizes: Int64s
    metric: Int32s
    taken: Int32s


def _cells(metric: Int32s, taken: Int32s) -> _Cells:
    begins = np.ones(len(metric), dtype=np.bool_)
    begins[1:] = (metric[1:] != metric[:-1]) | (taken[1:] != taken[:-1])
    first = np.flatnonzero(begins)
    return _Cells(np.diff(first, append=len(metric)), metric[first], taken[first])


def _grouped(frame: Frame, rows: Int64s | None, parted: Parted) -> Frame:
    points = frame.points
    cells = _cells(points.metric if rows is None else points.metric[rows], parted.taken)
    resources, scopes, metrics = _nodes(frame, cells, parted)
    below = np.repeat(metrics.of, cells.sizes)
    order = order_below(below, len(metrics.table))
    if order is not None:
        below = below[order]
    moved = order if rows is None else rows if order is None else rows[order]
    left = parted.left if order is None else parted.left[order]
    kept = replace(points, metric=below) if moved is None else points.take(moved, below)
    return frame.with_(
        resources=resources,
        scopes=scopes,
        metrics=metrics.table,
        points=replace(kept, attributes=left),
        dropped={},
        lineage=frame.lineage if moved is None else taken(frame.lineage, moved),
    )


def _nodes(frame: Frame, cells: _Cells, parted: Parted) -> tuple[NodeTable, NodeTable, Nodes]:
    pools = frame.pools
    scope_row = frame.metrics.parent[cells.metric]
    resource_row = frame.scopes.parent[scope_row]
    pair = number_rows(frame.resources.value[resource_row], cells.taken)
    known: dict[bytes, int] = {}
    value, key = np.zeros(len(pair), dtype=np.int32), np.zeros(len(pair), dtype=np.int32)
    for number, row in enumerate(pair.first.tolist()):
        node = pools.resources[int(frame.resources.value[resource_row[row]])]
        made, same = reference_resource(node, parted.sets[int(cells.taken[row])])
        value[number], key[number] = pools.resources.add(made), known.setdefault(same, len(known))
    resources = nodes_of(frame.resources.parent[resource_row], key[pair.number], value[pair.number])
    scope_value, metric_value = frame.scopes.value[scope_row], frame.metrics.value[cells.metric]
    scopes = nodes_of(
        resources.of, value_numbers(pools.scopes, scope_value, _scope_key), pools.scopes.change(scope_value, _scope)
    )
    metrics = nodes_of(
        scopes.of, value_numbers(pools.metrics, metric_value, _metric_key), pools.metrics.change(metric_value, _metric)
    )
    return resources.table, scopes.table, metrics


def _scope_key(scope: ScopeNode) -> Hashable:
    return scope.name, scope.version


def _scope(scope: ScopeNode) -> ScopeNode:
    return replace(scope, schema_url="", others=b"", others_outside=b"")


def _metric_key(metric: MetricNode) -> Hashable:
    return metric.name, metric.type


def _metric(metric: MetricNode) -> MetricNode:
    return replace(metric, others=b"")
