"""group: metrics move to resources of their own, behind all others of their request (processMetrics of 0.160)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, Mask, NodeTable
from phoenix.engine.processors.grouping.tree import order_below
from phoenix.engine.processors.metric_transforms.settings import Transform
from phoenix.engine.reshaping.origins import taken
from phoenix.engine.values.nodes import ResourceNode, ScopeNode

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Aside:
    """Metrics that a group took, which stay in their tables until all transforms have run.

    Attributes:
        taker: int32 over the metric rows: which of `transforms` took it, -1 for none.
        transforms: those whose action is group.
        scopes: bool over the scopes: it was there when the request came.
    """

    taker: Int32s
    transforms: Sequence[Transform]
    scopes: Mask

    def carried(self, before: Int64s | None) -> "Aside":
        """Return the same where metric rows have moved: int64 over the rows, what each was, -1 for new ones."""
        if before is None:
            return self
        return replace(self, taker=np.where(before >= 0, self.taker[before], -1).astype(np.int32))


def settled(frame: Frame, aside: Aside) -> Frame:
    """Return the frame without scopes and resources that hold no metric, and with the groups' resources."""
    alive = frame.alive(Level.METRIC)
    stays = aside.taker < 0 if alive is None else alive & (aside.taker < 0)
    scopes = np.zeros(len(frame.scopes), dtype=np.bool_)
    scopes[frame.metrics.parent[stays]] = True
    resources = np.zeros(len(frame.resources), dtype=np.bool_)
    resources[frame.scopes.parent[scopes]] = True
    if aside.transforms:
        return _rebuilt(frame, aside, scopes, resources)
    for level, kept in ((Level.SCOPE, scopes), (Level.RESOURCE, resources)):
        if not kept.all():
            frame = frame.dropping(level, ~kept)
    return frame


def _rebuilt(frame: Frame, aside: Aside, scopes: Mask, resources: Mask) -> Frame:
    groups = len(aside.transforms)
    origin = np.repeat(np.flatnonzero(aside.scopes), groups)
    resource_of = frame.scopes.parent[origin]
    kept, kept_scopes = np.flatnonzero(resources), np.flatnonzero(scopes)
    new_resources = _Level.of(
        np.concatenate((frame.resources.parent[kept], frame.resources.parent[resource_of])),
        np.concatenate((frame.resources.value[kept], _group_values(frame, resource_of, aside.transforms))),
    )
    place = np.zeros(len(frame.resources), dtype=np.int32)
    place[kept] = new_resources.place[: len(kept)]
    new_scopes = _Level.of(
        np.concatenate((place[frame.scopes.parent[kept_scopes]], new_resources.place[len(kept) :])),
        np.concatenate(
            (frame.scopes.value[kept_scopes], frame.pools.scopes.change(frame.scopes.value[origin], _group_scope))
        ),
    )
    alive = frame.alive(Level.METRIC)
    metrics = np.arange(len(frame.metrics)) if alive is None else np.flatnonzero(alive)
    parent, taker = frame.metrics.parent[metrics], aside.taker[metrics]
    place = np.zeros(len(frame.scopes), dtype=np.int32)
    place[kept_scopes] = new_scopes.place[: len(kept_scopes)]
    number = np.cumsum(aside.scopes) - 1
    of_group = new_scopes.place[len(kept_scopes) :]
    grouped = number[parent] * groups + np.maximum(taker, 0)
    below = np.where(taker < 0, place[parent], of_group[grouped] if len(of_group) else 0)
    new_metrics = _Level.of(below.astype(np.int32), frame.metrics.value[metrics])
    metric_place = np.zeros(len(frame.metrics), dtype=np.int32)
    metric_place[metrics] = new_metrics.place
    moved = _moved(frame, metric_place, len(metrics))
    return moved.with_(resources=new_resources.table, scopes=new_scopes.table, metrics=new_metrics.table, dropped={})


@dataclass(frozen=True, slots=True)
class _Level:
    # A level's new table, and int32 over the rows it was made of: where each went.
    table: NodeTable
    place: Int32s

    @classmethod
    def of(cls, parent: Int32s, value: Int32s) -> "_Level":
        order = np.argsort(parent, kind="stable")
        place = np.empty(len(order), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        return cls(NodeTable(parent[order], value[order]), place)


def _moved(frame: Frame, place: Int32s, metrics: int) -> Frame:
    alive = frame.alive(Level.POINT)
    rows = np.arange(len(frame.points)) if alive is None else np.flatnonzero(alive)
    below = place[frame.points.metric[rows]]
    order = order_below(below, metrics)
    if order is not None:
        rows, below = rows[order], below[order]
    return frame.with_(points=frame.points.take(rows, below), lineage=taken(frame.lineage, rows))


def _group_values(frame: Frame, resources: Int32s, transforms: Sequence[Transform]) -> Int32s:
    # int32: the pool row of each new resource; transform by transform, of which each scope has one.
    value = frame.resources.value[resources].copy()
    for number, transform in enumerate(transforms):
        mine = slice(number, None, len(transforms))

        def labelled(node: ResourceNode, transform: Transform = transform) -> ResourceNode:
            attributes = node.attributes
            for key, text in transform.resource_labels.items():
                attributes = attributes.put(key, text)
            return replace(node, attributes=attributes, schema_url="", others_outside=b"")

        value[mine] = frame.pools.resources.change(value[mine], labelled)
    return value


def _group_scope(scope: ScopeNode) -> ScopeNode:
    return replace(scope, schema_url="", others_outside=b"")
