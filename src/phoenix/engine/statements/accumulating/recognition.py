"""Which lists can be run as totals: what each attribute above the rows gets, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass

from phoenix.engine.kernels.accumulating_kernel import INITIAL, OVERWRITE, SUM
from phoenix.engine.paths.fields import LEVELS, MAPS
from phoenix.engine.statements.cells import Cell, cache_paths, reads_of, touches, writes_of_statement
from phoenix.engine.statements.group import Group
from phoenix.ottl.syntax import And, Arithmetic, CompareOp, Comparison, Expression, Literal, MathOp, Path, Statement


@dataclass(frozen=True, slots=True)
class Step:
    """What one statement does to a total.

    Attributes:
        how: INITIAL, OVERWRITE or SUM.
        conditions: all must hold; none reads what the list writes, and neither does the value.
        value: what is set or added.
    """

    how: int
    conditions: tuple[Expression, ...]
    value: Expression


@dataclass(frozen=True, slots=True)
class Total:
    """An attribute above the rows of a list, and what is done to it, in order."""

    path: Path
    steps: Sequence[Step]


def totals_of(group: Group) -> list[Total] | None:
    """Return what the list does, total by total; None where it is something else.

    Totals have nothing to do with each other: a statement reads no other attribute that the list writes than its own.
    """
    written = [cell for statement in group.statements for cell in writes_of_statement(statement)]
    if cache_paths(group) or any(touches(reads_of(one.expression), written) for one in group.conditions):
        return None
    steps: dict[Path, list[Step]] = {}
    for statement in group.statements:
        target = statement.editor.arguments.get("target")
        if not isinstance(target, Path) or not _is_total(target, group):
            return None
        step = _step(statement, target, written)
        if step is None:
            return None
        steps.setdefault(target, []).append(step)
    return [Total(path, done) for path, done in steps.items()]


def _is_total(target: Path, group: Group) -> bool:
    if target.name != MAPS[target.context] or LEVELS[target.context] >= LEVELS[group.context] or len(target.keys) != 1:
        return False
    key = target.keys[0]
    return isinstance(key, Literal) and isinstance(key.value, str)


def _step(statement: Statement, target: Path, written: Sequence[Cell]) -> Step | None:
    if statement.editor.name != "set":
        return None
    conditions, initial = [], False
    where = statement.where
    for part in () if where is None else where.operands if isinstance(where, And) else (where,):
        if part == Comparison(CompareOp.EQ, target, Literal(None)):
            initial = True
        else:
            conditions.append(part)
    value, how = statement.editor.arguments["value"], INITIAL if initial else OVERWRITE
    if not initial and isinstance(value, Arithmetic) and (value.op, value.left) == (MathOp.ADD, target):
        value, how = value.right, SUM
    if any(touches(reads_of(it), written) for it in (*conditions, value)):
        return None
    return Step(how, tuple(conditions), value)
