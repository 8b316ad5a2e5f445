"""Columns of what resources, scopes, metrics and the attributes of points say: one reading for each row of a pool.

Rows of a pool never change, so a reading stays with the pool and serves every later statement and frame.
"""

from collections.abc import Callable
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import Coded, Column, Failed, Numbers, Space
from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.expressions.coding import Coder
from phoenix.engine.expressions.numbers import as_numbers
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level, Mask
from phoenix.engine.paths.fields import FIELDS, LEVELS, MAPS
from phoenix.engine.paths.overlays import KeyColumn, split
from phoenix.engine.pool import Pool
from phoenix.engine.scalar.indexing import within_path
from phoenix.engine.values.value import Map, Value, identity
from phoenix.ottl.syntax import Context

_UNREAD: Final = -1


class _Reading:
    # What one path holds in the rows of one pool, as far as anyone asked.

    def __init__(self) -> None:
        self.codes: NDArray[np.int32] = np.zeros(0, dtype=np.int32)
        self.coder = Coder()

    def codes_of(self, rows: NDArray[np.integer], read: Callable[[int], Value | Failed]) -> NDArray[np.int32]:
        # The code of each of some rows of the pool.
        size = int(rows.max()) + 1 if len(rows) else 0
        if len(self.codes) < size:
            grown = np.full(size, _UNREAD, dtype=np.int32)
            grown[: len(self.codes)] = self.codes
            self.codes = grown
        wanted = np.zeros(size, dtype=np.bool_)
        wanted[rows] = True
        missing = np.flatnonzero(wanted & (self.codes[:size] == _UNREAD))
        if len(missing):
            self.codes[missing] = [self.coder.code(read(row)) for row in missing.tolist()]
        found: NDArray[np.int32] = self.codes[rows]
        return found


_READINGS: WeakKeyDictionary[Pool[Any], dict[Any, _Reading]] = WeakKeyDictionary()


def read_nodes(rows: Rows, context: Context, name: str, keys: tuple[Value, ...] = ()) -> Column:
    """Return what a field of a node, or the attributes of a point, hold behind keys written out.

    Shapes: a row for each row of the level's pool; of a mark, a row for each resource. Cost: one reading for each row
    not read before; of rows in overlays none, unless the whole map is read.
    """
    level = LEVELS[context]
    mark = rows.frame.marks.get(str(keys[0])) if keys and (level, name) == (Level.RESOURCE, "attributes") else None
    if mark is not None and mark.kept is None:
        return mark.column
    column = _read(rows, context, name, keys)
    return column if mark is None else _marked(rows, column, mark)


def _read(rows: Rows, context: Context, name: str, keys: tuple[Value, ...]) -> Column:
    level = LEVELS[context]
    pool = rows.pool(level)
    reading = _READINGS.setdefault(pool, {}).setdefault((name, *map(identity, keys)), _Reading())
    field = (lambda held: held) if level is Level.POINT else FIELDS[context][name].read

    def read(row: int) -> Value | Failed:
        return _within(field(pool[row]), keys)

    space = Space(level, by_value=True)
    used = rows.used(space)
    codes = np.zeros(len(pool), dtype=np.int32)
    is_map = name == MAPS[context]
    if is_map and not keys:
        codes[used] = reading.codes_of(used, read)
        return Coded(space, codes, reading.coder.values)
    plain, overlaid = split(pool, used)
    codes[plain] = reading.codes_of(plain, read)
    numbers: list[tuple[NDArray[np.intp], Numbers, Mask]] = []
    for overlay, places in overlaid:
        mine = used[places] - overlay.start
        codes[used[places]] = reading.codes_of(overlay.base[mine], read)
        if is_map and keys[0] in overlay.keys:
            column = overlay.keys[str(keys[0])].take(mine)
            number = _read_overlay(reading, codes, used[places], column, keys[1:])
            if number is not None:
                numbers.append((used[places], *number))
    return _with_numbers(Coded(space, codes, reading.coder.values), numbers)


