"""Which points belong to one series: a dense number a point, for processors that keep state and for the loss report.

What counts is a key per level, worked out once per distinct value of a pool; the rest is numbers. A processor whose
idea of a series is another one brings other keys, and columns of its own such as start times.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.pool import Pool
from phoenix.engine.values.map_hash import hashed_map
from phoenix.engine.values.nodes import MetricNode, PointAttributes, ResourceNode, ScopeNode

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Keys:
    """What tells series apart, level by level; what a level's values have in common is one series."""

    resource: Callable[[ResourceNode], Hashable]
    scope: Callable[[ScopeNode], Hashable]
    metric: Callable[[MetricNode], Hashable]
    attributes: Callable[[PointAttributes], Hashable]


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows with a number each; equal numbers belong together.

    Attributes:
        number: int32[n], 0, 1, ... in the order first seen; -1 for rows that were not asked for.
        first: int64[count], the row where each number stands first.
    """

    number: Int32s
    first: Int64s

    def __len__(self) -> int:
        return len(self.first)


def _scope_key(scope: ScopeNode) -> Hashable:
    return scope.name, scope.version, hashed_map(scope.attributes)


def _metric_key(metric: MetricNode) -> Hashable:
    # metric.go: the temporality of types that have none is 0, and gauges and summaries are not monotonic.
    return metric.name, metric.unit, metric.type, metric.monotonic, metric.temporality


# internal/exp/metrics/identity of 0.160.0: delta_to_cumulative and interval go by it.
STREAM: Final = Keys(lambda node: hashed_map(node.attributes), _scope_key, _metric_key, hashed_map)


def value_numbers(pool: Pool[Any], rows: Int32s, key: Callable[[Any], Hashable]) -> Int64s:
    """Return int64 for each of these rows of a pool: the number of its key, worked out once per distinct row."""
    used = np.zeros(len(pool), dtype=np.bool_)
    used[rows] = True
    known: dict[Hashable, int] = {}
    table = np.zeros(len(pool), dtype=np.int64)
    for row in np.flatnonzero(used).tolist():
        table[row] = known.setdefault(key(pool[row]), len(known))
    return table[rows]


def number_rows(*columns: NDArray[Any], of: Mask | None = None) -> Numbered:
    """Return rows numbered by what all columns, of any 64-bit integers, say together; only those of `of` when given."""
    from phoenix.engine.kernels.series_kernel import numbered  # noqa: PLC0415 numba is slow to import

    chosen = None if of is None or of.all() else np.flatnonzero(of)
    packed = _packed([column if chosen is None else column[chosen] for column in columns])
    while len(packed) > 2:
        packed = _packed([numbered(packed[0], packed[1])[0], *packed[2:]])
    number, first = numbered(packed[0], packed[1] if len(packed) > 1 else np.zeros(0, dtype=np.int64))
    if chosen is None or of is None:
        return Numbered(number, first)
    everywhere = np.full(len(of), -1, dtype=np.int32)
    everywhere[chosen] = number
    return Numbered(everywhere, chosen[first])


def _packed(columns: Sequence[NDArray[Any]]) -> list[Int64s]:
    # As few columns that say the same: small numbers side by side in one integer.
    if not columns:
        raise ValueError("there is no column to number rows by")
    packed: list[Int64s] = []
    room = 0
    for column in columns:
        values = column.astype(np.int64, copy=False)
        least, most = (int(values.min()), int(values.max())) if len(values) else (0, 0)
        size = most.bit_length() if least >= 0 else 64
        if not packed or size > room:
            packed.append(values)
            room = 63 - size
        else:
            packed[-1] = packed[-1] << size | values
            room -= size
    return packed


def node_numbers(frame: Frame, keys: Keys) -> tuple[Int32s, Int32s, Int32s]:
    """Return int32 for each resource, scope and metric: equal where the node and all nodes above have equal keys."""
    pools = frame.pools
    resources = number_rows(value_numbers(pools.resources, frame.resources.value, keys.resource)).number
    scopes = number_rows(
        resources[frame.scopes.parent], value_numbers(pools.scopes, frame.scopes.value, keys.scope)
    ).number
    metrics = number_rows(
        scopes[frame.metrics.parent], value_numbers(pools.metrics, frame.metrics.value, keys.metric)
    ).number
    return resources, scopes, metrics


def series_numbers(frame: Frame, keys: Keys = STREAM, *more: NDArray[Any], of: Mask | None = None) -> Numbered:
    """Return every point's series.

    Args:
        frame: dropped points have the number -1, and do not count.
        keys: what tells series apart.
        more: columns over the points that tell series apart too, of any 64-bit integers.
        of: bool[N], number only these points.
    """
    alive = frame.alive(Level.POINT)
    asked = alive if of is None else of if alive is None else of & alive
    metric = node_numbers(frame, keys)[2][frame.points.metric]
    attributes = value_numbers(frame.pools.attributes, frame.points.attributes, keys.attributes)
    return number_rows(metric, attributes, *more, of=asked)
