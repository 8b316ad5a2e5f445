"""Frames know what is alive, level by level."""

import numpy as np
from tests.support.engine.small_frames import small_frame

from phoenix.engine.frame import Level


def test_a_row_is_dropped_with_what_is_above_it():
    frame = small_frame([("a", [1, 2]), ("b", [3])])
    assert all(frame.alive(level) is None for level in Level)
    frame = frame.dropping(Level.RESOURCE, np.array([True, False]))
    frame = frame.dropping(Level.POINT, np.array([True, False, False]))
    assert [frame.alive(level).tolist() for level in Level] == [  # type: ignore[union-attr]  # dropped at the top
        [False, True],
        [False, True],
        [False, True],
        [False, False, True],
    ]


def test_levels_above_what_was_dropped_are_whole():
    frame = small_frame([("a", [1, 2])]).dropping(Level.POINT, np.array([True, False]))
    assert frame.alive(Level.METRIC) is None
