"""Running a list column at a time: each statement for all rows, then the next.

The same as the collector's row at a time when no row sees what another row wrote; `statements.running` makes sure.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from phoenix.engine.columns import CONSTANT, Coded, Column, Space, Truth
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.calling import as_coded, call, failures
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.logic import always, both
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame, Mask
from phoenix.engine.functions.registry import EDITORS
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import FIELDS, LEVELS
from phoenix.engine.paths.merging import Where
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.paths.writing import Target, change, editor, set_path
from phoenix.engine.statements.conditions import any_holds
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import Path, Statement

# Editors that set what they leave as it is, too: clear(attributes["new"]) makes the key.
_ALWAYS_SET: Final = frozenset({"clear"})


@dataclass(slots=True)
class ColumnwiseList:
    """A list at work.

    Attributes:
        frame: as the statements so far leave it.
        group: the list.
        failures: errors so far.
        active: the rows that run the list.
        cache: of every row.
    """

    frame: Frame
    group: Group
    failures: Failures
    active: Truth = field(default_factory=lambda: always(true=True))
    cache: Cache = field(default_factory=lambda: Cache(by_key=False))

    def run(self) -> Frame:
        """Return the frame after the list."""
        if self.group.conditions:
            evaluation = self._evaluation()
            self.active = any_holds(evaluation, self.group.conditions, self.failures, propagates=self.group.propagates)
        for statement in self.group.statements:
            self.execute(statement)
        return self.frame

    def execute(self, statement: Statement) -> None:
        """Run one statement for all active rows."""
        reached = self._reached(statement)
        if statement.editor.name == "set":
            self._set(statement, reached)
        elif statement.editor.name in EDITORS:
            self._edit(statement, reached)
        else:
            raise NotColumnarError(f"function {statement.editor.name}")

    def _evaluation(self) -> Evaluation:
        return Evaluation(self.frame, self.group.context, Telemetry(self.cache))

    def _reached(self, statement: Statement) -> Where:
        # Where the statement acts; an error in its condition is noted.
        if statement.where is None:
            return self.active.space, self.active.true
        evaluation = self._evaluation()
        found = both(evaluation.rows, self.active, evaluation.truth(statement.where))
        self._note(statement, (found.space, found.failed), found.why)
        return found.space, found.true

    def _set(self, statement: Statement, reached: Where) -> None:
        evaluation = self._evaluation()
        value = evaluation.column(statement.editor.arguments["value"])
        where = self._without_failures(statement, reached, [value])
        # The set function ignores nil (unless the gate ottl.set.allowNil is on, which it is not in 0.160).
        where = _and(evaluation.rows, where, _present(value))
        target = self._target(statement, evaluation)
        frame, failed = set_path(self.frame, target, value, where, self.cache)
        self._finish(statement, frame, where, failed)

    def _edit(self, statement: Statement, reached: Where) -> None:
        evaluation = self._evaluation()
        name, target = statement.editor.name, self._target(statement, evaluation)
        names = [key for key in statement.editor.arguments if key != "target"]
        arguments = evaluation.coded([statement.editor.arguments[key] for key in names])
        where = self._without_failures(statement, reached, list(arguments))
        edit = _named(EDITORS[name], names)
        path, always_sets = target.path, name in _ALWAYS_SET
        if path.name in FIELDS.get(path.context, {}) or (path.name == "attributes"):
            how = editor(path, edit, always_sets=always_sets)
            frame, failed = change(self.frame, LEVELS[path.context], how, [*target.keys, *arguments], where)
            self._finish(statement, frame, where, failed)
            return
        held = as_coded(evaluation.rows, evaluation.column(path))
        made = call(
            evaluation.rows,
            lambda *values: _unless_same(edit(*values), values[0], always_sets=always_sets),
            [held, *arguments],
        )
        where = self._without_failures(statement, where, [made])
        if not always_sets:
            where = _and(evaluation.rows, where, _present(made))
        frame, failed = set_path(self.frame, target, made, where, self.cache)
        self._finish(statement, frame, where, failed)

    def _target(self, statement: Statement, evaluation: Evaluation) -> Target:
        path = statement.editor.arguments["target"]
        if not isinstance(path, Path):
            raise NotColumnarError(f"function {statement.editor.name} on something that is no path")
        return Target(path, evaluation.coded(path.keys))

    def _without_failures(self, statement: Statement, where: Where, columns: list[Column]) -> Where:
        rows = Rows(self.frame)
        for column in columns:
            found = failures(rows, column)
            if found.failed is not None:
                self._note(statement, _and(rows, where, (found.space, found.failed)), found.why)
                where = _and(rows, where, (found.space, found.true))
        return where

    def _finish(self, statement: Statement, frame: Frame, where: Where, failed: Truth) -> None:
        # Both are of the frame before.
        if failed.failed is not None and self.group.propagates:
            self._note(statement, _and(Rows(self.frame), where, (failed.space, failed.failed)), failed.why)
        space = self.active.space
        if space.by_value and space.level is not None and frame.value(space.level) is not self.frame.value(space.level):
            # What was found for rows of a pool is kept for the rows that had them.
            self.active = Rows(self.frame).moved_truth(self.active, Space(space.level))
        self.frame = frame

    def _note(self, statement: Statement, where: tuple[Space, Mask | None], why: str) -> None:
        if self.group.propagates and where[1] is not None:
            level = LEVELS[self.group.context]
            self.failures.note(self.frame, level, (where[0], where[1]), f"{statement.text}: {why}")


def _and(rows: Rows, left: Where, right: Where) -> Where:
    space = rows.join(left[0], right[0])
    return space, rows.spread(left[1], left[0], space) & rows.spread(right[1], right[0], space)


def _present(column: Column) -> Where:
    # Where a column holds anything but nil.
    if isinstance(column, Coded):
        table = np.array([value is not None for value in column.values])
        return column.space, table[column.codes]
    if column.other is None:
        return CONSTANT, np.ones(1, dtype=np.bool_)
    table = np.array([value is not None for value in column.others], dtype=np.bool_)
    return column.space, (column.other < 0) | table[column.other]


def _named(edit: Callable[..., Value], names: list[str]) -> Callable[..., Value]:
    return lambda held, *values: edit(held, **dict(zip(names, values, strict=True)))


def _unless_same(made: Value, held: Value, *, always_sets: bool) -> Value:
    return made if made is not held or always_sets else None
