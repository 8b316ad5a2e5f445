"""Lists that call metric functions and whose rows see what earlier rows wrote: one row of every parent at a time.

As in `statements.waves`, but on the whole frame, since metric functions look at what is below and beside a row, and the
metrics that they append have their turn behind those that were there before. Cost: a few passes over the frame for each
row of the longest chain, so long ones on much telemetry are refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Column, Space, Truth
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame, Level
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.merging import Where
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.reshaping.growth import of_types
from phoenix.engine.reshaping.reshaped import Reshaped
from phoenix.engine.statements.acting import may_act
from phoenix.engine.statements.cells import Cell, appends_metrics, has_plain_cache
from phoenix.engine.statements.columnwise import ColumnwiseList
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.columns import taken
from phoenix.engine.statements.sequential.owners import ancestors
from phoenix.engine.values.nodes import MetricType
from phoenix.ottl.syntax import Path

# So many waves, and so many points looked at by all of them together.
MOST_WAVES: Final = 1_000
_MOST_LOOKS: Final = 200_000_000
# As often may a list make metrics of the metrics that it has made: twice as many each time, perhaps.
_MOST_AGES: Final = 8
MOST_SINGLE_ROWS: Final = 2_000
# Rows that wait have the number of metrics they go back to that the list has made; others one of these.
_DONE, _RUNNING, _NEW, _LAST = -1, -2, -3, -4


@dataclass(slots=True)
class GrowingList(ColumnwiseList):
    """A list at work on chosen rows, none of which share a node that the list writes to.

    Attributes:
        turns: int64 over the rows of the context: whose turn it is.
    """

    turns: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    @classmethod
    def of(cls, frame: Frame, group: Group, failures: Failures) -> Self:
        """Return a list that no row waits for."""
        return cls(frame, group, failures, turns=np.full(frame.size(LEVELS[group.context]), _DONE))

    @property
    def level(self) -> Level:
        """The level of the rows."""
        return LEVELS[self.group.context]

    def run_rows(self, rows: NDArray[np.intp]) -> None:
        """Run the list for some rows; for one, when rows share a cache."""
        self.turns[rows] = _RUNNING
        self.active = Truth(Space(self.level), self.turns == _RUNNING)
        if not self.group.shared_cache:
            self.cache = Cache(by_key=has_plain_cache(self.group))
        self._run_once()
        if self.group.shared_cache:
            self.cache.settle(Rows(self.frame), self.level, int(np.argmax(self.turns == _RUNNING)))
        self.turns[self.turns == _RUNNING] = _DONE

    def _renumber(self, reshaped: Reshaped) -> None:
        # A class with slots is made anew, and super() without its name means the one before.
        super(GrowingList, self)._renumber(reshaped)
        origins = reshaped.points if self.level is Level.POINT else reshaped.metrics
        if origins is not None:
            self.turns = np.where(origins < 0, _NEW, self.turns[origins])

    def _lift(self, rows: Rows, path: Path) -> Callable[[Column], Column]:
        level = LEVELS[path.context]

        def lift(column: Column) -> Column:
            below = column.space.level
            if below is None or below <= level:
                return column
            running = np.flatnonzero(self.turns == _RUNNING)
            index = np.zeros(rows.frame.size(level), dtype=np.intp)
            index[ancestors(rows.frame, self.level, level, running)] = ancestors(rows.frame, self.level, below, running)
            return replace(taken(rows, column, below, index), space=Space(level))

        return lift

    def _lift_where(self, rows: Rows, where: Where, path: Path) -> Where:
        level, below = LEVELS[path.context], where[0].level
        if below is None or below <= level:
            return where
        reached = np.flatnonzero(rows.spread(where[1], where[0], Space(below)))
        lifted = np.zeros(rows.frame.size(level), dtype=np.bool_)
        lifted[ancestors(rows.frame, below, level, reached)] = True
        return Space(level), lifted


def run_growing(frame: Frame, group: Group, written: Sequence[Cell], failures: Failures) -> Frame:
    """Return the frame after a list that calls metric functions.

    Args:
        frame: what it runs on.
        group: the list; its rows share no cache.
        written: every cell that it writes.
        failures: gets the first request that fails.

    Raises:
        NotColumnarError: there are too many waves, or something in the list cannot be done in columns.
    """
    run = GrowingList.of(frame, group, failures)
    evaluation = Evaluation(frame, group.context, Telemetry(Cache(by_key=False)))
    where = may_act(evaluation, group, written).where
    run.turns[evaluation.rows.alive_where(where.space, where.true, run.level)] = 0
    above = [cell.level for cell in written if cell.level < run.level]
    if above:
        # The metrics of a scope stand in the order in which its rows have made them.
        top = min([*above, *([Level.SCOPE] if any(map(appends_metrics, group.statements)) else [])])
        run_waves(run, top)
        return run.frame
    # Points of other metrics than summaries make nothing, and nobody sees what they write.
    others = ~of_types(frame, MetricType.SUMMARY)[frame.points.metric]
    run.turns[others & (run.turns == 0)] = _LAST
    run_waves(run, Level.SCOPE, new=_LAST)
    last = np.flatnonzero(run.turns == _LAST)
    if len(last):
        run.run_rows(last)
    return run.frame


def run_growing_singly(frame: Frame, groups: Sequence[Group], failures: Failures, otherwise: NotColumnarError) -> Frame:
    """Return the frame after groups that share a cache and call metric functions: row by row, for little telemetry.

    Args:
        frame: what they run on.
        groups: in order; the collector runs all of them for one request, then for the next.
        failures: gets the first request that fails.
        otherwise: why they did not run in another way.

    Raises:
        NotColumnarError: `otherwise`, when there are too many rows; or as for `run_growing`.
    """
    if sum(len(Rows(frame).used(Space(LEVELS[group.context]))) for group in groups) > MOST_SINGLE_ROWS:
        raise otherwise
    caches = {group.context: Cache(by_key=False) for group in groups if group.shared_cache}
    for request in np.unique(frame.resources.parent).tolist():
        for group in groups:
            run = GrowingList.of(frame, group, failures)
            run.cache = caches[group.context] if group.shared_cache else run.cache
            asked = frame.spread(frame.resources.parent == request, Level.RESOURCE, run.level)
            alive = frame.alive(run.level)
            run.turns[asked if alive is None else asked & alive] = 0
            run_waves(run, None)
            frame = run.frame
    return frame


def run_waves(run: GrowingList, top: Level | None, new: int = _NEW) -> None:
    """Run a list for the rows that wait, and for those that it makes.

    Args:
        run: the list.
        top: rows below one node of this level wait for each other; None: all of them do.
        new: the mark that rows get that the list has made, when they are not to wait.

    Raises:
        NotColumnarError: there are too many waves, or something in the list cannot be done in columns.
    """
    for wave in range(MOST_WAVES):
        waiting = np.flatnonzero(run.turns >= 0)
        if not len(waiting):
            return
        if wave * len(run.frame.points) > _MOST_LOOKS:
            break
        chains, first = np.unique(_chains(run, top, waiting), return_index=True)
        ages = np.zeros(1 if top is None else run.frame.size(top), dtype=np.int64)
        ages[chains] = run.turns[waiting[first]] + 1
        if ages.max() > _MOST_AGES:
            raise NotColumnarError("a list of statements that makes a metric of every metric it has made")
        run.run_rows(waiting[first])
        made = np.flatnonzero(run.turns == _NEW)
        run.turns[made] = ages[_chains(run, top, made)] if new == _NEW else new
    raise NotColumnarError("a list of statements that calls metric functions and carries over many rows of one parent")


def _chains(run: GrowingList, top: Level | None, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.zeros(len(rows), dtype=np.intp) if top is None else ancestors(run.frame, run.level, top, rows)
