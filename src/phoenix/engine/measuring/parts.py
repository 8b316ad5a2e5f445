"""What measuring works out of a frame's tables, each part from few arrays: kept while it is those of the capture.

A what-if evaluates many configs on one capture, and most of them leave most arrays as they are; so what depends on the
capture's own arrays is worked out once and kept beside its pools.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Mask, PointTable
from phoenix.engine.measuring.facts import ATTRIBUTES_JSON, DATA, IDENTITY, SIZE, Facts, PoolFacts
from phoenix.engine.pool import Pool
from phoenix.engine.tree import fixed, has_own_tree
from phoenix.telemetry.capture import PointKind, Points
from phoenix.telemetry.measure.flat_json import own_json_bytes

T = TypeVar("T")
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]


class IrregularError(Exception):
    """Something that only the slow way measures rightly: times after 2262, points out of order, huge numbers."""


class Parts:
    """Everything known of one capture's pools and arrays."""

    def __init__(self, frame: Frame) -> None:
        self.facts = PoolFacts(frame.pools, frame.source)
        self._kept: dict[str, Any] = {}

    def part(self, name: str, own: bool, make: Callable[[], T]) -> T:
        """Return a part; one that is made of the capture's `own` arrays alone is made once."""
        if not own:
            return make()
        if name not in self._kept:
            self._kept[name] = make()
        found: T = self._kept[name]
        return found


_AT_ONCE: Final = 1 << 18
_KNOWN: "WeakKeyDictionary[Pool[Any], Parts]" = WeakKeyDictionary()


def parts_of(frame: Frame) -> Parts:
    """Return what is known of the frame's capture."""
    found = _KNOWN.get(frame.pools.attributes)
    if found is None:
        found = _KNOWN[frame.pools.attributes] = Parts(frame)
    return found


@dataclass(frozen=True, slots=True)
class Own:
    """Which of a frame's arrays are those of its capture: all parents, the numbers of points, and what nodes say."""

    tree: bool
    numbers: bool
    resources: bool
    scopes: bool
    metrics: bool
    attributes: bool

    @classmethod
    def of(cls, frame: Frame) -> "Own":
        """Look at a frame."""
        source, points = frame.source, frame.points
        same = [
            getattr(points, name) is getattr(source.points, name)
            for name in ("start_time", "time", "flags", "kind", "bits", "rest")
        ]
        return cls(
            tree=has_own_tree(frame),
            numbers=all(same),
            resources=frame.resources.value is source.resources.value,
            scopes=frame.scopes.value is source.scopes.value,
            metrics=frame.metrics.value is source.metrics.value,
            attributes=points.attributes is source.points.attributes,
        )


@dataclass(frozen=True, slots=True)
class Numbers:
    """Bytes of the points themselves.

    Attributes:
        size: int32[N], without attributes.
        json: int32[N], without attributes, name and resource.
    """

    size: Int32s
    json: Int32s


@dataclass(frozen=True, slots=True)
class Cells:
    """Metric nodes that hold the same series, in the same order, are one cell.

    Attributes:
        cell: int32[M], of each metric node.
        node: int64[C], the first metric node of each cell.
        points: int64[C], how many points each of its nodes has.
        nodes: int64[C], how many nodes it has, dropped ones too.
        slots: int64[C + 1], rows of `series`: the points of a node of cell c are of `series[slots[c]:slots[c + 1]]`.
        series: int32[...], series by number.
        count: how many series there are.
    """

    cell: Int32s
    node: Int64s
    points: Int64s
    nodes: Int64s
    slots: Int64s
    series: Int32s
    count: int


def column(facts: Facts, number: int) -> Int64s:
    """Return one column of a table, as kernels take it."""
    return fixed(np.ascontiguousarray(facts.rows[:, number]))


