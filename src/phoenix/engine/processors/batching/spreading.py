"""Spreads a tree over batches that each take so many points from the head of a queue (splitmetrics.go of 0.160).

A node whose points are in several batches stands in each of them. A node without points goes with what surrounds it:
with the batch that was begun and not yet full when it came up, or with its parent where that is moved whole.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, NodeTable
from phoenix.engine.values.nodes import NO_ATTRIBUTES, MetricNode

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batches:
    """Batches in the order sent.

    Attributes:
        end: int64[S], the points that have left with it and those before it.
        request: int64[S], the last request that had come by then.
        time: int64[S], when it was sent.
    """

    end: Int64s
    request: Int64s
    time: Int64s


@dataclass(frozen=True, slots=True)
class _Range:
    # The batches that each node is in, from first to last, of so many that are sent.
    first: Int64s
    last: Int64s
    count: int


@dataclass(frozen=True, slots=True)
class _Spread:
    """The nodes of a level, and the batches each is in.

    Attributes:
        first: int64[n], the first batch it is in.
        last: int64[n], the last.
        place: int64[n], its row in the new table, in its first batch; those in the batches after that follow.
        table: the new nodes.
        copy_of: int64[m], the row that each new one was.
    """

    first: Int64s
    last: Int64s
    place: Int64s
    table: NodeTable
    copy_of: Int64s


def spread(frame: Frame, points: Int64s, batches: Batches) -> tuple[list[NodeTable], Int32s]:
    """Return the new node tables, and int32[sent], the new metric row of each point that is sent.

    Args:
        frame: the frame before.
        points: int64[n], the rows of points in the queue's order, lost ones too.
        batches: what leaves.
    """
    metric = frame.points.metric[points]
    in_metric = np.bincount(metric, minlength=len(frame.metrics))
    in_scope = _sums(in_metric, frame.metrics.parent, len(frame.scopes))
    in_resource = _sums(in_scope, frame.scopes.parent, len(frame.resources))
    resources = _resources(frame, in_resource, batches)
    scopes = _below(frame, Level.SCOPE, in_scope, batches, resources)
    metrics = _below(frame, Level.METRIC, in_metric, batches, scopes)
    tables = [resources.table, scopes.table, _without_metadata(frame, metrics)]
    sent = int(batches.end[-1]) if len(batches.end) else 0
    if sent == len(metric) and np.array_equal(metrics.copy_of, np.arange(len(frame.metrics))):
        return tables, metric
    batch = np.repeat(np.arange(len(batches.end)), np.diff(batches.end, prepend=0))
    metric = metric[:sent]
    return tables, (metrics.place[metric] + batch - metrics.first[metric]).astype(np.int32)


def _sums(counts: Int64s, parent: Int32s, parents: int) -> Int64s:
    # Sums of runs, since parents never fall; exact, which weights of bincount are not.
    total = np.concatenate(([0], np.cumsum(counts)))
    return np.diff(total[np.searchsorted(parent, np.arange(parents + 1))])


def _resources(frame: Frame, count: Int64s, batches: Batches) -> _Spread:
    request = frame.resources.parent
    before = np.cumsum(count) - count
    first = np.searchsorted(batches.end, before, side="right")
    # A batch that takes all there is takes resources without points too, if they had come.
    so_far = np.cumsum(_sums(count, request, len(frame.arrivals)))
    took_all = np.append(so_far[batches.request] == batches.end, False)
    reached = np.append(batches.request, -1)
    at_end = np.append(batches.end, -1)[first - 1] == before
    first = np.where((count == 0) & at_end & took_all[first - 1] & (request <= reached[first - 1]), first - 1, first)
    last = np.where(count > 0, np.searchsorted(batches.end, before + count - 1, side="right"), first)
    # A request without points is forgotten, with all its nodes.
    gone = np.diff(so_far, prepend=0)[request] == 0
    first = np.where(gone, len(batches.end), first)
    return _spread_nodes(frame, Level.RESOURCE, _Range(first, np.where(gone, first, last), len(batches.end)))


def _below(frame: Frame, level: Level, count: Int64s, batches: Batches, above: _Spread) -> _Spread:
    before = np.cumsum(count) - count
    parent = frame.parent(level)
    first = np.searchsorted(batches.end, before, side="right")
    first = np.where(count > 0, first, np.clip(first, above.first[parent], above.last[parent]))
    last = np.where(count > 0, np.searchsorted(batches.end, before + count - 1, side="right"), first)
    return _spread_nodes(frame, level, _Range(first, last, len(batches.end)), above)


def _spread_nodes(frame: Frame, level: Level, batches: _Range, above: _Spread | None = None) -> _Spread:
    first, last = batches.first, batches.last
    # What is lost at the end would be in batches that are never sent.
    size = np.maximum(np.minimum(last, batches.count - 1) - first + 1, 0)
    alive = frame.alive(level)
    size = size if alive is None else np.where(alive, size, 0)
    place = np.cumsum(size) - size
    copy_of = np.repeat(np.arange(len(size)), size)
    row = np.arange(len(copy_of)) - place[copy_of] + first[copy_of]
    if above is not None:
        parent = frame.parent(level)[copy_of]
        row += above.place[parent] - above.first[parent]
    return _Spread(first, last, place, NodeTable(row.astype(np.int32), frame.value(level)[copy_of]), copy_of)


def _without_metadata(frame: Frame, metrics: _Spread) -> NodeTable:
    # A metric that is cut gives its points to a new one, which has no metadata; the rest of them stay in the old one.
    table, copy_of = metrics.table, metrics.copy_of
    batch = np.arange(len(copy_of)) - metrics.place[copy_of] + metrics.first[copy_of]
    cut = batch < metrics.last[copy_of]
    if not cut.any():
        return table
    value = table.value.copy()
    value[cut] = frame.pools.metrics.change(value[cut], _without)
    return replace(table, value=value)


def _without(metric: MetricNode) -> MetricNode:
    return replace(metric, metadata=NO_ATTRIBUTES, others=b"")
