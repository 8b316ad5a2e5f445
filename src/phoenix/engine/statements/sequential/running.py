"""Running a program: columns in, cells out, and what the cells say put back into the frame."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Failed
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.frame import Frame
from phoenix.engine.kernels.statement_kernel import (
    AT,
    BEGIN,
    BEYOND,
    DEEPEST,
    FAILS,
    FULL,
    HOW,
    IDLE,
    MOST_READS,
    REASON,
    VISIT,
    Idle,
    Machine,
    Program,
    run,
)
from phoenix.engine.kernels.statement_values_kernel import Maps, grown
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.statements.acting import may_act
from phoenix.engine.statements.cells import Cell, writes_of_statement
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.columns import Columns
from phoenix.engine.statements.sequential.compiling import Compiled, Compiler
from phoenix.engine.statements.sequential.memory import first_cells, first_of, written_back
from phoenix.engine.statements.sequential.owners import Visits
from phoenix.engine.statements.sequential.values import Values
from phoenix.ottl.syntax import Expression


def run_sequentially(frame: Frame, groups: Sequence[Group], failures: Failures) -> Frame:
    """Return the frame after groups that run together: request by request, and in each group by group, row by row.

    Cost: that of their columns, and some ten nanoseconds for each row and statement.

    Args:
        frame: what they run on.
        groups: in order.
        failures: gets the first request that fails.

    Raises:
        NotColumnarError: something in them cannot be compiled, or was met that only Python can tell.
    """
    evaluations = [Evaluation(frame, group.context, Telemetry(Cache(by_key=False))) for group in groups]
    written = written_cells(groups)
    acting = [may_act(evaluation, group, written) for evaluation, group in zip(evaluations, groups, strict=True)]
    made = Compiler(groups, written, [one.settled for one in acting]).compile()
    rows = [
        evaluation.rows.alive_where(one.where.space, one.where.true, LEVELS[group.context])
        for evaluation, one, group in zip(evaluations, acting, groups, strict=True)
    ]
    visits = Visits.of(frame, groups, rows, {slot.level for slot in made.slots})
    columns = Columns(frame, visits, [LEVELS[group.context] for group in groups])
    for number, expression, is_condition in made.columns:
        evaluation = evaluations[number]
        columns.add(number, _condition(evaluation, expression) if is_condition else evaluation.column(expression))
    values = Values()
    first = [first_of(frame, slot, visits.owners) for slot in made.slots]
    _see(values, made, [*columns.held, *(column for column, _ in first)])
    bases, cells = first_cells(values, first)
    constants, given = values.encode_all(made.constants), columns.input(values)
    program = Program(
        np.array(made.code, dtype=np.int64).reshape(-1, 3),
        np.array(made.starts, dtype=np.int64),
        np.array([group.propagates for group in groups], dtype=np.bool_),
        np.stack([constants[0].astype(np.int64), constants[1]], axis=1),
        np.array([slot.level for slot in made.slots], dtype=np.int64),
        np.array(bases, dtype=np.int64),
        values.settable(),
    )
    machine = Machine(program, given, cells, *_stack(), _idle())
    state, maps = _run(machine, values.maps())
    if state[HOW] == BEYOND:
        raise NotColumnarError("lists, maps or times that rows hand on")
    if state[HOW] == FAILS:
        why = f"{made.text_at(int(state[AT]))}: {values.reasons[int(state[REASON])]}"
        failures.note_request(int(visits.order[state[VISIT], 3]), why)
        return frame
    return written_back(frame, made.slots, visits.owners, bases, (cells, maps, values))


def written_cells(groups: Sequence[Group]) -> list[Cell]:
    """Return every cell that the groups write."""
    return [cell for group in groups for statement in group.statements for cell in writes_of_statement(statement)]


def _condition(evaluation: Evaluation, condition: Expression) -> Coded:
    truth = evaluation.truth(condition)
    codes = truth.true if truth.failed is None else np.where(truth.failed, 2, truth.true)
    return Coded(truth.space, codes.astype(np.int32), (False, True, Failed(truth.why)))


def _run(machine: Machine, maps: Maps) -> tuple[NDArray[np.int64], Maps]:
    # How it ended, and the maps that are left.
    state = np.array(BEGIN, dtype=np.int64)
    run(machine, maps, state)
    while state[HOW] == FULL:
        maps = grown(maps, 2 * len(maps.owner) + _longest(maps))
        run(machine, maps, state)
    return state, maps


def _longest(maps: Maps) -> int:
    # No copy of a map needs more room than all entries there are.
    return int(maps.counts[1]) + DEEPEST


def _stack() -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    bits = np.zeros(DEEPEST, dtype=np.int64)
    return np.zeros(DEEPEST, dtype=np.int64), bits, bits.view(np.float64)


def _idle() -> Idle:
    shape = IDLE + 1, MOST_READS, 3
    return Idle(np.zeros(3, np.int64), np.zeros((IDLE, 2), np.int64), np.zeros(shape, np.int64))


def _see(values: Values, made: Compiled, columns: Sequence[Column]) -> None:
    for column in columns:
        values.see(column.values if isinstance(column, Coded) else column.others)
    values.see([value for value in made.constants if not isinstance(value, Failed)])
    values.seal()