def numbers_of(frame: Frame, facts: PoolFacts) -> Numbers:
    """Return the bytes of the points themselves.

    Raises:
        IrregularError: a point is dated after 2262.
    """
    from phoenix.engine.kernels.sizes_kernel import NumberColumns, size_own  # noqa: PLC0415 numba is slow to import

    points = frame.points
    size, json = (np.empty(len(points), dtype=np.int32) for _ in range(2))
    columns = NumberColumns(
        fixed(points.start_time.view(np.int64)),
        fixed(points.time.view(np.int64)),
        fixed(points.flags),
        fixed(points.kind),
        fixed(points.bits),
        fixed(points.rest),
    )
    if size_own(columns, column(facts.rests, 0), size, json):
        raise IrregularError
    doubles, structured = (
        np.flatnonzero(points.kind == PointKind.DOUBLE),
        np.flatnonzero(points.kind > PointKind.DOUBLE),
    )
    # In parts, for the system takes longer to give memory for all of them at once than the work takes.
    for rows in (*np.split(doubles, np.arange(_AT_ONCE, len(doubles), _AT_ONCE)), structured):
        json[rows] = _textual_sizes(points, rows, frame.pools.rests)
    return Numbers(fixed(size), fixed(json))


def _textual_sizes(points: PointTable, rows: Int64s, rests: Pool[bytes]) -> Int64s:
    # Of doubles and structured points; rests are looked at only where there are any.
    nothing: pa.BinaryArray = pa.array([], type=pa.binary())
    structured = bool((points.kind[rows] > PointKind.DOUBLE).any())
    values = rests.array() if structured else nothing
    rest = points.rest[rows] if structured else np.full(len(rows), -1, dtype=np.int32)
    time, unread = points.time[rows], np.zeros(len(rows), dtype=np.int32)
    taken = Points(
        metric=unread,
        attributes=unread,
        start_time=time,
        time=time,
        flags=unread.view(np.uint32),
        kind=points.kind[rows],
        bits=points.bits[rows],
        rest=rest,
        attribute_values=nothing,
        rest_values=values,
    )
    return own_json_bytes(taken)


def sums_of(frame: Frame, facts: PoolFacts, first: Int64s, numbers: Numbers, gone: Mask) -> tuple[Int32s, Int32s]:
    """Return the bytes of the points of each metric node as fields, and their JSON bytes, without `gone` points."""
    from phoenix.engine.kernels.sizes_kernel import MetricColumns, sum_points  # noqa: PLC0415 numba is slow to import

    columns = MetricColumns(
        first,
        numbers.size,
        numbers.json,
        fixed(frame.points.attributes),
        column(facts.attributes, SIZE),
        column(facts.attributes, ATTRIBUTES_JSON),
    )
    data, json = (np.empty(len(frame.metrics), dtype=np.int32) for _ in range(2))
    sum_points(columns, gone, data, json)
    return fixed(data), fixed(json)


def metric_sizes_of(frame: Frame, facts: PoolFacts, data: Int32s) -> Int32s:
    """Return the bytes of each metric node as a field."""
    from phoenix.engine.kernels.sizes_kernel import size_metrics  # noqa: PLC0415 numba is slow to import

    sizes = np.empty(len(data), dtype=np.int32)
    of_values = fixed(np.ascontiguousarray(facts.metrics.rows[:, SIZE : DATA + 1]))
    size_metrics(fixed(frame.metrics.value), of_values, data, sizes)
    return fixed(sizes)


@dataclass(frozen=True, slots=True)
class Tuples:
    """The attributes of the points of each metric node, as one number.

    Attributes:
        number: int32[M].
        offsets: int64[T + 1], rows of `members`.
        members: int32[...], identities of attributes.
    """

    number: Int32s
    offsets: Int64s
    members: Int32s


def tuples_of(frame: Frame, facts: PoolFacts, first: Int64s, gone: Mask) -> Tuples:
    """Return what tells the points of one metric node apart."""
    from phoenix.engine.kernels.tuples_kernel import number_tuples  # noqa: PLC0415 numba is slow to import

    identity = facts.attributes.rows[:, IDENTITY].astype(np.int32)
    return Tuples(*number_tuples(first, fixed(_taken(identity, frame.points.attributes)), gone))


