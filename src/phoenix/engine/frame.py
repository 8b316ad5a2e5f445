"""A capture on its way through a pipeline: the tree's tables with what is dropped marked, not moved.

Passes take a frame and give a frame; arrays are never written to once a frame has them, so frames share what did not
change. Dropping sets marks, changing points a row at another pool row; only processors that build a new tree (grouping,
aggregating, batching) make new tables.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.pool import Pool
from phoenix.engine.values.nodes import MetricNode, PointAttributes, ResourceNode, Rest, ScopeNode
from phoenix.telemetry.capture import Capture

if TYPE_CHECKING:
    from phoenix.engine.paths.overlays import KeyColumn

Mask = NDArray[np.bool_]
Int32s = NDArray[np.int32]


class Level(IntEnum):
    """A level of the tree, from the top."""

    RESOURCE = 0
    SCOPE = 1
    METRIC = 2
    POINT = 3


@dataclass(frozen=True, slots=True)
class NodeTable:
    """The nodes of one level, in the collector's order: by parent, then position.

    Attributes:
        parent: int32[n], row one level up (for resources: the batch). Never falls.
        value: int32[n], row of the level's pool.
    """

    parent: Int32s
    value: Int32s

    def __len__(self) -> int:
        return len(self.parent)


@dataclass(frozen=True, slots=True)
class PointTable:
    """The points, in the collector's order; the fields are those of `telemetry.capture.Points`.

    Attributes:
        metric: int32[N], row of the metric node. Never falls.
        attributes: int32[N], row of the pool of attributes.
        start_time: uint64[N].
        time: uint64[N].
        flags: uint32[N].
        kind: uint8[N], a `PointKind`.
        bits: int64[N].
        rest: int32[N], row of the pool of rests, -1 for none.
    """

    metric: Int32s
    attributes: Int32s
    start_time: NDArray[np.uint64]
    time: NDArray[np.uint64]
    flags: NDArray[np.uint32]
    kind: NDArray[np.uint8]
    bits: NDArray[np.int64]
    rest: Int32s

    def __len__(self) -> int:
        return len(self.metric)

    def take(self, rows: NDArray[np.integer], metric: Int32s) -> Self:
        """Return these rows, in this order, below the metric nodes given."""
        columns = (self.attributes, self.start_time, self.time, self.flags, self.kind, self.bits, self.rest)
        return type(self)(metric, *(column[rows] for column in columns))


@dataclass(frozen=True, slots=True)
class Pools:
    """What the rows of every level say; shared by all frames made of one capture, and only ever added to."""

    resources: Pool[ResourceNode]
    scopes: Pool[ScopeNode]
    metrics: Pool[MetricNode]
    attributes: Pool[PointAttributes]
    rests: Pool[Rest]


class Lineage:
    """Which points of the capture each point comes from.

    Exactly one of the two is given. Points that come from nothing (none do in OTLP itself) have no origin.

    Args:
        one: int64[N], the one row of the capture's points, -1 for none; None when points were folded.
        offsets: int64[N + 1] into `rows` otherwise; point i comes from `rows[offsets[i]:offsets[i + 1]]`.
        rows: int64[...], rows of the capture's points.
    """

    def __init__(
        self,
        one: NDArray[np.int64] | None = None,
        offsets: NDArray[np.int64] | None = None,
        rows: NDArray[np.int64] | None = None,
    ) -> None:
        self._find: Callable[[], Lineage] | None = None
        self._found = (one, offsets, rows)

    @classmethod
    def later(cls, find: Callable[[], "Lineage"]) -> "Lineage":
        """Return a lineage that is worked out when somebody asks for it; who only measures never does."""
        lineage = cls()
        lineage._find = find
        return lineage

    @property
    def one(self) -> NDArray[np.int64] | None:
        """int64[N] or None."""
        return self._parts()[0]

    @property
    def offsets(self) -> NDArray[np.int64] | None:
        """int64[N + 1] or None."""
        return self._parts()[1]

    @property
    def rows(self) -> NDArray[np.int64] | None:
        """int64[...] or None."""
        return self._parts()[2]

    def _parts(self) -> tuple[NDArray[np.int64] | None, NDArray[np.int64] | None, NDArray[np.int64] | None]:
        if self._find is not None:
            found = self._find()
            self._found, self._find = (found.one, found.offsets, found.rows), None
        return self._found


@dataclass(frozen=True)
class Frame:
    """The telemetry between two processors.

    Attributes:
        source: the capture it all began with.
        arrivals: int64[B], nanoseconds since 1970: when each request arrives here, by the replay's clock
            (`collector.replay.timeline.Timeline`). Never falls.
        resources: parent is the batch.
        scopes: below resources.
        metrics: below scopes.
        points: below metrics.
        pools: what their rows say.
        dropped: per level, bool[n]: this node is gone, and so is all below it; a level without a mask lost none itself.
            Masks need not repeat what a level above says: ask `alive`.
        lineage: where points come from; None while point i is row i of the capture.
        marks: attributes of the resources that stand beside the pool, by key, a row for each resource: what filters and
            transforms hand on to each other. Everyone else asks for `paths.marks.settled` first.
        memory: what passes keep for later passes on the same tables; never part of what the frame says.
    """

    source: Capture
    arrivals: NDArray[np.int64]
    resources: NodeTable
    scopes: NodeTable
    metrics: NodeTable
    points: PointTable
    pools: Pools
    dropped: Mapping[Level, Mask] = field(default_factory=dict)
    lineage: Lineage | None = None
    marks: Mapping[str, "KeyColumn"] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def with_(self, **changes: Any) -> Self:
        """Return this frame with other fields."""
        return replace(self, memory={}, **changes)

    def size(self, level: Level) -> int:
        """Return how many rows a level has, the dropped ones too."""
        return len((self.resources, self.scopes, self.metrics, self.points)[level])

    def parent(self, level: Level) -> Int32s:
        """Return the parent of each row of a level."""
        return self.points.metric if level is Level.POINT else self._nodes(level).parent

    def value(self, level: Level) -> Int32s:
        """Return the pool row of each row of a level; for points that of their attributes."""
        return self.points.attributes if level is Level.POINT else self._nodes(level).value

    def with_value(self, level: Level, value: Int32s) -> Self:
        """Return this frame with other pool rows at one level."""
        if level is Level.POINT:
            changed = self.with_(points=replace(self.points, attributes=value))
        else:
            name = ("resources", "scopes", "metrics")[level]
            changed = self.with_(**{name: replace(self._nodes(level), value=value)})
        changed.alive_found.update(self.alive_found)
        return changed

    def alive(self, level: Level) -> Mask | None:
        """Return bool[n]: neither the row nor anything above it is dropped; None when all are there."""
        if level not in self.alive_found:
            gone = self.dropped.get(level)
            above = self.alive(Level(level - 1)) if level > Level.RESOURCE else None
            here = None if above is None else self._handed_down(above, level)
            if gone is not None:
                here = ~gone if here is None else here & ~gone
            self.alive_found[level] = here
        return self.alive_found[level]

    def dropping(self, level: Level, gone: Mask) -> Self:
        """Return this frame with the marked rows dropped too."""
        before = self.dropped.get(level)
        left = self.with_(dropped={**self.dropped, level: gone if before is None else before | gone})
        for known, alive in self.alive_found.items():
            if known < level:
                left.alive_found[known] = alive
            elif known == level:
                left.alive_found[known] = ~gone if alive is None else alive & ~gone
        return left

    def spread(self, values: NDArray[Any], source: Level, target: Level) -> NDArray[Any]:
        """Return what each row of `target` finds at its row of `source`, which is the same level or above."""
        for level in range(source + 1, target + 1):
            values = self._handed_down(values, Level(level))
        return values

    @cached_property
    def alive_found(self) -> dict[Level, Mask | None]:
        """What `alive` found so far, level by level: most passes never look at points."""
        return {}

    def _handed_down(self, values: NDArray[Any], level: Level) -> NDArray[Any]:
        # Children stand in runs, and repeating is several times faster than looking up.
        from phoenix.engine.tree import own_counts  # noqa: PLC0415 it needs frames itself

        counts = own_counts(self, level)
        return values[self.parent(level)] if counts is None else values.repeat(counts)

    def _nodes(self, level: Level) -> NodeTable:
        return (self.resources, self.scopes, self.metrics)[level]
