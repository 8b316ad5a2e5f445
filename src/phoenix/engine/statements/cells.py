"""What statements read and write, as cells: a field of one level, perhaps behind a key."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from phoenix.engine.frame import Level
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.reshaping.registry import RESHAPERS
from phoenix.engine.statements.group import Group
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import (
    Call,
    Context,
    Expression,
    Literal,
    Path,
    Statement,
)
from phoenix.ottl.walking import parts_of

# Two names of one thing: setting one changes what the other says.
_ALIASES: Final = {
    "time_unix_nano": "time",
    "start_time_unix_nano": "start_time",
    "value_int": "value",
    "value_double": "value",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Something a statement reads or writes.

    Attributes:
        level: whose.
        name: the field, "cache", or "" for all fields.
        keys: behind it, as far as they are written out; more may follow.
    """

    level: Level
    name: str
    keys: tuple[Value, ...] = ()

    def overlaps(self, other: "Cell") -> bool:
        """Return whether writing one may change what the other says."""
        if self.level is not other.level or (self.name != other.name and self.name and other.name):
            return False
        return all(mine == its and type(mine) is type(its) for mine, its in zip(self.keys, other.keys, strict=False))

    def __str__(self) -> str:
        names = ("resource", "scope", "metric", "datapoint")
        return f"{names[self.level]}.{self.name or '*'}" + "".join(f"[{_written(key)}]" for key in self.keys)


def _written(key: Value) -> str:
    return json.dumps(key, ensure_ascii=False) if isinstance(key, (str, int)) else repr(key)


_RESHAPED: Final = (Cell(Level.METRIC, ""), Cell(Level.POINT, ""))
COPY_ALL_POINTS: Final = frozenset({"convert_summary_sum_val_to_sum", "convert_summary_count_val_to_sum"})
"""These make a metric of all points of a metric at the turn of each: points behind it are not done yet."""

COPIED: Final = (
    *(Cell(Level.POINT, name) for name in ("attributes", "time", "start_time", "count", "sum")),
    *(Cell(Level.METRIC, name) for name in ("name", "description", "unit", "type")),
)
"""What they read."""

# Functions of a metric that ask about its points.
_OF_POINTS: Final = frozenset({"HasAttrOnDatapoint", "HasAttrKeyOnDatapoint"})
_TYPE: Final = tuple(Cell(Level.METRIC, name) for name in ("type", "aggregation_temporality", "is_monotonic"))
_RESHAPED_BY: Final = {
    "aggregate_on_attribute_value": _RESHAPED[1:],
    "aggregate_on_attributes": _RESHAPED[1:],
    "convert_gauge_to_sum": _TYPE,
    "convert_sum_to_gauge": _TYPE,
    "convert_summary_count_val_to_sum": (),
    "convert_summary_sum_val_to_sum": (),
    "merge_histogram_buckets": _RESHAPED[1:],
    "scale_metric": (Cell(Level.METRIC, "unit"), Cell(Level.POINT, "")),
}


def appends_metrics(statement: Statement) -> bool:
    """Return whether a statement may append metrics to the scope of its row."""
    name = statement.editor.name
    return name in RESHAPERS and (name in COPY_ALL_POINTS or name not in _RESHAPED_BY)


def cell_of(path: Path) -> Cell:
    """Return the cell of a path; keys behind one that is worked out at run time are any."""
    keys = []
    for key in path.keys:
        if not isinstance(key, Literal):
            break
        keys.append(key.value)
    return Cell(LEVELS[path.context], _ALIASES.get(path.name, path.name), tuple(keys))


def paths_in(expression: Expression) -> Iterator[Path]:
    """Yield every path in an expression."""
    if isinstance(expression, Path):
        yield expression
    for part in parts_of(expression):
        yield from paths_in(part)


def reads_of(expression: Expression) -> Iterator[Cell]:
    """Yield what evaluating an expression reads."""
    if isinstance(expression, Path) and expression.context is not Context.OTELCOL:
        yield cell_of(expression)
    if _looks_below(expression):
        yield Cell(Level.POINT, "")
    for part in parts_of(expression):
        yield from reads_of(part)


def reads_of_statement(statement: Statement) -> Iterator[Cell]:
    """Yield what a statement reads; `set` does not read its target."""
    if statement.where is not None:
        yield from reads_of(statement.where)
    editor = statement.editor
    if editor.name in RESHAPERS:
        yield from COPIED if editor.name in COPY_ALL_POINTS else _RESHAPED
    for name, argument in editor.arguments.items():
        if name == "target" and editor.name == "set" and isinstance(argument, Path):
            for key in argument.keys:
                yield from reads_of(key)
        else:
            yield from reads_of(argument)


def writes_of_statement(statement: Statement) -> Iterator[Cell]:
    """Yield what a statement writes."""
    editor = statement.editor
    if editor.name in RESHAPERS:
        # What new metrics a function appends, no row sees before it is that metric's turn.
        yield from _RESHAPED_BY.get(editor.name, _RESHAPED)
    elif isinstance(target := editor.arguments.get("target"), Path) and target.context is not Context.OTELCOL:
        yield cell_of(target)


def looks_below(group: Group) -> bool:
    """Return whether a text of a group asks about all points of a metric."""

    def anywhere(expression: Expression) -> bool:
        return _looks_below(expression) or any(map(anywhere, parts_of(expression)))

    return any(map(anywhere, _texts(group)))


def _looks_below(expression: Expression) -> bool:
    match expression:
        case Path():
            return expression.context is Context.METRIC and expression.name == "data_points"
        case Call():
            return expression.name in _OF_POINTS
        case _:
            return False


def _texts(group: Group) -> list[Expression]:
    texts = [condition.expression for condition in group.conditions]
    for statement in group.statements:
        texts += [*statement.editor.arguments.values(), *([statement.where] if statement.where else [])]
    return texts


def cache_paths(group: Group) -> list[Path]:
    """Return every path of a cache in a group."""
    return [path for text in _texts(group) for path in paths_in(text) if path.name == "cache"]


def has_plain_cache(group: Group) -> bool:
    """Return whether a group names its cache by one key, written out, at a time."""
    return all(
        len(path.keys) == 1 and isinstance(path.keys[0], Literal) and isinstance(path.keys[0].value, str)
        for path in cache_paths(group)
    )


def touches(cells: Iterable[Cell], hot: Sequence[Cell]) -> bool:
    """Return whether any of the cells overlaps a hot one."""
    return any(cell.overlaps(other) for cell in cells for other in hot)