@dataclass(frozen=True, slots=True)
class Lanes:
    """Metric nodes by scope, metric and attributes of their points, as identities.

    Attributes:
        number: int32[M].
        tuples: the attributes of the points.
    """

    number: Int32s
    tuples: Tuples


def lanes_of(frame: Frame, facts: PoolFacts, tuples: Tuples) -> Lanes:
    """Return the lanes of a frame."""
    scope = _taken(facts.scopes.rows[:, IDENTITY], frame.scopes.value)
    metric = _taken(facts.metrics.rows[:, IDENTITY], frame.metrics.value)
    number = _paired(_taken(scope, frame.metrics.parent), metric)
    return Lanes(_paired(number, tuples.number), tuples)


def cells_of(frame: Frame, facts: PoolFacts, lanes: Lanes, resources: Int32s) -> Cells:
    """Return the cells of a frame: metric nodes of one resource identity and one lane.

    Args:
        frame: whose scopes, metrics and points count.
        facts: of its pools.
        lanes: of the frame.
        resources: int32[R], the pool row of each resource.
    """
    tuples = lanes.tuples
    resource = _taken(facts.resources.rows[:, IDENTITY], resources)
    of_metric = _taken(_taken(resource, frame.scopes.parent), frame.metrics.parent)
    cell, node = _numbered(of_metric, lanes.number)
    number = tuples.number[node]
    points = tuples.offsets[number + 1] - tuples.offsets[number]
    slots = np.concatenate([[0], np.cumsum(points)])
    # Each slot's member: where the tuple begins, and how far into the cell the slot is.
    member = np.repeat(tuples.offsets[number] - slots[:-1], points) + np.arange(slots[-1])
    above = _paired(of_metric[node], _scope_and_metric(frame, facts, node))
    series, first = _numbered(np.repeat(above, points), tuples.members[member])
    nodes = np.bincount(cell, minlength=len(node))
    return Cells(fixed(cell), node, fixed(points), nodes, fixed(slots), fixed(series), len(first))


def _scope_and_metric(frame: Frame, facts: PoolFacts, node: Int64s) -> Int32s:
    scope = _taken(facts.scopes.rows[:, IDENTITY], frame.scopes.value[frame.metrics.parent[node]])
    return _paired(scope, _taken(facts.metrics.rows[:, IDENTITY], frame.metrics.value[node]))


def _paired(left: NDArray[Any], right: NDArray[Any]) -> Int32s:
    # Rows with equal pairs get one number.
    most = (int(left.max(initial=0)) + 1) * (int(right.max(initial=0)) + 1)
    if most <= 1:
        return np.zeros(len(left), dtype=np.int32)
    if most < np.iinfo(np.int32).max:
        paired: Int32s = (left * np.int64(int(right.max(initial=0)) + 1) + right).astype(np.int32)
        return paired
    return _numbered(left, right)[0]


def _numbered(left: NDArray[Any], right: NDArray[Any]) -> tuple[Int32s, Int64s]:
    # A dense number for each pair, and where each stands first.
    from phoenix.engine.kernels.series_kernel import numbered  # noqa: PLC0415 numba is slow to import

    return numbered(left.astype(np.int64) << 31 | right, np.zeros(0, dtype=np.int64))


def _taken(table: NDArray[Any], rows: Int32s) -> Int32s:
    if not len(rows):
        return np.zeros(0, dtype=np.int32)
    taken: Int32s = table[rows].astype(np.int32, copy=False)
    return taken


def bounds_of(frame: Frame, tree: Any) -> Int64s:
    """Return int64[R, 2]: the earliest and the latest time below each resource, dropped points too."""
    from phoenix.engine.kernels.measure_kernel import bound_times  # noqa: PLC0415 numba is slow to import

    bounds = np.empty((len(frame.resources), 2), dtype=np.int64)
    bound_times(tree, fixed(frame.points.time.view(np.int64)), bounds)
    return fixed(bounds)
