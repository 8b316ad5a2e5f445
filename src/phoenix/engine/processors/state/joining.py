"""One frame made of what passes a processor at once and of what it sends on its own account, later."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Int32s, Level, NodeTable
from phoenix.engine.reshaping.origins import taken

Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """Requests as tables of their own; nothing in them is dropped.

    Attributes:
        arrivals: int64[B], when each goes on.
        nodes: resources (whose parent is the request), scopes and metrics.
        metric: int32[N], row of the metric that each point is below.
        rows: int64[N], the points, as rows of the frame they come from.
    """

    arrivals: Int64s
    nodes: tuple[NodeTable, NodeTable, NodeTable]
    metric: Int32s
    rows: Int64s


def what_is_left(frame: Frame) -> Part:
    """Return a frame's requests without its dropped rows; requests may be empty."""
    kept = [_alive_rows(frame, level) for level in Level]
    above: Int64s = np.arange(len(frame.arrivals))
    nodes = []
    for table, rows in zip((frame.resources, frame.scopes, frame.metrics), kept[:3], strict=True):
        nodes.append(NodeTable(np.searchsorted(above, table.parent[rows]).astype(np.int32), table.value[rows]))
        above = rows
    metric = np.searchsorted(above, frame.points.metric[kept[3]]).astype(np.int32)
    return Part(frame.arrivals, (nodes[0], nodes[1], nodes[2]), metric, kept[3])


def joined(frame: Frame, sent: Part, passing: Part) -> Frame:
    """Return the requests of both parts by their arrival; at equal moments those of `sent` come first.

    Args:
        frame: where the points of both are.
        sent: what the processor sends on its own account.
        passing: what went through.
    """
    parts = (sent, passing)
    arrivals = np.concatenate([part.arrivals for part in parts])
    order = np.argsort(arrivals, kind="stable")
    places = _split(order, [len(part.arrivals) for part in parts])
    tables = []
    for level in range(3):
        parent = _below(places, [part.nodes[level].parent for part in parts])
        value = np.concatenate([part.nodes[level].value for part in parts])
        by_parent = np.argsort(parent, kind="stable")
        tables.append(NodeTable(parent[by_parent], value[by_parent]))
        places = _split(by_parent, [len(part.nodes[level]) for part in parts])
    metric = _below(places, [part.metric for part in parts])
    by_metric = np.argsort(metric, kind="stable")
    rows = np.concatenate([part.rows for part in parts])[by_metric]
    return frame.with_(
        arrivals=arrivals[order],
        resources=tables[0],
        scopes=tables[1],
        metrics=tables[2],
        points=frame.points.take(rows, metric[by_metric]),
        dropped={},
        lineage=taken(frame.lineage, rows),
    )


def _alive_rows(frame: Frame, level: Level) -> Int64s:
    alive = frame.alive(level)
    return np.arange(frame.size(level)) if alive is None else np.flatnonzero(alive)


def _split(order: Int64s, sizes: Sequence[int]) -> list[Int32s]:
    # Where each row of each part stands once all are in this order.
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    return np.split(place, np.cumsum(sizes)[:-1])


def _below(places: Sequence[Int32s], parents: Sequence[Int32s]) -> Int32s:
    return np.concatenate([place[parent] for place, parent in zip(places, parents, strict=True)])
