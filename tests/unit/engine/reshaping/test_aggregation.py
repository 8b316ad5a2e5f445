"""Folding: which points go where, what they become, and where they come from."""

import math
import struct
from dataclasses import replace

import numpy as np
import pytest
from tests.support.reshaping.frames import frame_of
from tests.support.reshaping.telemetry import FIRST, Awkward, capture_of_metrics

from phoenix.engine.frame import Level, Lineage
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.reshaping.registry import RESHAPERS

AGGREGATE = RESHAPERS["aggregate_on_attributes"]


def _folded(values, function):
    def fill(metric):
        for value in values:
            point = metric.gauge.data_points.add(
                time_unix_nano=FIRST, start_time_unix_nano=FIRST - len(metric.gauge.data_points)
            )
            if isinstance(value, int):
                point.as_int = value
            elif value is not None:
                point.as_double = value

    frame = open_frame(capture_of_metrics(fill))
    points = AGGREGATE(frame, np.array([True]), {"aggregation_function": function}).frame.points
    assert len(points) == 1
    if points.kind[0] == 0:
        return None
    return int(points.bits[0]) if points.kind[0] == 1 else float(points.bits.view(np.float64)[0])


@pytest.mark.parametrize(
    ("values", "function", "result"),
    [
        ((1, 2, 2**63 - 1), "sum", -(2**63) + 2),
        ((-(2**63), -1), "sum", 2**63 - 1),
        ((1, 2.9), "sum", 1),
        ((0.1, 0.2, 0.3), "sum", 0.1 + 0.2 + 0.3),
        ((1.5, 2, None), "sum", 3.5),
        ((1e308, 1e308), "sum", math.inf),
        ((None, 1, 2), "sum", None),
        ((-7, 0), "mean", -3),
        ((1.0, 2.0), "mean", 1.5),
        ((5,), "mean", 5),
        ((3, 9.7, -1), "max", 9),
        ((3, 1e19), "max", 3),
        ((3, math.nan), "min", -(2**63)),
        ((3.0, 4, -0.5), "min", -0.5),
        ((math.nan, math.inf), "max", math.inf),
        ((3, 1, 2), "median", 2),
        ((-3, -4), "median", -3),
        ((3.0, 1.0, 2.0, 8.0), "median", 2.5),
        ((3.0, None, 2), "median", 2.0),
        ((7.0,), "median", 7.0),
        ((7.0,), "count", 7.0),
        ((7.0, 8.0, 9.0), "count", 3.0),
        ((7, 8), "count", 2),
    ],
)
def test_values_are_folded_as_the_type_of_the_first_says(values, function, result):
    found = _folded(values, function)
    assert type(found) is type(result)
    assert found == result


@pytest.mark.parametrize(
    ("values", "function", "bits"),
    [
        ((math.inf, -math.inf), "sum", 0xFFF8000000000000),
        ((1.0, -math.nan), "sum", 0xFFF8000000000000),
        ((math.nan, 1.0), "sum", 0x7FF8000000000000),
        ((math.nan, 1.0), "max", 0x7FF8000000000001),
        ((-0.0, 0.0), "max", 0),
        ((0.0, -0.0), "min", 1 << 63),
        ((-0.0, 0.0, -0.0), "median", 0x0000000000000000),
        ((2.0, math.nan, -math.nan), "median", 0xFFF8000000000000),
        ((math.nan, -math.nan, 1.0, 2.0), "median", 0xFFF8000000000000),
    ],
)
def test_nan_infinities_and_zeros_come_out_bit_for_bit(values, function, bits):
    assert struct.unpack("<Q", struct.pack("<d", _folded(values, function)))[0] == bits


def test_the_earliest_start_time_is_kept_where_it_does_not_tell_points_apart():
    frame = frame_of([["a"]])
    starts = np.array([9, 4], dtype=np.uint64)
    frame = frame.with_(points=replace(frame.points, start_time=starts))
    done = AGGREGATE(frame, np.array([True]), {"aggregation_function": "sum"})
    assert done.frame.points.start_time.tolist() == [4]
    assert starts.tolist() == [9, 4]


def test_only_marked_metrics_and_living_points_are_folded():
    frame = frame_of([["a", "b", "c"]])
    frame = frame.dropping(Level.POINT, np.array([False, True, False, False, True, False]))
    done = AGGREGATE(frame, np.array([True, True, False]), {"aggregation_function": "sum"})
    assert done.points is not None
    assert done.points.tolist() == [0, 2, 4, 5]
    assert close_frame(done.frame).points.bits.tolist() == [0, 5, 5]


def test_a_folded_point_comes_from_all_that_went_into_it():
    frame = frame_of([["a", "b"]])
    lineage = AGGREGATE(frame, np.array([True, False]), {"aggregation_function": "sum"}).frame.lineage
    assert lineage is not None
    assert lineage.offsets is not None
    assert lineage.rows is not None
    assert lineage.offsets.tolist() == [0, 2, 3, 4]
    assert lineage.rows.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("before", "offsets", "rows"),
    [
        (Lineage(one=np.array([5, -1])), [0, 1], [5]),
        (Lineage(one=np.array([5, 6])), [0, 2], [5, 6]),
        (Lineage(offsets=np.array([0, 2, 5]), rows=np.array([1, 2, 3, 4, 5])), [0, 5], [1, 2, 3, 4, 5]),
    ],
)
def test_origins_of_points_that_have_some_already_are_gathered(before, offsets, rows):
    frame = frame_of([["a"]]).with_(lineage=before)
    lineage = AGGREGATE(frame, np.array([True]), {"aggregation_function": "sum"}).frame.lineage
    assert lineage is not None
    assert lineage.offsets is not None
    assert lineage.rows is not None
    assert (lineage.offsets.tolist(), lineage.rows.tolist()) == (offsets, rows)


def test_a_lineage_without_rows_is_a_mistake():
    frame = frame_of([["a"]]).with_(lineage=Lineage())
    lineage = AGGREGATE(frame, np.array([True]), {"aggregation_function": "sum"}).frame.lineage
    assert lineage is not None
    with pytest.raises(ValueError, match="one row a point or many"):
        _ = lineage.rows


def test_a_frame_without_points_stays_as_it_is():
    frame = open_frame(capture_of_metrics(lambda metric: metric.sum.SetInParent()))
    done = AGGREGATE(frame, np.array([True]), {"aggregation_function": "median", "attributes": ()})
    assert len(done.frame.points) == 0


@pytest.mark.parametrize("function", ["sum", "median"])
def test_awkward_telemetry_is_folded_without_a_warning(function):
    frame = open_frame(Awkward(3, (1.0, 1e308, -1e308, 0.1)).capture(1))
    rows = np.ones(len(frame.metrics), dtype=np.bool_)
    done = AGGREGATE(frame, rows, {"aggregation_function": function, "attributes": ("state",)})
    assert 0 < len(done.frame.points) < len(frame.points)
