"""Running a list column at a time: each statement for all rows, then the next.

The same as the collector's row at a time when no row sees what another row wrote; `statements.running` makes sure.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from phoenix.engine.columns import CONSTANT, Coded, Column, Failed, Numbers, Space, Truth
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.calling import as_coded, call, failures
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.logic import always, both, forgiven
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.functions.arguments import map_of
from phoenix.engine.functions.registry import EDITORS
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import FIELDS, LEVELS
from phoenix.engine.paths.marks import settled, without
from phoenix.engine.paths.merging import Where
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.paths.writing import Edit, Reach, Target, change, editor, set_path
from phoenix.engine.reshaping.registry import RESHAPERS, Reshaped
from phoenix.engine.statements.conditions import any_holds
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.group import Group
from phoenix.engine.statements.sparing import PAIRWISE
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context, Path, Statement

# As often may a list make metrics of the metrics it has made.
_ROUNDS: Final = 64
# Editors that set what they leave as it is, too: clear(attributes["new"]) makes the key.
_ALWAYS_SET: Final = frozenset({"clear"})
_READ_ONLY: Final = "the path is read-only and cannot be modified"
_ALL_ATTRIBUTES: Final = Path(Context.RESOURCE, "attributes")


@dataclass(slots=True)
class ColumnwiseList:
    """A list at work.

    Attributes:
        frame: as the statements so far leave it.
        group: the list.
        failures: errors so far.
        active: the rows that run the list.
        cache: of every row.
        made: bool over the metric rows: the list has made them; None while it has made none.
    """

    frame: Frame
    group: Group
    failures: Failures
    active: Truth = field(default_factory=lambda: always(true=True))
    cache: Cache = field(default_factory=lambda: Cache(by_key=False))
    made: Mask | None = None

    def run(self) -> Frame:
        """Return the frame after the list.

        Raises:
            NotColumnarError: something in it cannot be done in columns, or it makes new metrics without end.
        """
        for _ in range(_ROUNDS):
            self._run_once()
            if self.made is None or not self.made.any():
                return self.frame
            # The collector comes to the metrics that the list has made after those that were there before.
            level = Space(LEVELS[self.group.context])
            self.active = Truth(level, Rows(self.frame).spread(self.made, Space(Level.METRIC), level))
            self.cache, self.made = Cache(by_key=self.cache.by_key), None
        raise NotColumnarError("a list of statements that makes a metric of every metric it has made")

    def _run_once(self) -> None:
        if self.group.conditions:
            evaluation = self._evaluation()
            holds = any_holds(evaluation, self.group.conditions, propagates=self.group.propagates)
            self.active = both(evaluation.rows, self.active, holds)
            if self.active.failed is not None:
                where = self.active.space, self.active.failed
                self.failures.note(self.frame, LEVELS[self.group.context], where, self.active.why)
                self.active = forgiven(self.active)
        for statement in self.group.statements:
            self.execute(statement)

    def execute(self, statement: Statement) -> None:
        """Run one statement for all active rows."""
        if statement.editor.name in PAIRWISE and self.frame.marks:
            self._edit_marks(statement)
        reached = self._reached(statement)
        if statement.editor.name == "set":
            self._set(statement, reached)
        elif statement.editor.name in EDITORS:
            self._edit(statement, reached)
        elif statement.editor.name in RESHAPERS:
            self._reshape(statement, reached)
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
        _refuse_inner(statement, value)
        where = self._without_failures(statement, reached, [value])
        # The set function ignores nil (unless the gate ottl.set.allowNil is on, which it is not in 0.160).
        where = _and(evaluation.rows, where, _present(value))
        target = self._target(statement, evaluation)
        if target.path.context is Context.OTELCOL:
            self._note(statement, where, _READ_ONLY)
            return
        lift = self._lift(evaluation.rows, target.path)
        target = Target(target.path, [as_coded(evaluation.rows, lift(key)) for key in target.keys])
        lifted = self._lift_where(evaluation.rows, where, target.path)
        frame, failed = set_path(self.frame, target, lift(value), lifted, self.cache)
        self._finish(statement, frame, where, failed)

    def _edit(self, statement: Statement, reached: Where) -> None:
        evaluation = self._evaluation()
        name, target = statement.editor.name, self._target(statement, evaluation)
        names = [key for key in statement.editor.arguments if key != "target"]
        arguments = evaluation.coded([statement.editor.arguments[key] for key in names])
        where = self._without_failures(statement, reached, list(arguments))
        edit = _named(EDITORS[name], names)
        if name == "merge_maps" and statement.editor.arguments.get("source") == target.path:
            edit = _merged_with_itself
        if name in PAIRWISE:
            edit = _same_if_none_gone(edit)
        path, always_sets = target.path, name in _ALWAYS_SET
        if path.name != "data_points" and (path.name in FIELDS.get(path.context, {}) or path.name == "attributes"):
            how = editor(path, edit, always_sets=always_sets)
            lift = self._lift(evaluation.rows, path)
            operands = [as_coded(evaluation.rows, lift(column)) for column in (*target.keys, *arguments)]
            lifted = self._lift_where(evaluation.rows, where, path)
            reach = Reach(pairwise=True) if name in PAIRWISE and not path.keys else Reach.of(path)
            frame, failed = change(self.frame, path.context, Edit(how, reach), operands, lifted)
            self._finish(statement, frame, where, failed)
            return
        if path.context is Context.OTELCOL:
            self._edit_client(statement, where, edit, [evaluation.column(path), *arguments])
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

    def _edit_client(self, statement: Statement, where: Where, edit: Callable[..., Value], held: list[Column]) -> None:
        # An editor that comes to set its target fails.
        rows = Rows(self.frame)
        made = call(rows, edit, [as_coded(rows, column) for column in held])
        self._note(statement, self._without_failures(statement, where, [made]), _READ_ONLY)

    def _edit_marks(self, statement: Statement) -> None:
        # An editor that looks at each key by itself takes a mark from every resource, or from none.
        names = [name for name in statement.editor.arguments if name != "target"]
        if self._target(statement, self._evaluation()).path != _ALL_ATTRIBUTES:
            return
        arguments = [self._evaluation().column(statement.editor.arguments[name]) for name in names]
        where = self._reached(statement)
        if not where[1].all() or any(not isinstance(it, Coded) or it.space != CONSTANT for it in arguments):
            after = settled(self.frame)
            self._ground(after)
            self.frame = after
            return
        edit = _named(EDITORS[statement.editor.name], names)
        values = [it.values[it.codes[0]] for it in arguments if isinstance(it, Coded)]
        if not any(isinstance(value, Failed) for value in values):
            left = map_of(edit(Map.of((key, None) for key in self.frame.marks), *values))
            self.frame = without(self.frame, [key for key in self.frame.marks if key not in left])

    def _reshape(self, statement: Statement, reached: Where) -> None:
        evaluation = self._evaluation()
        reshaper = RESHAPERS[statement.editor.name]
        arguments: dict[str, Any] = {}
        for name, expression in statement.editor.arguments.items():
            column = as_coded(evaluation.rows, evaluation.column(expression))
            if name not in reshaper.columns:
                arguments[name] = column.values[column.codes[0]]
            elif column.space.level is None:
                arguments[name] = column
            else:
                arguments[name] = evaluation.rows.moved(column, Space(reshaper.level))
        space = Space(reshaper.level)
        reshaped = reshaper(self.frame, evaluation.rows.spread(reached[1], reached[0], space), arguments)
        if reshaped.failed is not None:
            self._note(statement, (space, reshaped.failed), reshaped.why)
        self._renumber(reshaped)

    def _renumber(self, reshaped: Reshaped) -> None:
        if reshaped.metrics is None and reshaped.points is None:
            self._ground(reshaped.frame)
            self.frame = reshaped.frame
            return
        before, self.frame = self.frame, reshaped.frame
        # From here on new rows stand beside those that run the list.
        active = Rows(before).moved_truth(self.active, Space(LEVELS[self.group.context]))
        for level, origins in ((Level.METRIC, reshaped.metrics), (Level.POINT, reshaped.points)):
            if origins is None:
                continue
            self.cache.renumber(level, origins)
            if active.space.level is level:
                active = Truth(active.space, active.true[origins] & (origins >= 0))
            if level is Level.METRIC:
                old = origins >= 0
                self.made = ~old if self.made is None else ~old | (self.made[origins] & old)
        self.active = active

    def _target(self, statement: Statement, evaluation: Evaluation) -> Target:
        path = statement.editor.arguments["target"]
        if not isinstance(path, Path):
            raise NotColumnarError(f"function {statement.editor.name} on something that is no path")
        return Target(path, evaluation.coded(path.keys))

    def _lift(self, rows: Rows, path: Path) -> Callable[[Column], Column]:
        # A list that writes to its parents runs where each has one row below it: what is known of that is known of it.
        level = LEVELS[path.context]

        def lift(column: Column) -> Column:
            if column.space.level is None or column.space.level <= level:
                return column
            return replace(rows.moved(column, Space(column.space.level)), space=Space(level))

        return lift

    def _lift_where(self, rows: Rows, where: Where, path: Path) -> Where:
        level = LEVELS[path.context]
        if where[0].level is None or where[0].level <= level:
            return where
        return Space(level), rows.spread(where[1], where[0], Space(where[0].level))

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
        self._ground(frame)
        self.frame = frame

    def _ground(self, after: Frame) -> None:
        # What was found for rows of a pool is kept for the rows that had them, where a change gives them others.
        space = self.active.space
        if space.by_value and space.level is not None and after.value(space.level) is not self.frame.value(space.level):
            self.active = Rows(self.frame).moved_truth(self.active, Space(space.level))

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


def _merged_with_itself(held: Value, *arguments: Value) -> Value:
    # The collector empties the first value of a key before it copies it from the same place; only a second value of the
    # same key is still there to be copied.
    pairs = tuple(map_of(held))
    if arguments[-1] != "upsert":
        return held
    firsts = {key: index for index, (key, _) in reversed(list(enumerate(pairs)))}
    lasts = {key: value for index, (key, value) in enumerate(pairs) if firsts[key] != index}
    return Map.of((key, lasts.get(key) if firsts[key] == index else value) for index, (key, value) in enumerate(pairs))


def _refuse_inner(statement: Statement, value: Column) -> None:
    # The collector copies a map while it grows: set(attributes["new"], attributes).
    source, target = statement.editor.arguments["value"], statement.editor.arguments["target"]
    if not isinstance(source, Path) or not isinstance(target, Path) or isinstance(value, Numbers):
        return
    same = source.context is target.context and source.name == target.name and len(source.keys) < len(target.keys)
    inner = same and source.keys == target.keys[: len(source.keys)]
    if inner and any(isinstance(held, (Map, tuple)) for held in value.values):
        raise NotColumnarError("setting an attribute to the map or list that it is in")


def _same_if_none_gone(edit: Callable[..., Value]) -> Callable[..., Value]:
    # These only ever take pairs out, so a map of the same length is the same.
    def edit_it(held: Value, *arguments: Value) -> Value:
        made = edit(held, *arguments)
        return held if isinstance(held, Map) and isinstance(made, Map) and len(made) == len(held) else made

    return edit_it
