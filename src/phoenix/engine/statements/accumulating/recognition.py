"""Which lists can be run without asking what earlier rows left, but to add to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from phoenix.engine.kernels.accumulating_kernel import INITIAL, OVERWRITE, SUM
from phoenix.engine.paths.fields import LEVELS, MAPS
from phoenix.engine.statements.cells import Cell, cache_paths, reads_of, touches, writes_of_statement
from phoenix.engine.statements.group import Group
from phoenix.ottl.syntax import And, Arithmetic, CompareOp, Comparison, Expression, Literal, MathOp, Path, Statement


@dataclass(frozen=True, slots=True)
class Step:
    """What a statement does to an attribute above the row.

    Attributes:
        target: the attribute, by one key.
        what: INITIAL, OVERWRITE or SUM.
        conditions: all must hold; none reads what the list writes, and neither does the value.
        value: what is set or added.
    """

    target: Path
    what: int
    conditions: tuple[Expression, ...]
    value: Expression


def steps_of(group: Group) -> list[Step] | None:
    """Return what the list does; None where it is something else.

    All targets are of one level. A statement reads no attribute that the list writes but its own.
    """
    written = [cell for statement in group.statements for cell in writes_of_statement(statement)]
    if cache_paths(group) or any(touches(reads_of(one.expression), written) for one in group.conditions):
        return None
    found = [_step(statement, group, written) for statement in group.statements]
    steps = [step for step in found if step is not None]
    alike = len({step.target.context for step in steps}) == 1
    return steps if alike and len(steps) == len(found) else None


def _step(statement: Statement, group: Group, written: Sequence[Cell]) -> Step | None:
    target = statement.editor.arguments.get("target")
    if statement.editor.name != "set" or not isinstance(target, Path) or not _is_above(target, group):
        return None
    conditions, initial = [], False
    where = statement.where
    for part in () if where is None else where.operands if isinstance(where, And) else (where,):
        if part == Comparison(CompareOp.EQ, target, Literal(None)):
            initial = True
        else:
            conditions.append(part)
    value, what = statement.editor.arguments["value"], INITIAL if initial else OVERWRITE
    if not initial and isinstance(value, Arithmetic) and (value.op, value.left) == (MathOp.ADD, target):
        value, what = value.right, SUM
    if any(touches(reads_of(it), written) for it in (*conditions, value)):
        return None
    return Step(target, what, tuple(conditions), value)


def _is_above(target: Path, group: Group) -> bool:
    # What is of the request has neither level nor map.
    if target.name != MAPS.get(target.context) or len(target.keys) != 1:
        return False
    if LEVELS[target.context] >= LEVELS[group.context]:
        return False
    key = target.keys[0]
    return isinstance(key, Literal) and isinstance(key.value, str)
