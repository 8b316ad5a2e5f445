"""The groupbyattrs processor of 0.160: points move below a resource that has the attributes they are grouped by.

Within one request, resources with equal attributes become one, below them scopes of one name and version, and below
those metrics of one name and type; whatever else the first of them says, all of them say then. Nodes without points are
gone. The rule is that of processor.go and attribute_groups.go; batch is the leading key.
"""

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, NodeTable
from phoenix.engine.processors.grouping.parting import Parted, part, reference_resource
from phoenix.engine.processors.grouping.tree import Nodes, Rule, nodes_below, order_below
from phoenix.engine.processors.registry import Pass, ProcessorConfig
from phoenix.engine.processors.settings import Settings
from phoenix.engine.reshaping.origins import taken
from phoenix.engine.series import number_rows
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
        alive = frame.alive(Level.POINT)
        rows = None if alive is None else np.flatnonzero(alive)
        attributes = frame.points.attributes if rows is None else frame.points.attributes[rows]
        parted = part(frame.pools.attributes, attributes, keys)
        return _grouped(frame, rows, parted)

    return run


def _grouped(frame: Frame, rows: Int64s | None, parted: Parted) -> Frame:
    from phoenix.engine.kernels.groupbyattrs_kernel import Tree, runs  # noqa: PLC0415 numba is slow to import

    points = frame.points
    metric = points.metric if rows is None else points.metric[rows]
    found = runs(metric, parted.taken, Tree(frame.metrics.parent, frame.scopes.parent))
    resources = _resources(frame, found, parted)
    value = frame.scopes.value[found.scope]
    scopes = nodes_below(resources, found.resource_run, frame.pools.scopes, value, Rule(_scope_key, _scope))
    value = frame.metrics.value[found.metric]
    metrics = nodes_below(scopes, found.scope_run, frame.pools.metrics, value, Rule(_metric_key, _metric))
    below = np.repeat(metrics.of, np.diff(found.first, append=len(metric)))
    order = order_below(below, len(metrics.table))
    if order is not None:
        below = below[order]
    moved = order if rows is None else rows if order is None else rows[order]
    left = parted.left if order is None else parted.left[order]
    kept = replace(points, metric=below) if moved is None else points.take(moved, below)
    return frame.with_(
        resources=resources.table,
        scopes=scopes.table,
        metrics=metrics.table,
        points=replace(kept, attributes=left),
        dropped={},
        lineage=frame.lineage if moved is None else taken(frame.lineage, moved),
    )


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
