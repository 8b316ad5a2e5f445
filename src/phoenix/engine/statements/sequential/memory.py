"""The cells of a program: what they hold at first, and what the frame is once they are put back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.columns import CONSTANT, Coded, Column, Failed, Numbers, Space
from phoenix.engine.expressions.calling import call
from phoenix.engine.expressions.coding import distinct
from phoenix.engine.expressions.rows import Rows as Spaces
from phoenix.engine.expressions.rows import is_uniform, uniform
from phoenix.engine.frame import Frame, Level, Mask
from phoenix.engine.kernels.statement_kernel import Cells
from phoenix.engine.kernels.statement_maps_kernel import Maps
from phoenix.engine.kernels.statement_values_kernel import ABSENT, DOUBLE
from phoenix.engine.paths.fields import MAPS
from phoenix.engine.paths.nodes import read_nodes
from phoenix.engine.paths.points import ROWS, is_number, read_number
from phoenix.engine.paths.writing import Change, accessors, change
from phoenix.engine.statements.sequential.owners import Rows
from phoenix.engine.statements.sequential.slots import CAPTURE, Slot
from phoenix.engine.statements.sequential.values import Values
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.syntax import Context, Path
from phoenix.telemetry.capture import PointKind

_TAGS: Final = 16
_KEPT: Final = Failed("not written")

First = tuple[Column, Mask | None]
"""What the cells of a slot hold at first, and where there is nothing at all (None for nowhere)."""


def chosen(spaces: Spaces, column: Column, space: Space, rows: Rows) -> Column:
    """Return a column of some rows of a space, in their order."""
    moved = spaces.moved(column, space)
    if isinstance(moved, Coded):
        return Coded(space, moved.codes[rows], moved.values)
    other = None if moved.other is None else moved.other[rows]
    is_int = moved.is_int
    picked = uniform(len(rows), is_int=bool(is_int[0])) if is_uniform(is_int) else is_int[rows]
    return replace(moved, is_int=picked, bits=moved.bits[rows], other=other)


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
        return chosen(spaces, column, ROWS, rows), None if missing is None else missing[rows]
    if slot.key is None:
        return chosen(spaces, read_nodes(spaces, slot.context, slot.name), Space(level), rows), None
    held_there = read_nodes(spaces, slot.context, slot.name, (slot.key,))
    whole = read_nodes(spaces, slot.context, slot.name)
    there = chosen(spaces, call(spaces, lambda held: slot.key in held, (whole,)), Space(level), rows)
    assert isinstance(there, Coded)  # noqa: S101 what call returns
    present = np.array([value is True for value in there.values])[there.codes]
    return chosen(spaces, held_there, Space(level), rows), ~present


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
    cells, maps, values = after
    mask = np.zeros(frame.size(level), dtype=np.bool_)
    operands, setters = [], []
    for slot, part in here:
        changed = cells.changed[part]
        mask[rows[changed]] = True
        held = cells.tags[part][changed], cells.bits[part][changed]
        codes = np.zeros(frame.size(level), dtype=np.int32)
        which, decoded = _decoded(held, maps, values)
        codes[rows[changed]] = which
        operands.append(Coded(Space(level), codes, decoded))
        setters.append(_setter(slot))

    def set_all(node: Any, *held: Any) -> tuple[Any, str | None]:
        for setter, value in zip(setters, held, strict=True):
            if value is not _KEPT:
                node, _ = setter(node, value)
        return node, None

    return change(frame, level, set_all, operands, (Space(level), mask))[0]


def _decoded(
    held: tuple[NDArray[np.uint8], NDArray[np.int64]], maps: Maps, values: Values
) -> tuple[NDArray[np.int32], list[Value | Failed]]:
    # Codes from 1, and the values; 0 stands for what is left as it is.
    numbers, which = np.unique(held[1], return_inverse=True)
    (tags, bits), code = distinct([held[0], which.reshape(-1)], [_TAGS, max(len(numbers), 1)])
    pairs = zip(tags.tolist(), numbers[bits].tolist(), strict=True)
    return code + 1, [_KEPT, *(values.decode(tag, number, maps) for tag, number in pairs)]


def _setter(slot: Slot) -> Change:
    read, write = accessors(Path(slot.context, slot.name))
    if slot.name != MAPS[slot.context]:
        return write

    def put(node: Any, value: Value) -> tuple[Any, str | None]:
        held = read(node)
        assert isinstance(held, Map)  # noqa: S101 only maps have keys
        return write(node, held.put(str(slot.key), value))

    return put


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
