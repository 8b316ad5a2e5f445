"""The columns that a program reads: by the rows of a list, or by the rows of a pool and which of them each row has."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from phoenix.engine.columns import Coded, Column, Space
from phoenix.engine.expressions.rows import Rows as Spaces
from phoenix.engine.expressions.rows import is_uniform, uniform
from phoenix.engine.frame import Frame, Level
from phoenix.engine.kernels.statement_kernel import Input
from phoenix.engine.statements.sequential.owners import Rows, Visits, ancestors
from phoenix.engine.statements.sequential.values import Values


@dataclass(slots=True)
class Columns:
    """Columns being gathered.

    Attributes:
        frame: whose rows.
        visits: the rows of each list.
        levels: by list, that of its context.
        held: the columns, each of the rows it has here.
        spaces: of each column: its list and its level, when it has a row for each row of a pool.
    """

    frame: Frame
    visits: Visits
    levels: Sequence[Level]
    held: list[Column] = field(default_factory=list)
    spaces: list[tuple[int, Level] | None] = field(default_factory=list)

    def add(self, number: int, column: Column) -> None:
        """Add a column that a list reads."""
        spaces = Spaces(self.frame)
        if column.space.by_value and column.space.level is not None:
            self.held.append(column)
            self.spaces.append((number, column.space.level))
        else:
            self.held.append(taken(spaces, column, self.levels[number], self.visits.rows[number]))
            self.spaces.append(None)

    def input(self, values: Values) -> Input:
        """Return the input of the kernel."""
        index = [np.zeros(0, dtype=np.int32)]
        starts: dict[tuple[int, Level], int] = {}
        size = 0
        for space in self.spaces:
            if space is not None and space not in starts:
                number, level = space
                rows = ancestors(self.frame, self.levels[number], level, self.visits.rows[number])
                starts[space] = size
                index.append(self.frame.value(level)[rows])
                size += len(rows)
        tags, bits, places, size = [np.zeros(0, np.uint8)], [np.zeros(0, np.int64)], [], 0
        for column, space in zip(self.held, self.spaces, strict=True):
            tag, held = values.encode_column(column)
            tags.append(tag)
            bits.append(held)
            places.append((size, -1 if space is None else starts[space]))
            size += len(held)
        return Input(
            self.visits.order,
            np.array(places, dtype=np.int64).reshape(-1, 2),
            np.concatenate(tags),
            np.concatenate(bits),
            np.concatenate(index),
            self.visits.places,
            self.visits.owner,
        )


def taken(spaces: Spaces, column: Column, level: Level, rows: Rows) -> Column:
    """Return a column as some rows of a level find it, in their order."""
    space, frame = column.space, spaces.frame
    if space.level is None:
        rows = np.zeros(len(rows), dtype=np.intp)
    else:
        rows = ancestors(frame, level, space.level, rows)
        if space.by_value:
            rows = frame.value(space.level)[rows].astype(np.intp)
    if isinstance(column, Coded):
        return Coded(Space(level), column.codes[rows], column.values)
    other = None if column.other is None else column.other[rows]
    is_int = column.is_int
    picked = uniform(len(rows), is_int=bool(is_int[0])) if is_uniform(is_int) else is_int[rows]
    return replace(column, space=Space(level), is_int=picked, bits=column.bits[rows], other=other)
