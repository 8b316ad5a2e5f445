"""Setting a path where a mask says so: the setters of contexts/internal/ctx* in pkg/ottl 0.160.

What many rows share is changed once: a new row of a pool for each distinct pair of an old row and a value. Only the
context's own level is written here; `engine.statements` sees to what lower rows do to their parents.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Meaning, Numbers, Space, Truth
from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.expressions.calling import as_coded
from phoenix.engine.expressions.coding import distinct
from phoenix.engine.expressions.logic import always
from phoenix.engine.expressions.numbers import as_numbers
from phoenix.engine.expressions.rows import Rows, is_uniform
from phoenix.engine.frame import Frame, Int32s, Mask
from phoenix.engine.paths.cache import Cache
from phoenix.engine.paths.fields import FIELDS, LEVELS, MAPS, FieldError
from phoenix.engine.paths.merging import Where
from phoenix.engine.paths.overlays import KeyColumn, Overlay, assign, rebased, split
from phoenix.engine.paths.points import NUMBERS, ROWS, is_number, write_number
from phoenix.engine.paths.rests import RESTS, write_rest_field
from phoenix.engine.pool import Pool
from phoenix.engine.scalar.assignment import assign_map, assign_within
from phoenix.engine.scalar.indexing import within_path
from phoenix.engine.values.rest_codec import read_rest, write_rest
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context, Literal, Path

Change = Callable[..., tuple[Any, str | None]]
"""What a node, or the attributes of a point, are after a setter, and why it failed or None."""

_KINDS: Final = 6
# So many rows are not looked through for numbers that are equal.
_MANY: Final = 2048


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
    reach = Reach.of(path)
    many = _many_numbers(rows, value)
    if reach.key is not None and len(path.keys) == 1 and many is not None:
        return _assign(frame, path.context, reach.key, many, where), always(true=True)
    operands = [*target.keys, as_coded(rows, value)]
    if path.context is Context.DATAPOINT and path.name != "attributes":
        return _set_rest(rows, path.name, operands, where)
    return change(frame, path.context, Edit(setter(path), reach), operands, where)


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


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a change of a node looks into the map that has keys, so that overlays need not be made.

    Attributes:
        key: it looks at this key only.
        elsewhere: it does not look into the map.
        pairwise: it looks at each key by itself, and keeps or drops its pair.
    """

    key: str | None = None
    elsewhere: bool = False
    pairwise: bool = False

    @classmethod
    def of(cls, path: Path) -> "Reach":
        """Return how far setting a path looks."""
        if path.name != MAPS[path.context]:
            return cls(elsewhere=True)
        first = path.keys[0] if path.keys else None
        if isinstance(first, Literal) and isinstance(first.value, str):
            return cls(key=first.value)
        return cls()

    def spares(self, overlay: Overlay) -> bool:
        """Return whether the keys of an overlay have nothing to do with it."""
        return self.elsewhere or (self.key is not None and self.key not in overlay.keys)


@dataclass(frozen=True, slots=True)
class Edit:
    """What is done to nodes, and how far that looks."""

    how: Change
    reach: Reach = Reach()


