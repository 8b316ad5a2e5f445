"""Running a list that only adds to what stands above its rows, or sets it.

Cost: a look at every metric node, and some ten nanoseconds for each row that does something. Whatever has no plain
outcome - a condition that may fail, a sum of what are no numbers - is left to the other ways to run a list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import CONSTANT, Coded, Column
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.frame import Frame, Level
from phoenix.engine.kernels.accumulating_kernel import (
    ALL,
    IN_COLUMN,
    INITIAL,
    POINT_DOUBLE,
    POINT_INT,
    WRITTEN,
    Steps,
    Work,
    accumulate,
    accumulate_runs,
)
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.statements.accumulating.gates import conditions_of
from phoenix.engine.statements.accumulating.recognition import Step, steps_of
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.memory import first_cells, first_of, written_back
from phoenix.engine.statements.sequential.slots import slot_of
from phoenix.engine.statements.sequential.values import Values
from phoenix.engine.tree import fixed, tree_of
from phoenix.ottl.syntax import Context, Expression, Literal, Path

_OF_POINTS: Final = {"value_int": POINT_INT, "value_double": POINT_DOUBLE}


def accumulated(frame: Frame, group: Group) -> Frame | None:
    """Return the frame after a list that writes to what is above its rows; None when it is none of these lists."""
    steps = steps_of(group)
    if not steps:
        return None
    evaluation = Evaluation(frame, group.context, Telemetry(Cache(by_key=False)))
    try:
        return _run(evaluation, group, steps)
    except NotColumnarError:
        return None


def _run(evaluation: Evaluation, group: Group, steps: Sequence[Step]) -> Frame | None:
    frame, top = evaluation.rows.frame, LEVELS[steps[0].target.context]
    conditions = conditions_of(evaluation, group, steps)
    if conditions is None:
        return None
    of_steps = [slot_of(step.target, 0, whole_cache=False) for step in steps]
    slots = list(dict.fromkeys(of_steps))
    owners = [np.arange(frame.size(level) if level is top else 0) for level in Level]
    values, first = Values(), [first_of(frame, slot, owners) for slot in slots]
    columns = [None if _source(step.value) else evaluation.column(step.value) for step in steps]
    for column in (*(column for column, _ in first), *columns):
        if column is not None:
            values.see(column.values if isinstance(column, Coded) else column.others)
    values.seal()
    bases, cells = first_cells(values, first)
    cells_of = [bases[slots.index(slot)] for slot in of_steps]
    written = _Written(values, conditions.bits)
    for step, base, column in zip(steps, cells_of, columns, strict=True):
        written.add((step.what, base), step, column)
    hand = np.zeros(1, dtype=np.int64)
    work = Work(
        tree_of(frame),
        conditions.gates,
        written.steps(frame, LEVELS[group.context], top),
        cells,
        cells.bits.view(np.float64),
        hand,
        hand.view(np.float64),
    )
    at_once = group.context is Context.DATAPOINT and _is_by_run(steps)
    at_once &= not len(work.gates.points) and not work.tree.masked[Level.POINT]
    done = accumulate_runs(work) if at_once else accumulate(work)
    return written_back(frame, slots, owners, bases, (cells, values.maps(), values)) if done else None


@dataclass(slots=True)
class _Written:
    """Steps as the kernel reads them."""

    values: Values
    conditions: Sequence[int]
    how: list[tuple[int, ...]] = field(default_factory=list)
    tags: list[NDArray[np.uint8]] = field(default_factory=list)
    bits: list[NDArray[np.int64]] = field(default_factory=list)
    size: int = 0

    def add(self, begun: tuple[int, int], step: Step, column: Column | None) -> None:
        """Add a step: what it does and where its cells begin are given."""
        if column is None:
            self.how.append((*begun, _source(step.value), 0, 0, 0, 0))
            return
        tags, bits = self.values.encode_column(column)
        if column.space == CONSTANT:
            self.how.append((*begun, WRITTEN, int(tags[0]), int(bits[0]), 0, 0))
            return
        assert column.space.level is not None  # noqa: S101 only a constant has none
        self.how.append((*begun, IN_COLUMN, self.size, 0, int(column.space.level), int(column.space.by_value)))
        self.tags.append(tags)
        self.bits.append(bits)
        self.size += len(tags)

    def steps(self, frame: Frame, depth: Level, top: Level) -> Steps:
        """Return all of them."""
        tags = self.tags[0] if len(self.tags) == 1 else np.concatenate([np.zeros(0, np.uint8), *self.tags])
        bits = self.bits[0] if len(self.bits) == 1 else np.concatenate([np.zeros(0, np.int64), *self.bits])
        kind, held = fixed(frame.points.kind), fixed(frame.points.bits)
        done = [[step for step, bit in enumerate(self.conditions) if bit & bits] for bits in range(ALL + 1)]
        first = np.cumsum([0, *map(len, done)], dtype=np.int64)
        which = np.array([step for some in done for step in some], dtype=np.int64)
        how = np.array(self.how, dtype=np.int64)
        return Steps(
            how, first, which, int(depth), int(top), fixed(tags), fixed(bits), kind, held, held.view(np.float64)
        )


def _is_by_run(steps: Sequence[Step]) -> bool:
    # Whether what a step finds in its attribute is the same when the steps before it went over all points of a metric.
    done: set[Path] = set()
    for step in steps:
        if step.target in done:
            return False
        written_out = isinstance(step.value, Literal) and step.value.value is not None
        if step.what != INITIAL or not written_out:
            done.add(step.target)
    return True


def _source(value: Expression) -> int:
    # What a point holds is read where it stands; 0 for anything else.
    is_value = isinstance(value, Path) and value.context is Context.DATAPOINT
    return _OF_POINTS.get(value.name, 0) if is_value and isinstance(value, Path) else 0
