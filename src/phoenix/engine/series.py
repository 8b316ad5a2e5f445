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
from phoenix.engine.in_use import in_use
from phoenix.engine.pool import Pool
from phoenix.engine.tree import fixed
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


def value_numbers(pool: Pool[Any], rows: Int32s, key: Callable[[Any], Hashable], *, of: Mask | None = None) -> Int32s:
    """Return int32 for each of these rows of a pool: the number of its key, worked out once per distinct row.

    Rows that are not `of` may say anything: what only they have is not looked at.
    """
    return _key_numbers(pool, in_use(rows) if of is None else in_use(rows[of]), key)[rows]


def _key_numbers(pool: Pool[Any], used: NDArray[np.integer], key: Callable[[Any], Hashable]) -> Int32s:
    # int32 over the pool: the numbers of the keys of the rows in use.
    known: dict[Hashable, int] = {}
    table = np.zeros(len(pool), dtype=np.int32)
    table[used] = [known.setdefault(key(pool[row]), len(known)) for row in used.tolist()]
    return table


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


def scope_numbers(frame: Frame, keys: Keys) -> Int32s:
    """Return int32 for each scope: equal where it and its resource have equal keys; dropped ones say anything."""
    pools = frame.pools
    alive = frame.alive(Level.RESOURCE), frame.alive(Level.SCOPE)
    resources = number_rows(value_numbers(pools.resources, frame.resources.value, keys.resource, of=alive[0])).number
    scopes = value_numbers(pools.scopes, frame.scopes.value, keys.scope, of=alive[1])
    return number_rows(resources[frame.scopes.parent], scopes).number


def series_numbers(
    frame: Frame, keys: Keys = STREAM, *, of: Mask | None = None, by_kind_and_start: bool = False
) -> Numbered:
    """Return every point's series.

    Cost: one pass over the points; keys are worked out once per distinct value.

    Args:
        frame: dropped points have the number -1, and do not count.
        keys: what tells series apart.
        of: bool[N], number only these points, none of which is dropped.
        by_kind_and_start: the kind of number and the start time tell series apart too.
    """
    from phoenix.engine.kernels.points_kernel import Places, numbered_points  # noqa: PLC0415 numba is slow to import

    points, pools = frame.points, frame.pools
    asked = frame.alive(Level.POINT) if of is None else of
    metrics = _key_numbers(pools.metrics, in_use(frame.metrics.value), keys.metric)
    attributes = _key_numbers(pools.attributes, in_use(points.attributes), keys.attributes)
    places = Places(
        fixed(points.metric),
        fixed(frame.metrics.parent),
        fixed(frame.metrics.value),
        scope_numbers(frame, keys),
        metrics,
        fixed(points.attributes),
        attributes,
        fixed(points.kind),
        fixed(points.start_time.view(np.int64)),
    )
    return Numbered(*numbered_points(places, asked, by_kind_and_start=by_kind_and_start))
