"""The cache of each row's own is a variable, by key or as a whole."""

import numpy as np
import pytest
from tests.support.engine.small_frames import small_frame

from phoenix.engine.columns import Coded, Failed, Numbers, Space
from phoenix.engine.expressions.calling import as_coded, constant
from phoenix.engine.expressions.rows import Rows, uniform
from phoenix.engine.frame import Level
from phoenix.engine.paths.cache import Cache
from phoenix.engine.values.value import Map, Time

FRAME = small_frame([("a", [1, 5, 2])])
ROWS = Rows(FRAME)
POINTS = Space(Level.POINT)
NUMBERS = Numbers(POINTS, uniform(3, is_int=True), np.array([1, 5, 2]))
FIRST = POINTS, np.array([True, False, False])


def shown(column):
    held = ROWS.moved(as_coded(ROWS, column), POINTS)
    assert isinstance(held, Coded)
    return [held.values[code] for code in held.codes]


@pytest.mark.parametrize("by_key", [True, False])
def test_what_is_set_is_read_where_it_was_set(by_key):
    cache, key = Cache(by_key=by_key), [constant("k")]
    assert shown(cache.read(ROWS, key)) == [None] * 3
    assert cache.write(ROWS, key, NUMBERS, FIRST).failed is None or not by_key
    cache.write(ROWS, key, constant("x"), (POINTS, np.array([False, True, False])))
    assert shown(cache.read(ROWS, key)) == [1, "x", None]
    failed = cache.write(ROWS, key, constant(Time(1)), FIRST)
    assert failed.failed is not None
    assert shown(cache.read(ROWS, key)) == [1, "x", None]


def test_a_cache_as_a_whole_takes_keys_that_are_worked_out():
    cache = Cache(by_key=False)
    cache.write(ROWS, [as_coded(ROWS, NUMBERS)], constant("x"), FIRST)
    assert shown(cache.read(ROWS, [])) == [Map()] * 3
    cache.write(ROWS, [constant("m"), constant("n")], NUMBERS, (POINTS, np.ones(3, dtype=np.bool_)))
    assert shown(cache.read(ROWS, [constant("m"), constant("n")])) == [1, 5, 2]
    cache.write(ROWS, [], constant(Map()), FIRST)
    assert shown(cache.read(ROWS, [constant("m")]))[0] is None
    assert isinstance(shown(cache.read(ROWS, [constant("m"), constant(1)]))[1], Failed)


def test_a_cache_follows_rows_that_move():
    for by_key in (True, False):
        cache = Cache(by_key=by_key)
        cache.write(ROWS, [constant("k")], NUMBERS, (POINTS, np.ones(3, dtype=np.bool_)))
        cache.renumber(Level.POINT, np.array([2, -1, 0]))
        held = shown(cache.read(ROWS, [constant("k")]))
        assert (held[0], held[2]) == (2, 1)