def has_key(rows: Rows, context: Context, key: str) -> tuple[Space, Mask]:
    """Return for each row of the level's pool whether a key stands in its map, with nil as its value too."""
    level = LEVELS[context]
    pool = rows.pool(level)
    reading = _READINGS.setdefault(pool, {}).setdefault(("has", key), _Reading())

    def read(row: int) -> Value:
        held: Map = pool[row] if level is Level.POINT else getattr(pool[row], MAPS[context])
        return key in held

    space = Space(level, by_value=True)
    used = rows.used(space)
    codes = np.zeros(len(pool), dtype=np.int32)
    plain, overlaid = split(pool, used)
    codes[plain] = reading.codes_of(plain, read)
    assigned = np.zeros(len(pool), dtype=np.bool_)
    for overlay, places in overlaid:
        mine = used[places] - overlay.start
        codes[used[places]] = reading.codes_of(overlay.base[mine], read)
        if key in overlay.keys:
            kept = overlay.keys[key].kept
            assigned[used[places]] = True if kept is None else ~kept[mine]
    present = np.array([value is True for value in reading.coder.values])
    return space, present[codes] | assigned


def _within(held: Value, keys: tuple[Value, ...]) -> Value | Failed:
    try:
        return within_path(held, keys)
    except OttlRuntimeError as error:
        return Failed(str(error))


def _read_overlay(
    reading: _Reading, codes: NDArray[np.int32], rows: NDArray[np.intp], held: KeyColumn, keys: tuple[Value, ...]
) -> tuple[Numbers, Mask] | None:
    # Puts the codes of values in place; numbers are returned, with where they are.
    column = held.column
    said = np.ones(len(rows), dtype=np.bool_) if held.kept is None else ~held.kept
    values = column.values if isinstance(column, Coded) else column.others
    table = np.array([reading.coder.code(_below(value, keys)) for value in values], dtype=np.int32)
    if isinstance(column, Coded):
        codes[rows[said]] = table[column.codes[said]]
        return None
    if column.other is not None:
        other = said & (column.other >= 0)
        codes[rows[other]] = table[column.other[other]]
        said &= column.other < 0
    if keys:
        codes[rows[said]] = reading.coder.code(_within(0, keys))
        return None
    return column, said


def _below(value: Value | Failed, keys: tuple[Value, ...]) -> Value | Failed:
    return value if isinstance(value, Failed) else _within(value, keys)


def _marked(rows: Rows, below: Column, mark: KeyColumn) -> Column:
    # What the mark says, and where it says nothing what is below.
    assert mark.kept is not None  # noqa: S101 else nothing below counts
    column, space = as_numbers(mark.column), Space(Level.RESOURCE)
    moved = rows.moved(as_numbers(below), space)
    assert isinstance(moved, Numbers)  # noqa: S101 moving keeps the kind
    mine = np.full(len(mark.kept), -1, dtype=np.int32) if column.other is None else column.other
    its = np.where(moved.other < 0, -1, moved.other + len(column.others)) if moved.other is not None else -1
    return Numbers(
        space,
        np.where(mark.kept, moved.is_int, column.is_int),
        np.where(mark.kept, moved.bits, column.bits),
        np.where(mark.kept, its, mine).astype(np.int32),
        (*column.others, *moved.others),
    )


def _with_numbers(column: Coded, numbers: list[tuple[NDArray[np.intp], Numbers, Mask]]) -> Column:
    if not numbers:
        return column
    plain = as_numbers(column)
    is_int, bits = plain.is_int.copy(), plain.bits.copy()
    other = np.full(len(bits), -1, dtype=np.int32) if plain.other is None else plain.other.copy()
    for rows, held, said in numbers:
        where = rows[said]
        is_int[where], bits[where], other[where] = held.is_int[said], held.bits[said], -1
    return Numbers(column.space, is_int, bits, other, plain.others)
