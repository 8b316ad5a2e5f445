"""Whether statements leave marks of resources (`paths.marks`) where they are, or need the resources settled first."""

from collections.abc import Iterable
from typing import Final

from phoenix.engine.frame import Frame
from phoenix.engine.paths.marks import settled
from phoenix.engine.reshaping.registry import RESHAPERS
from phoenix.engine.statements.cells import paths_in
from phoenix.engine.statements.group import Group
from phoenix.ottl.syntax import Context, Expression, Literal, Path, Statement

PAIRWISE: Final = frozenset({"delete_key", "delete_matching_keys", "keep_keys", "keep_matching_keys"})
"""Editors of maps that look at each key by itself."""


def sparing_marks(frame: Frame, expressions: Iterable[Expression]) -> Frame:
    """Return a frame on which expressions can be evaluated: settled, unless they ask for each mark by its name."""
    if not frame.marks or all(_is_apart(frame, path) for it in expressions for path in paths_in(it)):
        return frame
    return settled(frame)


def sparing_marks_of(frame: Frame, group: Group) -> Frame:
    """Return a frame on which a list can run; taking keys out of all attributes of a resource is no reason to settle.

    Metric functions make nodes of their own; a list that sets a mark again must see what it was.
    """
    if not frame.marks:
        return frame
    read = [condition.expression for condition in group.conditions]
    for statement in group.statements:
        target = statement.editor.arguments.get("target")
        if statement.editor.name in RESHAPERS or not _spares(frame, statement):
            return settled(frame)
        read += [statement.where] if statement.where is not None else []
        read += [value for value in statement.editor.arguments.values() if value is not target]
    return sparing_marks(frame, read)


def _spares(frame: Frame, statement: Statement) -> bool:
    # Whether writing to the target leaves the marks alone, or is seen to (`ColumnwiseList`).
    target = statement.editor.arguments.get("target")
    if not isinstance(target, Path):
        return True
    if statement.editor.name in PAIRWISE and not target.keys:
        return True
    if not _is_of_resources(target):
        return all(_is_apart(frame, path) for key in target.keys for path in paths_in(key))
    return _is_apart(frame, target) and _first(target) not in frame.marks


def _is_apart(frame: Frame, path: Path) -> bool:
    # Everything but all attributes of a resource, what hangs on a mark, and keys that are worked out at run time.
    if not _is_of_resources(path):
        return True
    first = _first(path)
    return first is not None and (first not in frame.marks or len(path.keys) == 1)


def _is_of_resources(path: Path) -> bool:
    return path.context is Context.RESOURCE and path.name == "attributes"


def _first(path: Path) -> str | None:
    key = path.keys[0] if path.keys else None
    return key.value if isinstance(key, Literal) and isinstance(key.value, str) else None
