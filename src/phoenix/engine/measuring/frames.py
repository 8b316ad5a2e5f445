"""`measure_frame`: the measurement of what a frame says, from its tables as they are."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level
from phoenix.engine.measuring import parts as of
from phoenix.engine.measuring.counters import Accounts, Scene, accounts_of, totals_of
from phoenix.engine.measuring.facts import COUNTS, IDENTITY, IS_PROCESS, NAME, NAME_JSON, RESOURCE_JSON, SIZE
from phoenix.engine.measuring.parts import Cells, Int32s, Int64s, IrregularError, Own, Parts, column
from phoenix.engine.opening import close_frame
from phoenix.engine.tree import fixed, tree_of
from phoenix.telemetry.measure import Measurement, MetricCount, measure

if TYPE_CHECKING:
    from phoenix.engine.kernels.tree_kernel import Tree


def measure_frame(frame: Frame) -> Measurement:
    """Return exactly what `measure(close_frame(frame))` returns, without building that capture.

    Cost: one pass over the metric nodes, and one over the points of counters whose series lost some but not all; what
    depends on the capture alone is worked out at its first frame and kept beside its pools (`parts`). Frames whose
    tables are their own cost several passes over their points.
    """
    try:
        return _Measuring.of(frame).measured()
    except IrregularError:
        return measure(close_frame(frame))


@dataclass(frozen=True, slots=True)
class _Walked:
    """What one walk over the nodes found.

    Attributes:
        there: int64[C], how many nodes of each cell are there.
        batches: how many hold points.
        resources: int64[...], the rows of the pool that have points.
        bytes, json: without the names.
    """

    there: Int64s
    batches: int
    resources: Int64s
    bytes: int
    json: int


@dataclass(frozen=True, slots=True)
class _Measuring:
    frame: Frame
    parts: Parts
    own: Own
    tree: "Tree"
    sizes: Int32s
    json: Int32s
    cells: Cells
    cells_own: bool

    @classmethod
    def of(cls, frame: Frame) -> "_Measuring":
        """Work out, or find, what the walk reads."""
        parts, own = of.parts_of(frame), Own.of(frame)
        parts.facts.require(frame)
        facts, tree = parts.facts, tree_of(frame)
        gone = tree.gone_points
        numbers = parts.part("numbers", own.numbers, lambda: of.numbers_of(frame, facts))
        points_own = own.tree and own.attributes and not len(gone)
        data, json = parts.part(
            "sums", points_own and own.numbers, lambda: of.sums_of(frame, facts, tree.points, numbers, gone)
        )
        sizes = parts.part(
            "sizes", points_own and own.numbers and own.metrics, lambda: of.metric_sizes_of(frame, facts, data)
        )
        tuples = parts.part("tuples", points_own, lambda: of.tuples_of(frame, facts, tree.points, gone))
        lanes_own = points_own and own.scopes and own.metrics
        lanes = parts.part("lanes", lanes_own, lambda: of.lanes_of(frame, facts, tuples))
        cells_own = lanes_own and (own.resources or _renamed(frame, parts))
        # What is kept must be the capture's own: nodes that are dropped here may say anything.
        resources = frame.source.resources.value if cells_own else frame.resources.value
        cells = parts.part("cells", cells_own, lambda: of.cells_of(frame, facts, lanes, resources))
        return cls(frame, parts, own, tree, sizes, json, cells, cells_own)

    def measured(self) -> Measurement:
        """Return the measurement."""
        frame, cells, facts = self.frame, self.cells, self.parts.facts
        walked = self._walk()
        points = walked.there * cells.points
        metric = facts.metrics.rows[frame.metrics.value[cells.node]]
        first, last = self._times()
        present = np.flatnonzero(points)
        return Measurement(
            series=int(np.count_nonzero(self._present(present))),
            points=int(points.sum()),
            bytes=walked.bytes,
            json_bytes=walked.json + int((points * metric[:, NAME_JSON]).sum()),
            metrics=self._metrics(points, metric[:, NAME], present),
            first_time=first,
            last_time=last,
            scrapes=walked.batches,
            processes=self._processes(walked.resources),
            totals=totals_of(self._scene(first), walked.there, self._accounts(metric, first)),
        )

    def _walk(self) -> _Walked:
        from phoenix.engine.kernels.measure_kernel import Found, Sizes, walk  # noqa: PLC0415 numba is slow to import

        frame, cells, facts = self.frame, self.cells, self.parts.facts
        resources = np.ascontiguousarray(facts.resources.rows[:, [SIZE, RESOURCE_JSON]])
        sizes = Sizes(
            fixed(frame.resources.value),
            fixed(frame.scopes.value),
            fixed(resources),
            column(facts.scopes, SIZE),
            self.sizes,
            self.json,
            cells.cell,
            cells.points,
        )
        there, sums = np.zeros(len(cells.node), dtype=np.int64), np.zeros(3, dtype=np.int64)
        batches = np.zeros(len(frame.arrivals), dtype=np.bool_)
        values = np.zeros(len(resources), dtype=np.bool_)
        walk(self.tree, sizes, fixed(frame.resources.parent), Found(there, batches, values, sums))
        return _Walked(there, int(np.count_nonzero(batches)), np.flatnonzero(values), int(sums[0]), int(sums[1]))

    def _times(self) -> tuple[int, int]:
        from phoenix.engine.kernels.measure_kernel import time_range  # noqa: PLC0415 numba is slow to import

        own = self.own.tree and self.own.numbers
        bounds = self.parts.part("bounds", own, lambda: of.bounds_of(self.frame, self.tree))
        first, last = time_range(self.tree, fixed(self.frame.points.time.view(np.int64)), bounds)
        return int(first), int(last)

    def _present(self, present: Int64s) -> NDArray[np.bool_]:
        cells = self.cells
        found = np.zeros(cells.count, dtype=np.bool_)
        there = np.zeros(len(cells.node), dtype=np.bool_)
        there[present] = True
        found[cells.series[np.repeat(there, cells.points)]] = True
        return found

    def _metrics(self, points: Int64s, name: Int64s, present: Int64s) -> dict[str, MetricCount]:
        cells, names = self.cells, self.parts.facts.names
        of_series = np.zeros(cells.count, dtype=np.int64)
        of_series[cells.series] = np.repeat(name, cells.points)
        series = np.bincount(of_series[self._present(present)], minlength=len(names))
        counted = np.zeros(len(names), dtype=np.int64)
        np.add.at(counted, name, points)
        known = sorted((names[number], number) for number in np.flatnonzero(counted).tolist())
        return {text: MetricCount(int(series[number]), int(counted[number])) for text, number in known}

    def _processes(self, values: Int64s) -> int:
        resources = self.parts.facts.resources.rows[values]
        return len(np.unique(resources[resources[:, IS_PROCESS] > 0, IDENTITY]))

    def _scene(self, since: int, *, masked: bool = True) -> Scene:
        tree = self.tree if masked else self.tree._replace(masked=fixed(np.zeros(4, dtype=np.bool_)))
        return Scene(self.frame, self.parts.facts, tree, self.cells, since)

    def _accounts(self, metric: NDArray[np.int64], since: int) -> Accounts | None:
        # Worth the work only where it is kept.
        if not (self.cells_own and self.own.numbers) or not metric[:, COUNTS].any():
            return None
        return self.parts.part("accounts", own=True, make=lambda: accounts_of(self._scene(since, masked=False)))


def _renamed(frame: Frame, parts: Parts) -> bool:
    """Whether resources were told apart in the capture exactly where they are here; dropped ones do not matter."""
    identity = parts.facts.resources.rows[:, IDENTITY]
    before, after = identity[frame.source.resources.value], identity[frame.resources.value]
    gone = frame.dropped.get(Level.RESOURCE)
    if gone is not None:
        before, after = before[~gone], after[~gone]
    if not len(before):
        return True
    # Each one's partner is the last seen; with one partner each, that is everyone's.
    partner = np.zeros((2, 1 + int(max(before.max(), after.max()))), dtype=np.int64)
    partner[0][before], partner[1][after] = after, before
    return bool((partner[0][before] == after).all() and (partner[1][after] == before).all())
