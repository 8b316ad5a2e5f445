import numpy as np

from phoenix.telemetry.lineage import Origins


def origins(*sources):
    offsets = np.cumsum([0, *map(len, sources)])
    return Origins(offsets, np.array([row for source in sources for row in source], dtype=np.int64))


def lists(found):
    return [part.tolist() for part in np.split(found.rows, found.offsets[1:-1])]


def test_points_of_one_origin_each_or_of_none():
    found = Origins.one_each(np.array([4, -1, 2]))
    assert lists(found) == [[4], [], [2]]
    assert len(found) == 3
    assert [part.tolist() for part in found.pairs()] == [[4, 2], [0, 2]]


def test_points_taken_in_another_order_keep_their_origins():
    assert lists(origins([1, 2], [], [3]).taken(np.array([2, 0, 0, 1]))) == [[3], [1, 2], [1, 2], []]


def test_origins_in_another_output_of_the_same_input():
    filtered = origins([1], [3], [4])
    found = origins([3], [1, 2], [0]).against(filtered, 5)
    assert found is not None
    assert lists(found) == [[1], [0], []]


def test_no_origins_in_an_output_that_folded_or_doubled_points():
    assert origins([0]).against(origins([0, 1]), 2) is None
    assert origins([0]).against(origins([0], [0]), 2) is None
