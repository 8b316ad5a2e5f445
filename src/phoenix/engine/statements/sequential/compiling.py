"""Statements to code for the kernel. What does not depend on what the program writes becomes columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from phoenix.engine.columns import Failed
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.kernels import statement_kernel as op
from phoenix.engine.kernels.statement_values_kernel import INT, TIME
from phoenix.engine.statements.cells import Cell, cache_paths, reads_of, touches
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sequential.slots import WANTED, Slot, slot_of
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import (
    And,
    Arithmetic,
    CompareOp,
    Comparison,
    Enum,
    Expression,
    Literal,
    MathOp,
    Negative,
    Not,
    Or,
    Path,
    Statement,
)

_COMPARISONS: Final = (CompareOp.EQ, CompareOp.NE, CompareOp.LT, CompareOp.LE, CompareOp.GE, CompareOp.GT)
_OPERATIONS: Final = (MathOp.ADD, MathOp.SUBTRACT, MathOp.MULTIPLY, MathOp.DIVIDE)
_ANYWHERE: Final = -1


@dataclass(slots=True)
class Compiled:
    """The code of some groups.

    Attributes:
        code: operations, each with two arguments.
        starts: where each group begins.
        statements: by the number of an operation, the text it belongs to.
        constants: values written out.
        columns: what each column holds: the group it is for, the expression, and whether it is a condition.
        slots: in the order of their numbers.
    """

    code: list[list[int]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    statements: list[tuple[int, str]] = field(default_factory=list)
    constants: list[Value | Failed] = field(default_factory=list)
    columns: list[tuple[int, Expression, bool]] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def text_at(self, place: int) -> str:
        """Return the statement or condition that an operation belongs to."""
        return next((text for start, text in reversed(self.statements) if start <= place), "")


class Compiler:
    """Compiles groups that run together.

    Args:
        groups: in order.
        written: every cell that one of them writes.
        settled: by group, its conditions hold wherever it runs.
    """

    def __init__(self, groups: Sequence[Group], written: Sequence[Cell], settled: Sequence[bool]) -> None:
        self._groups, self._written, self._settled = groups, written, settled
        self._whole = {group.context for group in groups if _has_whole_cache(groups, group)}
        self._group = groups[0]
        self._number = 0
        self.made = Compiled()

    def compile(self) -> Compiled:
        """Return the code.

        Raises:
            NotColumnarError: something in the groups cannot be compiled.
        """
        for number, group in enumerate(self._groups):
            self._group, self._number = group, number
            self.made.starts.append(len(self.made.code))
            skips = self._conditions() if group.conditions and not self._settled[number] else []
            for statement in group.statements:
                self._statement(statement)
            self._land(skips)
            self._emit(op.END)
        return self.made

    def _conditions(self) -> list[int]:
        found = []
        for condition in self._group.conditions:
            self.made.statements.append((len(self.made.code), condition.text))
            self._truth(condition.expression)
            found.append(self._emit(op.ANY_OF))
        self._constant(value=False)
        self._land(found)
        return [self._emit(op.ONLY_IF)]

    def _statement(self, statement: Statement) -> None:
        self.made.statements.append((len(self.made.code), statement.text))
        skips = []
        if statement.where is not None:
            self._truth(statement.where)
            skips.append(self._emit(op.ONLY_IF))
        target = statement.editor.arguments.get("target")
        if statement.editor.name != "set" or not isinstance(target, Path):
            raise _refusal(f"function {statement.editor.name}")
        self._value(statement.editor.arguments["value"])
        skips.append(self._emit(op.UNLESS_NIL))
        self._refuse_inner(target, statement.editor.arguments["value"])
        self._store(target)
        self._land(skips)

    def _store(self, target: Path) -> None:
        slot = self._slot(target)
        keys = target.keys[0 if self.made.slots[slot].key is None else 1 :] if target.keys else ()
        if not keys:
            if self.made.slots[slot].is_cache and self.made.slots[slot].key is None:
                raise _refusal("setting a whole cache")
            self._emit(op.STORE, slot, WANTED.get(target.name, _ANYWHERE))
            return
        for key in keys:
            self._value(key)
        self._emit(op.STORE_WITHIN, slot, len(keys))

    def _truth(self, condition: Expression) -> None:
        match condition:
            case And() | Or():
                # Each part is a column of its own, of the highest level that can be.
                skips = []
                for index, operand in enumerate(self._in_order(condition.operands)):
                    if index:
                        skips.append(self._emit(op.AND if isinstance(condition, And) else op.OR))
                    self._truth(operand)
                self._land(skips)
            case _ if self._is_known(condition):
                self._column(condition, is_condition=True)
            case Comparison():
                self._value(condition.left)
                self._value(condition.right)
                self._emit(op.COMPARE, _COMPARISONS.index(condition.op))
            case Not():
                self._truth(condition.operand)
                self._emit(op.NOT)
            case _:
                raise _refusal(_named(condition))

    def _in_order(self, operands: Sequence[Expression]) -> Sequence[Expression]:
        # What is known comes first, when nothing that then goes unasked could have failed.
        if all(map(_cannot_fail, operands)):
            return sorted(operands, key=lambda operand: not self._is_known(operand))
        return operands

    def _value(self, expression: Expression) -> None:
        if isinstance(expression, (Literal, Enum)):
            self._constant(expression.value)
            return
        if self._is_known(expression):
            self._column(expression, is_condition=False)
            return
        match expression:
            case Path():
                self._path(expression)
            case Arithmetic():
                self._value(expression.left)
                self._value(expression.right)
                self._emit(op.COMPUTE, _OPERATIONS.index(expression.op))
            case Negative():
                self._value(expression.operand)
                self._emit(op.NEGATE)
            case _:
                raise _refusal(_named(expression))

    def _path(self, path: Path) -> None:
        slot = self._slot(path)
        if self.made.slots[slot].is_cache and not path.keys:
            raise _refusal("reading a whole cache")
        keys = path.keys[0 if self.made.slots[slot].key is None else 1 :] if path.keys else ()
        skips = [self._emit(op.SLOT, slot, _ANYWHERE)] if keys else []
        if not keys:
            self._emit(op.SLOT, slot, _ANYWHERE)
        for key in keys:
            self._value(key)
            skips.append(self._emit(op.INDEX))
        for skip in skips:
            self.made.code[skip][2 if self.made.code[skip][0] == op.SLOT else 1] = len(self.made.code)
        casts = {"value_int": (op.AS_INT, 0), "value_double": (op.AS_DOUBLE, 0)}
        casts |= dict.fromkeys(("time", "start_time"), (op.AS_TAG, TIME))
        casts |= dict.fromkeys(("time_unix_nano", "start_time_unix_nano"), (op.AS_TAG, INT))
        if path.name in casts:
            self._emit(*casts[path.name])

    def _slot(self, path: Path) -> int:
        group = -1 if self._group.shared_cache else self._number
        slot = slot_of(path, group, whole_cache=path.context in self._whole)
        if slot not in self.made.slots:
            self.made.slots.append(slot)
        return self.made.slots.index(slot)

    def _is_known(self, expression: Expression) -> bool:
        return not touches(reads_of(expression), self._written)

    def _column(self, expression: Expression, *, is_condition: bool) -> None:
        self.made.columns.append((self._number, expression, is_condition))
        self._emit(op.COLUMN, len(self.made.columns) - 1)

    def _constant(self, value: Value) -> None:
        self.made.constants.append(value)
        self._emit(op.CONSTANT, len(self.made.constants) - 1)

    def _emit(self, operation: int, argument: int = 0, second: int = 0) -> int:
        self.made.code.append([operation, argument, second])
        return len(self.made.code) - 1

    def _land(self, skips: Sequence[int]) -> None:
        for skip in skips:
            self.made.code[skip][1] = len(self.made.code)

    def _refuse_inner(self, target: Path, value: Expression) -> None:
        if not isinstance(value, Path) or self._is_known(value) or len(value.keys) >= len(target.keys):
            return
        if self._slot(value) == self._slot(target):
            raise _refusal("setting a key of a map to the map that it is in")


def _cannot_fail(condition: Expression) -> bool:
    # A comparison of what is read in one step.
    if not isinstance(condition, Comparison):
        return False
    return all(
        isinstance(side, (Literal, Enum)) or (isinstance(side, Path) and len(side.keys) <= 1)
        for side in (condition.left, condition.right)
    )


def _refusal(what: str) -> NotColumnarError:
    return NotColumnarError(f"{what} in a list whose rows see what earlier rows wrote")


def _has_whole_cache(groups: Sequence[Group], group: Group) -> bool:
    # Whether some key right behind the cache of a context is worked out at run time, or there is none.
    return any(_is_whole(path) for other in groups if other.context is group.context for path in cache_paths(other))


def _is_whole(path: Path) -> bool:
    first = path.keys[0] if path.keys else None
    return not (isinstance(first, Literal) and isinstance(first.value, str))


def _named(expression: Expression) -> str:
    name = getattr(expression, "name", "")
    return f"function {name}" if name else f"a {type(expression).__name__.lower()}"
