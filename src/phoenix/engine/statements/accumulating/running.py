"""Running a list as totals: the rows that have something to give, one after the other, into arrays.

Cost: a look at every metric node, and a few nanoseconds for each row that gives. Whatever has no plain outcome - a
condition that may fail, a sum of what are no numbers - is left to the other ways to run a list.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import CONSTANT, Coded, Column
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.frame import Frame, Level
from phoenix.engine.kernels.accumulating_kernel import (
    POINT_DOUBLE,
    POINT_INT,
    WRITTEN,
    Hand,
    Steps,
    Totals,
    accumulate,
)
from phoenix.engine.kernels.statement_values_kernel import TEXT
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.statements.accumulating.giving import Giving, giving
from phoenix.engine.statements.accumulating.recognition import totals_of
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.columns import taken
from phoenix.engine.statements.sequential.memory import first_cells, first_of, written_back
from phoenix.engine.statements.sequential.slots import slot_of
from phoenix.engine.statements.sequential.values import Values
from phoenix.engine.tree import fixed
from phoenix.ottl.syntax import Context, Expression, Path

_PLAIN: Final = {"value_int": POINT_INT, "value_double": POINT_DOUBLE}


def accumulated(frame: Frame, group: Group) -> Frame | None:
    """Return the frame after a list that writes to what is above its rows; None when it is none of these lists."""
    totals = totals_of(group)
    if not totals or len({total.path.context for total in totals}) > 1:
        return None
    evaluation = Evaluation(frame, group.context, Telemetry(Cache(by_key=False)))
    try:
        found = giving(evaluation, group, totals)
        return None if found is None else _run(evaluation, found)
    except NotColumnarError:
        return None


def _run(evaluation: Evaluation, found: Giving) -> Frame | None:
    frame = evaluation.rows.frame
    above = LEVELS[found.totals[0].path.context]
    slots = [slot_of(total.path, 0, whole_cache=False) for total in found.totals]
    owners = [np.arange(frame.size(it) if it is above else 0) for it in Level]
    values, first = Values(), [first_of(frame, slot, owners) for slot in slots]
    columns = [_columns(evaluation, found, stream) for stream in range(len(slots))]
    for column in (*(column for column, _ in first), *(column for some in columns for column in some.values())):
        values.see(column.values if isinstance(column, Coded) else column.others)
    values.seal()
    bases, cells = first_cells(values, first)
    for stream, some in enumerate(columns):
        steps = _steps(values, found, stream, some, frame)
        if steps is None:
            return None
        part = slice(bases[stream], bases[stream] + len(owners[above]))
        bits, hand = cells.bits[part], np.zeros(1, dtype=np.int64)
        totals = Totals(cells.tags[part], bits, bits.view(np.float64), cells.changed[part])
        if not accumulate(steps, found.runs(stream), totals, Hand(hand, hand.view(np.float64))):
            return None
    return written_back(frame, slots, owners, bases, (cells, values.maps(), values))


def _columns(evaluation: Evaluation, found: Giving, stream: int) -> dict[int, Column]:
    # By the number of the step: its value at the rows that give; constants in one row, and no values of points.
    rows = None
    columns = {}
    for number, step in enumerate(found.totals[stream].steps):
        if _source(step.value) is not None:
            continue
        column = evaluation.column(step.value)
        if column.space != CONSTANT:
            rows = found.rows(stream) if rows is None else rows
            column = taken(evaluation.rows, column, LEVELS[evaluation.context], rows)
        columns[number] = column
    return columns


def _source(value: Expression) -> int | None:
    # Where the kernel finds what points hold.
    is_value = isinstance(value, Path) and value.context is Context.DATAPOINT
    return _PLAIN.get(value.name) if is_value and isinstance(value, Path) else None


def _steps(values: Values, found: Giving, stream: int, columns: Mapping[int, Column], frame: Frame) -> Steps | None:
    how, tags, bits = [], list[NDArray[np.uint8]](), list[NDArray[np.int64]]()
    for number, step in enumerate(found.totals[stream].steps):
        what = step.how, found.bit(step)
        column = columns.get(number)
        if column is None:
            how.append((*what, _source(step.value), 0, 0))
            continue
        tag, held = values.encode_column(column)
        if len(tag) and tag.max() > TEXT:
            return None
        if column.space == CONSTANT:
            how.append((*what, WRITTEN, int(tag[0]), int(held[0])))
            continue
        how.append((*what, len(tags), 0, 0))
        tags.append(tag)
        bits.append(held)
    points = fixed(frame.points.kind), fixed(frame.points.bits)
    if not tags:
        return Steps(np.array(how, dtype=np.int64), np.zeros((0, 0), np.uint8), np.zeros((0, 0), np.int64), *points)
    return Steps(np.array(how, dtype=np.int64), np.stack(tags), np.stack(bits), *points)