def change(frame: Frame, context: Context, edit: Edit, operands: Sequence[Coded], where: Where) -> tuple[Frame, Truth]:
    """Return the frame with the nodes of a context changed where the mask says so, and where that failed.

    Cost: one call for each distinct tuple of a pool row and the operands' values; rows of overlays count as the rows
    below them where the reach allows it.
    """
    rows, level, how, reach = Rows(frame), LEVELS[context], edit.how, edit.reach
    pool = rows.pool(level)
    own = Space(level, by_value=True)
    space = rows.join(own, where[0], *(operand.space for operand in operands))
    used = rows.used(space)
    picked = used[rows.spread(where[1], where[0], space)[used]]
    if not len(picked):
        return frame, always(true=True)
    size = rows.size(space)
    before = np.arange(len(pool), dtype=np.int32)
    old = rows.spread(before, own, space)[picked]
    if reach.pairwise and any(operand.space.level is not None for operand in operands):
        reach = Reach()
    base, spared = _below(pool, old, reach)
    tuples, which = distinct(
        [base, *(rows.spread(operand.codes, operand.space, space)[picked] for operand in operands)],
        [len(pool), *(len(operand.values) for operand in operands)],
    )
    made, failed, reason = _changed(pool, how, tuples, operands)
    after = made[which]
    for overlay, places in spared:
        kept = list(overlay.keys)
        if reach.pairwise:
            kept = [key for key in kept if _keeps(pool, context, how, operands, key)]
        if len(kept) < len(overlay.keys) or (after[places] != base[places]).any():
            mine = old[places] - overlay.start
            after[places] = rebased(pool, context, (overlay, mine), after[places], kept)
        else:
            after[places] = old[places]
    if not failed.any() and np.array_equal(after, old):
        return frame, always(true=True)
    changed = before if space.by_value else frame.value(level).copy()
    changed[picked] = after
    frame = frame.with_value(level, changed[frame.value(level)] if space.by_value else changed)
    if not failed.any():
        return frame, always(true=True)
    found = np.zeros(size, dtype=np.bool_)
    found[picked] = failed[which]
    # The rows of a pool that these failures are of may have no node any more; the level's own rows stay.
    if space.by_value:
        found = found[rows.frame.value(level)]
    return frame, Truth(Space(level), ~found, found, reason)


def _below(pool: Pool[Any], old: Int32s, reach: Reach) -> tuple[Int32s, list[tuple[Overlay, NDArray[np.integer]]]]:
    # The rows that are changed, and the overlays that go on top again.
    base, spared = old, list[tuple[Overlay, NDArray[np.integer]]]()
    for overlay, places in split(pool, old)[1]:
        if reach.pairwise or reach.spares(overlay):
            base = base.copy() if base is old else base
            base[places] = overlay.base[old[places] - overlay.start]
            spared.append((overlay, places))
    return base, spared


def _changed(
    pool: Pool[Any], how: Change, tuples: Sequence[NDArray[np.int64]], operands: Sequence[Coded]
) -> tuple[Int32s, Mask, str]:
    old, *codes = tuples
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
    return made, failed, reason


def _keeps(pool: Pool[Any], context: Context, how: Change, operands: Sequence[Coded], key: str) -> bool:
    # Whether a change that looks at each key by itself leaves this one.
    held = Map(((key, None),))
    alone: Any = {MAPS[context]: held}
    node = held if context is Context.DATAPOINT else replace(pool[0], **alone)
    after, _ = how(node, *(operand.values[operand.codes[0]] for operand in operands))
    return key in (after if context is Context.DATAPOINT else getattr(after, MAPS[context]))


def _many_numbers(rows: Rows, value: Column) -> Numbers | None:
    if isinstance(value, Numbers) and value.meaning is Meaning.NUMBER and rows.size(value.space) > _MANY:
        return value
    return None


def _assign(frame: Frame, context: Context, key: str, value: Numbers, where: Where) -> Frame:
    # A key of many nodes gets numbers, which are mostly all different: no node is made.
    rows, level = Rows(frame), LEVELS[context]
    space = Space(level)
    picked = rows.alive_where(where[0], where[1], level)
    held = rows.moved(value, space)
    assert isinstance(held, Numbers)  # noqa: S101 moving keeps the kind
    column = KeyColumn(Numbers(space, held.is_int, held.bits)).take(picked)
    changed = frame.value(level).copy()
    changed[picked] = assign(rows.pool(level), context, changed[picked], {key: column})
    return frame.with_value(level, changed)


def _set_number(rows: Rows, name: str, value: Column, where: Where) -> tuple[Frame, Truth]:
    meaning, wants_int = NUMBERS[name]
    numbers = as_numbers(value, meaning, wraps=True)
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
