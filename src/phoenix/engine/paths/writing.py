"""Setting a path where a mask says so: the setters of contexts/internal/ctx* in pkg/ottl 0.160.

What many rows share is changed once: a new row of a pool for each distinct pair of an old row and a value. Only the
context's own level is written here; `engine.statements` sees to what lower rows do to their parents.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from phoenix.engine.columns import Coded, Column, Space, Truth
from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.expressions.calling import as_coded
from phoenix.engine.expressions.coding import distinct
from phoenix.engine.expressions.logic import always
from phoenix.engine.expressions.numbers import as_numbers
from phoenix.engine.expressions.rows import Rows, is_uniform
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import FIELDS, LEVELS, MAPS, FieldError
from phoenix.engine.paths.merging import Where
from phoenix.engine.paths.points import NUMBERS, ROWS, is_number, write_number
from phoenix.engine.paths.rests import RESTS, write_rest_field
from phoenix.engine.scalar.assignment import assign_map, assign_within
from phoenix.engine.scalar.indexing import within_path
from phoenix.engine.values.rest_codec import read_rest, write_rest
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context, Path

Change = Callable[..., tuple[Any, str | None]]
"""What a node, or the attributes of a point, are after a setter, and why it failed or None."""

_KINDS = 6


@dataclass(frozen=True, slots=True)
class Target:
    """A path to be set.

    Attributes:
        path: which.
        keys: what its indexes are, as columns.
    """

    path: Path
    keys: Sequence[Coded]


def set_path(frame: Frame, target: Target, value: Column, where: Where, cache: Cache | None) -> tuple[Frame, Truth]:
    """Return the frame after `set(path, value)` at the rows of the mask, and where that failed.

    Failures count only where the mask says so.

    Raises:
        NotColumnarError: the path is not written in columns.
    """
    rows, path = Rows(frame), target.path
    if path.name == "cache":
        if cache is None:
            raise NotColumnarError("path cache")
        return frame, cache.write(rows, target.keys, value, where)
    if path.context is Context.DATAPOINT and path.name in NUMBERS:
        return _set_number(rows, path.name, value, where)
    operands = [*target.keys, as_coded(rows, value)]
    if path.context is Context.DATAPOINT and path.name != "attributes":
        return _set_rest(rows, path.name, operands, where)
    return change(frame, LEVELS[path.context], setter(path), operands, where)


def setter(path: Path) -> Change:
    """Return what setting a path does to one node: a function of the node, the keys and the value.

    Raises:
        NotColumnarError: the path is not written in columns.
    """
    read, write = accessors(path)

    def set_it(node: Any, *keys_and_value: Value) -> tuple[Any, str | None]:
        *keys, value = keys_and_value
        if not keys:
            return write(node, value)
        held = read(node)
        assert isinstance(held, Map)  # noqa: S101 only maps have keys
        made, why = assign_within(held, keys, value)
        return write(node, made)[0], why

    return set_it


def editor(path: Path, edit: Callable[..., Value], *, always_sets: bool) -> Change:
    """Return what an editor does to one node: a function of the node, the keys and the editor's arguments.

    Args:
        path: its target.
        edit: takes what the path holds and the arguments.
        always_sets: also what it leaves as it is; else nothing is set then, so that no key is made for nil.
    """
    read, _ = accessors(path)
    put, depth = setter(path), len(path.keys)

    def edit_it(node: Any, *operands: Value) -> tuple[Any, str | None]:
        keys, arguments = operands[:depth], operands[depth:]
        try:
            held = within_path(read(node), keys)
            made = edit(held, *arguments)
        except OttlRuntimeError as error:
            return node, str(error)
        if made is held and not always_sets:
            return node, None
        return put(node, *keys, made)

    return edit_it


def accessors(path: Path) -> tuple[Callable[[Any], Value], Change]:
    """Return what reads and sets a path without its keys, in one node.

    Raises:
        NotColumnarError: the path is not written in columns.
    """
    if path.context is Context.DATAPOINT and path.name == "attributes":
        return (lambda attributes: attributes), assign_map
    fields = FIELDS.get(path.context, {})
    if path.name not in fields or (path.keys and path.name != MAPS[path.context]):
        raise NotColumnarError(f"setting path {path.context}.{path.name}")
    field = fields[path.name]

    def write(node: Any, value: Value) -> tuple[Any, str | None]:
        try:
            return field.write(node, value), None
        except FieldError as error:
            return node, str(error)

    return field.read, write


def change(frame: Frame, level: Level, how: Change, operands: Sequence[Coded], where: Where) -> tuple[Frame, Truth]:
    """Return the frame with the nodes of a level changed where the mask says so, and where that failed.

    Cost: one call for each distinct tuple of a pool row and the operands' values.
    """
    rows = Rows(frame)
    pool = rows.pool(level)
    own = Space(level, by_value=True)
    space = rows.join(own, where[0], *(operand.space for operand in operands))
    used = rows.used(space)
    picked = used[rows.spread(where[1], where[0], space)[used]]
    if not len(picked):
        return frame, always(true=True)
    size = rows.size(space)
    before = np.arange(len(pool), dtype=np.int32)
    (old, *codes), which = distinct(
        [rows.spread(part, source, space)[picked] for part, source in _parts(before, own, operands)],
        [len(pool), *(len(operand.values) for operand in operands)],
    )
    arguments = [
        [operand.values[code] for code in found.tolist()] for operand, found in zip(operands, codes, strict=True)
    ]
    made, failed, reason = np.empty(len(old), dtype=np.int32), np.zeros(len(old), dtype=np.bool_), ""
    for index, (row, *values) in enumerate(zip(old.tolist(), *arguments, strict=True)):
        node = pool[row]
        after, why = how(node, *values)
        made[index] = row if after is node else pool.add(after)
        if why is not None:
            failed[index], reason = True, why
    changed = before if space.by_value else frame.value(level).copy()
    changed[picked] = made[which]
    frame = frame.with_value(level, changed[frame.value(level)] if space.by_value else changed)
    if not failed.any():
        return frame, always(true=True)
    found = np.zeros(size, dtype=np.bool_)
    found[picked] = failed[which]
    # The rows of a pool that these failures are of may have no node any more; the level's own rows stay.
    if space.by_value:
        found = found[rows.frame.value(level)]
    return frame, Truth(Space(level), ~found, found, reason)


def _parts(before: Any, own: Space, operands: Sequence[Coded]) -> list[tuple[Any, Space]]:
    return [(before, own), *((operand.codes, operand.space) for operand in operands)]


def _set_number(rows: Rows, name: str, value: Column, where: Where) -> tuple[Frame, Truth]:
    meaning, wants_int = NUMBERS[name]
    numbers = as_numbers(value, meaning)
    fits = _fits(numbers, wants_int=wants_int)
    bits = rows.spread(numbers.bits, numbers.space, ROWS)
    mask = rows.spread(where[1], where[0], ROWS)
    right: Mask | None = None if fits is None else rows.spread(fits, numbers.space, ROWS)
    points = rows.frame.points
    if name in ("value_int", "value_double"):
        held = is_number(points)
        right = held if right is None else right if held is None else right & held
    frame = rows.frame.with_(points=write_number(points, name, bits, mask if right is None else mask & right))
    if right is None:
        return frame, always(true=True)
    return frame, Truth(ROWS, right, ~right, f"{name} expects {meaning.value} of another type")


def _fits(numbers: Any, *, wants_int: bool) -> Mask | None:
    # Where a column holds what a setter wants; None for everywhere.
    fits = None
    if not is_uniform(numbers.is_int) or bool(numbers.is_int[0]) is not wants_int:
        fits = numbers.is_int == wants_int
        if fits.all():
            fits = None
    if numbers.other is None:
        return fits
    known: Mask = numbers.other < 0
    return known if fits is None else fits & known


def _set_rest(rows: Rows, name: str, operands: Sequence[Coded], where: Where) -> tuple[Frame, Truth]:
    if name not in RESTS:
        raise NotColumnarError(f"setting path datapoint.{name}")
    points, pool, (value,) = rows.frame.points, rows.frame.pools.rests, operands
    used = rows.used(ROWS)
    picked = used[rows.spread(where[1], where[0], ROWS)[used]]
    (kinds, rests, codes), which = distinct(
        [points.kind[picked], points.rest[picked] + 1, rows.spread(value.codes, value.space, ROWS)[picked]],
        [_KINDS, len(pool) + 1, len(value.values)],
    )
    made, failed, reason = np.empty(len(kinds), dtype=np.int32), np.zeros(len(kinds), dtype=np.bool_), ""
    for index, (kind, row, code) in enumerate(zip(kinds.tolist(), rests.tolist(), codes.tolist(), strict=True)):
        rest = read_rest(kind, pool[row - 1] if row else None)
        made[index] = row - 1
        try:
            after = write_rest(write_rest_field(name, rest, value.values[code]))
            made[index] = pool.add(after) if after else -1
        except FieldError as error:
            failed[index], reason = True, str(error)
    changed = points.rest.copy()
    changed[picked] = made[which]
    found = np.zeros(len(points), dtype=np.bool_)
    found[picked] = failed[which]
    return rows.frame.with_(points=replace(points, rest=changed)), Truth(ROWS, ~found, found, reason)
