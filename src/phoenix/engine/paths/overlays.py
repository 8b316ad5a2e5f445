"""Rows of a pool that say what another row says but for a few keys, which stand in arrays: no object for each.

Statements such as `set(resource.attributes["cpu"], datapoint.value_double)` give every resource of every request
attributes of its own. They are mostly read by the next processor and deleted again, so they are never made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Self
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Failed
from phoenix.engine.expressions.rows import is_uniform, uniform
from phoenix.engine.frame import Int32s, Mask
from phoenix.engine.paths.fields import MAPS
from phoenix.engine.pool import Pool
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context

Rows = NDArray[np.integer]


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """What one key holds in the rows of an overlay.

    Attributes:
        column: a row each; its space says nothing here. Everything in it can be an attribute.
        kept: bool[n] or None: there the row below decides.
    """

    column: Column
    kept: Mask | None = None

    def take(self, rows: Rows) -> Self:
        """Return these rows."""
        return type(self)(_taken(self.column, rows), None if self.kept is None else self.kept[rows])

    def value(self, row: int) -> Value:
        """Return what one row holds."""
        column = self.column
        held: Value | Failed
        if isinstance(column, Coded):
            held = column.values[int(column.codes[row])]
        elif column.other is not None and column.other[row] >= 0:
            held = column.others[int(column.other[row])]
        else:
            bits = column.bits[row]
            held = int(bits) if column.is_int[row] else float(bits.view(np.float64))
        assert not isinstance(held, Failed)  # noqa: S101 see `column`
        return held


@dataclass(frozen=True, slots=True)
class Overlay:
    """Some promised rows of a pool.

    Attributes:
        start: the first of them.
        base: int32[n], the row below each; never itself of an overlay.
        keys: of the map that indexes go into, by name.
    """

    start: int
    base: Int32s
    keys: Mapping[str, KeyColumn]

    @property
    def stop(self) -> int:
        """One behind the last row."""
        return self.start + len(self.base)


_OVERLAYS: Final[WeakKeyDictionary[Pool[Any], list[Overlay]]] = WeakKeyDictionary()


def overlays_of(pool: Pool[Any]) -> Sequence[Overlay]:
    """Return the overlays of a pool, in the order of their rows."""
    return _OVERLAYS.get(pool, ())


def split(pool: Pool[Any], rows: NDArray[np.integer]) -> tuple[NDArray[np.integer], list[tuple[Overlay, Rows]]]:
    """Return the rows of a pool that are plain, and for each overlay the places in `rows` of those that are its."""
    plain = np.ones(len(rows), dtype=np.bool_)
    found: list[tuple[Overlay, Rows]] = []
    for overlay in overlays_of(pool):
        mine = (rows >= overlay.start) & (rows < overlay.stop)
        if mine.any():
            plain &= ~mine
            found.append((overlay, np.flatnonzero(mine)))
    return (rows[plain] if found else rows), found


def assign(pool: Pool[Any], context: Context, rows: Int32s, keys: Mapping[str, KeyColumn]) -> Int32s:
    """Return the rows of a pool that say what `rows` say, with keys holding other values; new rows for all.

    Args:
        pool: of the context's level.
        context: whose nodes; the keys are those of its map.
        rows: int32[n].
        keys: a row for each of `rows`.
    """
    made = np.empty(len(rows), dtype=np.int32)
    _, overlaid = split(pool, rows)
    plain = np.ones(len(rows), dtype=np.bool_)
    for overlay, places in overlaid:
        plain[places] = False
        mine = rows[places] - overlay.start
        held = {key: column.take(mine) for key, column in overlay.keys.items()}
        for key, column in keys.items():
            new = column.take(places)
            held[key] = _over(held[key], new) if key in held else new
        made[places] = _promised(pool, context, overlay.base[mine], held)
    places = np.flatnonzero(plain)
    if len(places):
        made[places] = _promised(
            pool, context, rows[places], {key: column.take(places) for key, column in keys.items()}
        )
    return made


def rebased(pool: Pool[Any], context: Context, part: tuple[Overlay, Rows], base: Int32s, keys: Sequence[str]) -> Int32s:
    """Return rows for some rows of an overlay on other bases, with only some of its keys.

    Args:
        pool: of the context's level.
        context: whose nodes.
        part: the overlay, and which of its rows, from 0.
        base: the row below each; plain.
        keys: those that stay; without any, the rows below are all there is.
    """
    if not keys:
        return base
    overlay, mine = part
    return _promised(pool, context, base, {key: overlay.keys[key].take(mine) for key in keys})


def _promised(pool: Pool[Any], context: Context, base: Int32s, keys: Mapping[str, KeyColumn]) -> Int32s:
    overlay = Overlay(len(pool), base, keys)
    pool.promise(len(base), partial(_made, pool, context, overlay))
    _OVERLAYS.setdefault(pool, []).append(overlay)
    return np.arange(overlay.start, overlay.stop, dtype=np.int32)


def _made(pool: Pool[Any], context: Context, overlay: Overlay, row: int) -> Any:
    node = pool[int(overlay.base[row])]
    name = MAPS[context]
    held: Map = node if context is Context.DATAPOINT else getattr(node, name)
    for key, column in overlay.keys.items():
        if column.kept is None or not column.kept[row]:
            held = held.put(key, column.value(row))
    changed: Any = {name: held}
    return held if context is Context.DATAPOINT else replace(node, **changed)


def _over(before: KeyColumn, after: KeyColumn) -> KeyColumn:
    # What holds where the later one says nothing is the earlier one's.
    if after.kept is None or not after.kept.any():
        return after
    left = [before.value(row) for row in range(len(after.kept))]
    right = [after.value(row) for row in range(len(after.kept))]
    values = [mine if kept else its for mine, its, kept in zip(left, right, after.kept.tolist(), strict=True)]
    codes = np.arange(len(values), dtype=np.int32)
    both = None if before.kept is None else before.kept & after.kept
    return KeyColumn(Coded(before.column.space, codes, values), both)


def _taken(column: Column, rows: Rows) -> Column:
    if isinstance(column, Coded):
        return Coded(column.space, column.codes[rows], column.values)
    is_int = column.is_int
    picked = uniform(len(rows), is_int=bool(is_int[0])) if is_uniform(is_int) else is_int[rows]
    other = None if column.other is None else column.other[rows]
    return replace(column, is_int=picked, bits=column.bits[rows], other=other)
