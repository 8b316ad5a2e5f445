"""Overlays say what nodes would say, were they made."""

import numpy as np
from tests.support.engine.small_frames import small_frame

from phoenix.engine.columns import CONSTANT, Coded, Numbers, Space
from phoenix.engine.expressions.rows import Rows, uniform
from phoenix.engine.frame import Level
from phoenix.engine.paths.nodes import has_key, read_nodes
from phoenix.engine.paths.overlays import KeyColumn, assign, overlays_of, rebased
from phoenix.ottl.syntax import Context


def overlaid():
    frame = small_frame([("a", []), ("b", []), ("c", [])])
    bits = np.array([1, int(np.float64(2.5).view(np.int64)), 3])
    numbers = Numbers(CONSTANT, np.array([True, False, True]), bits)
    texts = Coded(CONSTANT, np.array([0, 1, 0], dtype=np.int32), ("x", "y"))
    keys = {"n": KeyColumn(numbers, np.array([False, False, True])), "t": KeyColumn(texts)}
    rows = assign(frame.pools.resources, Context.RESOURCE, frame.resources.value, keys)
    return frame.with_value(Level.RESOURCE, rows)


def made(frame):
    return [dict(frame.pools.resources[row].attributes.pairs) for row in frame.resources.value.tolist()]


def read(frame, *keys):
    rows = Rows(frame)
    column = rows.moved(read_nodes(rows, Context.RESOURCE, "attributes", keys), Space(Level.RESOURCE))
    if isinstance(column, Coded):
        return [column.values[code] for code in column.codes]
    assert column.other is not None
    held = []
    for is_int, bits, other in zip(column.is_int, column.bits, column.other, strict=True):
        held.append(column.others[other] if other >= 0 else int(bits) if is_int else float(bits.view(np.float64)))
    return held


def test_keys_hold_what_the_arrays_hold_and_else_what_the_row_below_holds():
    frame = overlaid()
    assert read(frame, "n") == [1, 2.5, None]
    assert read(frame, "t") == ["x", "y", "x"]
    assert read(frame, "name") == ["a", "b", "c"]
    assert frame.pools.resources._objects[-3:] == [None, None, None]
    assert made(frame) == [
        {"name": "a", "n": 1, "t": "x"},
        {"name": "b", "n": 2.5, "t": "y"},
        {"name": "c", "t": "x"},
    ]


def test_a_key_is_there_where_it_was_set_or_stood_before():
    frame = overlaid()
    for key, expected in (("n", [True, True, False]), ("name", [True, True, True]), ("no", [False, False, False])):
        space, there = has_key(Rows(frame), Context.RESOURCE, key)
        assert Rows(frame).spread(there, space, Space(Level.RESOURCE)).tolist() == expected


def test_an_overlay_over_an_overlay_keeps_what_it_does_not_say():
    frame = overlaid()
    again = KeyColumn(Numbers(CONSTANT, uniform(3, is_int=True), np.array([7, 8, 9])), np.array([True, False, False]))
    rows = assign(frame.pools.resources, Context.RESOURCE, frame.resources.value, {"n": again})
    frame = frame.with_value(Level.RESOURCE, rows)
    assert read(frame, "n") == [1, 8, 9]
    assert [it.get("n") for it in made(frame)] == [1, 8, 9]
    assert read(frame, "t") == ["x", "y", "x"]


def test_without_its_keys_an_overlay_is_the_row_below():
    frame = overlaid()
    pool = frame.pools.resources
    (overlay,) = overlays_of(pool)
    mine = np.arange(3)
    assert rebased(pool, Context.RESOURCE, (overlay, mine), overlay.base, []) is overlay.base
    rows = rebased(pool, Context.RESOURCE, (overlay, mine), overlay.base, ["t"])
    assert [dict(pool[row].attributes.pairs) for row in rows.tolist()] == [
        {"name": "a", "t": "x"},
        {"name": "b", "t": "y"},
        {"name": "c", "t": "x"},
    ]


def test_promised_rows_are_found_by_no_bytes():
    frame = overlaid()
    pool = frame.pools.resources
    node = pool[len(pool) - 1]
    assert pool.add(node) == len(pool) - 1
    assert pool.add(node) == len(pool) - 1
    assert pool.written(len(pool) - 2) == pool.written(len(pool) - 1)
