"""What measuring must know of each row of a pool, read once however many frames share the pool."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, Pools
from phoenix.engine.pool import Pool
from phoenix.telemetry.buffers import binary_parts
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.measure.flat_json import members_json_bytes, text_json_bytes
from phoenix.telemetry.processes import PID
from phoenix.telemetry.values import Temporality, read_attributes, read_metric, read_resource
from phoenix.telemetry.values.canonical import (
    canonical_attributes,
    canonical_metric,
    canonical_resource,
    canonical_scope,
)

NO_DATA = -1
# Columns of `Facts.rows`: the first two of every pool.
IDENTITY, SIZE = 0, 1
RESOURCE_JSON, IS_PROCESS = 2, 3
ATTRIBUTES_JSON = 2
# Of metrics SIZE is without the data, DATA what the data takes without points.
DATA, NAME, NAME_JSON, COUNTS = 2, 3, 4, 5
NOTHING, CUMULATIVE, DELTA = 0, 1, 2


class Facts:
    """A table of numbers that grows with its pool; only rows that somebody uses are read.

    Args:
        pool: whose rows.
        columns: how many numbers a row has.
        read: bytes of rows to their numbers.
        own: so many first rows are the capture's own.
    """

    def __init__(
        self, pool: Pool[Any], columns: int, read: Callable[[list[bytes]], Sequence[tuple[int, ...]]], own: int
    ) -> None:
        self._pool, self._read = pool, read
        self._rows: NDArray[np.int64] = np.zeros((0, columns), dtype=np.int64)
        self._known: NDArray[np.bool_] = np.zeros(0, dtype=np.bool_)
        # A frame may share arrays that name any of the capture's own. What evaluations added is mostly never asked for.
        self.require(np.arange(own))

    @property
    def rows(self) -> NDArray[np.int64]:
        """int64[V, columns]: one row a pool row; zeros where nobody required it."""
        return self._rows

    def require(self, rows: NDArray[np.integer]) -> None:
        """Read the rows of the pool that are used and were not before."""
        more = len(self._pool) - len(self._rows)
        if more:
            self._rows = np.concatenate([self._rows, np.zeros((more, self._rows.shape[1]), dtype=np.int64)])
            self._known = np.concatenate([self._known, np.zeros(more, dtype=np.bool_)])
        unknown = rows[~self._known[rows]]
        if len(unknown):
            new = np.unique(unknown)
            read = self._read([self._pool.written(row) for row in new.tolist()])
            self._rows[new] = np.array(read, dtype=np.int64).reshape(len(new), -1)
            self._known[new] = True


class PoolFacts:
    """The tables of one capture's pools, and the metric names they speak of.

    Attributes:
        names: by the numbers in column NAME.
    """

    def __init__(self, pools: Pools, capture: Capture) -> None:
        self._known: tuple[dict[bytes, int], ...] = ({}, {}, {}, {})
        self._names: dict[str, int] = {}
        points = capture.points
        self.resources = Facts(pools.resources, 4, self._resources, len(capture.resources.values))
        self.scopes = Facts(pools.scopes, 2, self._scopes, len(capture.scopes.values))
        self.metrics = Facts(pools.metrics, 6, self._metrics, len(capture.metrics.values))
        self.attributes = Facts(pools.attributes, 3, self._attributes, len(points.attribute_values))
        self.rests = Facts(pools.rests, 1, lambda values: [(len(value),) for value in values], len(points.rest_values))

    def require(self, frame: Frame) -> None:
        """Read what a frame uses and no frame before it did; arrays of the capture are known."""
        source, points = frame.source, frame.points
        gone = frame.dropped.get(Level.RESOURCE)
        resources = frame.resources.value if gone is None else frame.resources.value[~gone]
        if frame.resources.value is not source.resources.value:
            self.resources.require(resources)
        for facts, rows, own in (
            (self.scopes, frame.scopes.value, source.scopes.value),
            (self.metrics, frame.metrics.value, source.metrics.value),
            (self.attributes, points.attributes, source.points.attributes),
            (self.rests, points.rest, source.points.rest),
        ):
            if rows is not own:
                facts.require(rows[rows >= 0] if facts is self.rests else rows)

    @property
    def names(self) -> list[str]:
        """The metric names, by number."""
        return list(self._names)

    def _number(self, level: int, identity: bytes) -> int:
        known = self._known[level]
        return known.setdefault(identity, len(known))

    def _resources(self, values: list[bytes]) -> Sequence[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        for value in values:
            attributes = read_resource(value).attributes
            identity = self._number(0, canonical_resource(value))
            found.append((identity, len(value), members_json_bytes(attributes), PID in attributes))
        return found

    def _scopes(self, values: list[bytes]) -> Sequence[tuple[int, ...]]:
        return [(self._number(1, canonical_scope(value)), len(value)) for value in values]

    def _metrics(self, values: list[bytes]) -> Sequence[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        for value, (base, data) in zip(values, _metric_sizes(values), strict=True):
            metric = read_metric(value)
            counts = NOTHING
            if metric.additive:
                counts = DELTA if metric.temporality == Temporality.DELTA else CUMULATIVE
            name = self._names.setdefault(metric.name, len(self._names))
            identity = self._number(2, canonical_metric(value))
            found.append((identity, base, data, name, text_json_bytes(metric.name), counts))
        return found

    def _attributes(self, values: list[bytes]) -> Sequence[tuple[int, ...]]:
        return [
            (self._number(3, canonical_attributes(value)), len(value), members_json_bytes(read_attributes(value)))
            for value in values
        ]


def _metric_sizes(values: list[bytes]) -> list[tuple[int, int]]:
    # Bytes without the data field, and of the data without points; tag and length are written anew.
    from phoenix.telemetry.codec import parts, tags  # noqa: PLC0415 numba is slow to import

    places = np.empty((len(values), 5), dtype=np.int64)
    malformed = parts.place_points(parts.ValueBytes(*binary_parts(pa.array(values, type=pa.binary()))), places)
    if malformed >= 0:
        raise AssertionError(f"a metric of the frame is not the OTLP message it should be: {values[malformed]!r}")
    found = []
    for value, place in zip(values, places.tolist(), strict=True):
        if place[parts.MESSAGE] == tags.NO_DATA:
            found.append((len(value), NO_DATA))
        else:
            whole = place[parts.DATA_STOP] - place[parts.TAG_AT]
            found.append((len(value) - whole, place[parts.DATA_STOP] - place[parts.DATA_START]))
    return found
