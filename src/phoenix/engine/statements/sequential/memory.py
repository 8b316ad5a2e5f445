"""The cells of a program: what they hold at first, and what the frame is once they are put back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import CONSTANT, Coded, Column, Failed, Numbers, Space
from phoenix.engine.expressions.coding import distinct
from phoenix.engine.expressions.rows import Rows as Spaces
from phoenix.engine.expressions.rows import uniform
from phoenix.engine.frame import Frame, Int32s, Level, Mask
from phoenix.engine.kernels.statement_kernel import Cells
from phoenix.engine.kernels.statement_values_kernel import ABSENT, DOUBLE, INT, Maps
from phoenix.engine.paths.fields import MAPS
from phoenix.engine.paths.marks import marked
from phoenix.engine.paths.nodes import has_key, read_nodes
from phoenix.engine.paths.overlays import KeyColumn, assign, split
from phoenix.engine.paths.points import ROWS, is_number, read_number
from phoenix.engine.paths.writing import Edit, Reach, change, setter
from phoenix.engine.pool import Pool
from phoenix.engine.statements.sequential.columns import taken
from phoenix.engine.statements.sequential.owners import Rows
from phoenix.engine.statements.sequential.slots import CAPTURE, Slot
from phoenix.engine.statements.sequential.values import Values
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context, Literal, Path
from phoenix.telemetry.capture import PointKind

_TAGS: Final = 16
# So many different nodes are made; more are only promised.
_MANY: Final = 512

First = tuple[Column, Mask | None]
"""What the cells of a slot hold at first, and where there is nothing at all (None for nowhere)."""


def first_of(frame: Frame, slot: Slot, owners: Sequence[Rows]) -> First:
    """Return what the cells of a slot hold at first, an owner each."""
    spaces = Spaces(frame)
    if slot.is_cache:
        size = 1 if slot.level == CAPTURE else len(owners[slot.level])
        held: Value = Map() if slot.key is None else None
        absent = None if slot.key is None else np.ones(size, dtype=np.bool_)
        return Coded(CONSTANT, np.zeros(size, dtype=np.int32), (held,)), absent
    level = Level(slot.level)
    rows = owners[level]
    if slot.context is Context.DATAPOINT and slot.name != "attributes":
        column, missing = _first_of_points(spaces, slot.name)
        return taken(spaces, column, level, rows), None if missing is None else missing[rows]
    if slot.key is None:
        return taken(spaces, read_nodes(spaces, slot.context, slot.name), level, rows), None
    space, there = has_key(spaces, slot.context, str(slot.key))
    if not there.any():
        return Coded(CONSTANT, np.zeros(len(rows), dtype=np.int32), (None,)), np.ones(len(rows), dtype=np.bool_)
    present = there[frame.value(level)[rows]] if space.by_value else there[rows]
    return taken(spaces, read_nodes(spaces, slot.context, slot.name, (slot.key,)), level, rows), ~present


def first_cells(values: Values, first: Sequence[First]) -> tuple[list[int], Cells]:
    """Return where the cells of each slot begin, and the cells."""
    bases, tags, bits, size = [], [np.zeros(0, dtype=np.uint8)], [np.zeros(0, dtype=np.int64)], 0
    for column, absent in first:
        tag, held = values.encode_column(column)
        bases.append(size)
        tags.append(tag if absent is None else np.where(absent, np.uint8(ABSENT), tag))
        bits.append(held)
        size += len(held)
    return bases, Cells(np.concatenate(tags), np.concatenate(bits), np.zeros(size, dtype=np.bool_))


def written_back(
    frame: Frame,
    slots: Sequence[Slot],
    owners: Sequence[Rows],
    bases: Sequence[int],
    after: tuple[Cells, Maps, Values],
) -> Frame:
    """Return the frame with what the cells say; caches are forgotten."""
    cells = after[0]
    for level in Level:
        rows = owners[level]
        here = [(slot, slice(base, base + len(rows))) for slot, base in zip(slots, bases, strict=True)]
        here = [(slot, part) for slot, part in here if slot.level == level and not slot.is_cache]
        here = [(slot, part) for slot, part in here if cells.changed[part].any()]
        nodes = [pair for pair in here if level is not Level.POINT or pair[0].name == "attributes"]
        if nodes:
            frame = _nodes_back(frame, level, rows, nodes, after)
        for slot, part in here:
            if level is Level.POINT and slot.name != "attributes":
                frame = _points_back(frame, slot, rows, part, cells)
    return frame


def _first_of_points(spaces: Spaces, name: str) -> First:
    if name != "value":
        return read_number(spaces, f"{name}_unix_nano"), None
    points = spaces.frame.points
    numbers = is_number(points)
    bits = np.where(points.kind <= PointKind.DOUBLE, points.bits, 0)
    return Numbers(ROWS, points.kind != PointKind.DOUBLE, bits), None if numbers is None else ~numbers


def _nodes_back(
    frame: Frame, level: Level, rows: Rows, here: Sequence[tuple[Slot, slice]], after: tuple[Cells, Maps, Values]
) -> Frame:
    # Fields first, then the keys of the map.
    cells, context = after[0], here[0][0].context
    keys = {}
    mask = np.zeros(len(rows), dtype=np.bool_)
    for slot, part in here:
        if slot.name != MAPS[context]:
            frame = _field_back(frame, rows, slot, part, after)
        else:
            keys[str(slot.key)] = part
            mask |= cells.changed[part]
    if not keys:
        return frame
    places = slice(None) if mask.all() else np.flatnonzero(mask)
    columns = {}
    for key, part in keys.items():
        column = _key_column(level, (cells.tags[part][places], cells.bits[part][places]), after)
        columns[key] = KeyColumn(column, _none_of(~cells.changed[part][places]))
    if level is Level.RESOURCE and any(isinstance(held.column, Numbers) for held in columns.values()):
        return marked(frame, rows[places], columns)
    value = frame.value(level).copy()
    value[rows[places]] = _keys_back(Spaces(frame).pool(level), context, value[rows[places]], columns)
    return frame.with_value(level, value)


def _keys_back(pool: Pool[Any], context: Context, old: Int32s, columns: Mapping[str, KeyColumn]) -> Int32s:
    # Few different ones are made and stay; many are promised.
    held = [column.column for column in columns.values()]
    if any(isinstance(column, Numbers) for column in held) or split(pool, old)[1]:
        return assign(pool, context, old, columns)
    coded = [column for column in held if isinstance(column, Coded)]
    codes = [
        column.codes + 1 if one.kept is None else np.where(one.kept, 0, column.codes + 1)
        for column, one in zip(coded, columns.values(), strict=True)
    ]
    tuples, which = distinct([old, *codes], [len(pool), *(len(column.values) + 1 for column in coded)])
    if len(tuples[0]) > _MANY:
        return assign(pool, context, old, columns)
    setters = [setter(Path(context, MAPS[context], (Literal(key),))) for key in columns]
    made = []
    for row, *found in zip(*(part.tolist() for part in tuples), strict=True):
        node = pool[row]
        for key, put, column, code in zip(columns, setters, coded, found, strict=True):
            if code:
                node, _ = put(node, key, column.values[code - 1])
        made.append(row if node is pool[row] else pool.add(node))
    rows: Int32s = np.array(made, dtype=np.int32)[which]
    return rows


def _none_of(mask: Mask) -> Mask | None:
    return mask if mask.any() else None


def _key_column(
    level: Level, held: tuple[NDArray[np.uint8], NDArray[np.int64]], after: tuple[Cells, Maps, Values]
) -> Column:
    # Numbers that are mostly all different stay arrays.
    tags, bits = held
    ints = tags == INT
    numbers = ints | (tags == DOUBLE)
    count = int(np.count_nonzero(numbers))
    if count <= _MANY:
        codes, values = _decoded(held, after)
        return Coded(Space(level), codes, values)
    if count == len(tags) and ints.all() == ints.any():
        return Numbers(Space(level), uniform(count, is_int=bool(ints[0])), bits)
    other = np.full(len(tags), -1, dtype=np.int32)
    codes, values = _decoded((tags[~numbers], bits[~numbers]), after)
    other[~numbers] = codes
    return Numbers(Space(level), ints, bits, other if len(codes) else None, values)


def _field_back(frame: Frame, rows: Rows, slot: Slot, part: slice, after: tuple[Cells, Maps, Values]) -> Frame:
    cells, level = after[0], Level(slot.level)
    where = rows[cells.changed[part]]
    held = cells.tags[part][cells.changed[part]], cells.bits[part][cells.changed[part]]
    codes = np.zeros(frame.size(level), dtype=np.int32)
    codes[where], values = _decoded(held, after)
    mask = np.zeros(frame.size(level), dtype=np.bool_)
    mask[where] = True
    path = Path(slot.context, slot.name)
    operand = Coded(Space(level), codes, values)
    return change(frame, slot.context, Edit(setter(path), Reach.of(path)), [operand], (Space(level), mask))[0]


def _decoded(
    held: tuple[NDArray[np.uint8], NDArray[np.int64]], after: tuple[Cells, Maps, Values]
) -> tuple[NDArray[np.int32], list[Value | Failed]]:
    _, maps, values = after
    numbers, which = np.unique(held[1], return_inverse=True)
    (tags, bits), code = distinct([held[0], which.reshape(-1)], [_TAGS, max(len(numbers), 1)])
    pairs = zip(tags.tolist(), numbers[bits].tolist(), strict=True)
    return code, [values.decode(tag, number, maps) for tag, number in pairs]


def _points_back(frame: Frame, slot: Slot, rows: Rows, part: slice, cells: Cells) -> Frame:
    changed = cells.changed[part]
    where, tags, bits = rows[changed], cells.tags[part][changed], cells.bits[part][changed]
    points = frame.points
    if slot.name == "value":
        kind, held = points.kind.copy(), points.bits.copy()
        kind[where] = np.where(tags == DOUBLE, PointKind.DOUBLE, PointKind.INT)
        held[where] = bits
        return frame.with_(points=replace(points, kind=kind, bits=held))
    times: NDArray[np.uint64] = getattr(points, slot.name).copy()
    times[where] = bits.view(np.uint64)
    moved: dict[str, Any] = {slot.name: times}
    return frame.with_(points=replace(points, **moved))
