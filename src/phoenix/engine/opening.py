"""Between a capture and a frame: the first and the last step of an evaluation."""

from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.collector.replay.timeline import Timeline
from phoenix.engine.frame import Frame, Int32s, Level, NodeTable, PointTable, Pools
from phoenix.engine.pool import Pool
from phoenix.engine.values.codec import read_map, write_map
from phoenix.engine.values.node_codec import (
    read_metric,
    read_resource,
    read_scope,
    write_metric,
    write_resource,
    write_scope,
)
from phoenix.telemetry.capture import Capture, Nodes, Points

T = TypeVar("T")


def open_frame(capture: Capture, timeline: Timeline | None = None) -> Frame:
    """Return a capture as the first processor gets it. Costs nothing per point: arrays are shared.

    Raises:
        CaptureTimesError: a point is dated beyond what a clock can show.
    """
    timeline = timeline or Timeline.of(capture)
    points = capture.points
    return Frame(
        source=capture,
        arrivals=timeline.requests,
        resources=NodeTable(capture.resources.parent, capture.resources.value),
        scopes=NodeTable(capture.scopes.parent, capture.scopes.value),
        metrics=NodeTable(capture.metrics.parent, capture.metrics.value),
        points=PointTable(
            points.metric,
            points.attributes,
            points.start_time,
            points.time,
            points.flags,
            points.kind,
            points.bits,
            points.rest,
        ),
        pools=Pools(
            Pool(capture.resources.values, read_resource, write_resource),
            Pool(capture.scopes.values, read_scope, write_scope),
            Pool(capture.metrics.values, read_metric, write_metric),
            Pool(points.attribute_values, read_map, write_map),
            Pool(points.rest_values, bytes, bytes),
        ),
    )


def close_frame(frame: Frame) -> Capture:
    """Return the frame as a capture: rows that are dropped are gone, requests that hold nothing are left out.

    The origin is the source's. Cost: a few passes over the points that are left.
    """
    rows = [_left(frame, level) for level in Level]
    # Requests whose every resource went away were not sent on.
    sent = np.unique(frame.resources.parent[rows[0]])
    tables = []
    above: NDArray[np.integer] = sent
    size = len(frame.arrivals)
    levels: tuple[tuple[NodeTable, Pool[Any]], ...] = (
        (frame.resources, frame.pools.resources),
        (frame.scopes, frame.pools.scopes),
        (frame.metrics, frame.pools.metrics),
    )
    batch: Int32s | None = None
    for (table, pool), left in zip(levels, rows[:3], strict=True):
        parent = _places(above, size)[table.parent[left]]
        batch = parent if batch is None else batch[parent]
        tables.append(Nodes(_frozen(batch), _frozen(parent), _positions(parent), *_used(pool, table.value[left])))
        above, size = left, len(table)
    resources, scopes, metrics = tables
    points, left = frame.points, rows[3]
    attributes, attribute_values = _used(frame.pools.attributes, points.attributes[left])
    said = points.rest[left] >= 0
    used, rest_values = _used(frame.pools.rests, points.rest[left][said])
    rest = np.full(len(left), -1, dtype=np.int32)
    rest[said] = used
    return Capture(
        batches=_frozen(frame.arrivals[sent].astype(np.uint64)),
        resources=resources,
        scopes=scopes,
        metrics=metrics,
        points=Points(
            metric=_frozen(_places(above, size)[points.metric[left]]),
            attributes=attributes,
            start_time=_frozen(points.start_time[left]),
            time=_frozen(points.time[left]),
            flags=_frozen(points.flags[left]),
            kind=_frozen(points.kind[left]),
            bits=_frozen(points.bits[left]),
            rest=_frozen(rest),
            attribute_values=attribute_values,
            rest_values=rest_values,
        ),
        origin=frame.source.origin,
    )


def _left(frame: Frame, level: Level) -> NDArray[np.int64]:
    alive = frame.alive(level)
    return np.arange(frame.size(level)) if alive is None else np.flatnonzero(alive)


def _places(rows: NDArray[np.integer], size: int) -> Int32s:
    # Where each of `size` rows stands among those that are left; a table, for a search takes ten times as long.
    places = np.zeros(size, dtype=np.int32)
    places[rows] = np.arange(len(rows), dtype=np.int32)
    return places


def _positions(parent: Int32s) -> Int32s:
    row = np.arange(len(parent), dtype=np.int32)
    first = np.zeros_like(row)
    first[1:] = np.where(parent[1:] != parent[:-1], row[1:], 0)
    return _frozen(row - np.maximum.accumulate(first))


def _used(pool: Pool[T], rows: Int32s) -> tuple[Int32s, pa.BinaryArray]:
    # The pool rows in use, numbered from 0, and their bytes; two rows of a pool may have the same bytes.
    if not len(rows):
        return _frozen(np.zeros(0, dtype=np.int32)), pa.array([], type=pa.binary())
    # A mark for each row of the pool costs a tenth of sorting the rows, which may be millions.
    used = np.zeros(len(pool), dtype=np.bool_)
    used[rows] = True
    known: dict[bytes, int] = {}
    numbers = np.zeros(len(pool), dtype=np.int32)
    for row in np.flatnonzero(used).tolist():
        numbers[row] = known.setdefault(pool.written(row), len(known))
    return _frozen(numbers[rows]), pa.array(list(known), type=pa.binary())


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
