"""Appended metrics stand at the end of their scope; what was there keeps its place, its marks and its origin."""

import numpy as np
from tests.support.reshaping.frames import frame_of, names_of

from phoenix.engine.frame import Level, Lineage
from phoenix.engine.opening import close_frame
from phoenix.engine.reshaping.registry import RESHAPERS

COPY = RESHAPERS["copy_metric"]


def test_copies_stand_at_the_end_of_their_own_scope():
    frame = frame_of([["a", "b"], ["c"]])
    done = COPY(frame, np.array([True, False, True]), {"name": "x"})
    assert names_of(done.frame) == [["a", "b", "x"], ["c", "x"]]
    assert done.metrics is not None
    assert done.metrics.tolist() == [0, 1, -1, 2, -1]
    assert done.new is not None
    assert done.new.tolist() == [False, False, True, False, True]


def test_points_are_copied_and_their_origin_is_known():
    done = COPY(frame_of([["a", "b"], ["c"]]), np.array([True, False, False]), {"name": "x"})
    points = done.frame.points
    assert points.metric.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert points.bits.tolist() == [0, 1, 2, 3, 0, 1, 4, 5]
    assert done.points is not None
    assert done.points.tolist() == [0, 1, 2, 3, -1, -1, 4, 5]
    assert done.frame.lineage is not None
    assert done.frame.lineage.one is not None
    assert done.frame.lineage.one.tolist() == [0, 1, 2, 3, 0, 1, 4, 5]


def test_dropped_metrics_and_points_are_not_copied_and_stay_dropped():
    frame = frame_of([["a", "b"]])
    frame = frame.dropping(Level.METRIC, np.array([False, True]))
    frame = frame.dropping(Level.POINT, np.array([True, False, False, False]))
    done = COPY(frame, np.ones(2, dtype=np.bool_), {"name": "x"})
    assert close_frame(done.frame).points.bits.tolist() == [1, 1]
    assert [len(done.frame.dropped[level]) for level in (Level.METRIC, Level.POINT)] == [3, 5]


def test_origins_that_are_many_are_carried_over():
    frame = frame_of([["a"]])
    frame = frame.with_(lineage=Lineage(offsets=np.array([0, 2, 3]), rows=np.array([7, 8, 9])))
    lineage = COPY(frame, np.array([True]), {"name": "x"}).frame.lineage
    assert lineage is not None
    assert lineage.offsets is not None
    assert lineage.rows is not None
    assert lineage.offsets.tolist() == [0, 2, 3, 5, 6]
    assert lineage.rows.tolist() == [7, 8, 9, 7, 8, 9]


def test_nothing_to_append_leaves_the_frame_as_it_is():
    frame = frame_of([["a"]])
    done = RESHAPERS["extract_percentile_metric"](frame, np.array([True]), {"percentile": 50.0})
    assert done.frame is frame
    assert done.new is None


def test_rows_that_fail_are_named_with_the_first_reason():
    done = RESHAPERS["extract_count_metric"](frame_of([["a", "b"]]), np.array([False, True]), {"monotonic": True})
    assert done.failed is not None
    assert done.failed.tolist() == [False, True]
    assert done.why.endswith("got Gauge")
