"""`measure_frame` against `measure` of the capture that the frame says: the one law of this package."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.otlp import requests
from tests.support.replay.process_requests import scrapes

from phoenix.engine.frame import Frame, Level
from phoenix.engine.measuring import measure_frame, parts
from phoenix.engine.opening import close_frame, open_frame
from phoenix.engine.values.nodes import ResourceNode
from phoenix.engine.values.value import Map
from phoenix.telemetry.codec import decode
from phoenix.telemetry.measure import flat_json, measure

SECONDS = 10**9


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Load the kernels, so that no test waits for them."""
    frame = open_frame(scrapes([0, 5]))
    none = np.zeros(len(frame.points), dtype=np.bool_)
    none[0] = True
    measure_frame(frame.dropping(Level.POINT, none))


def outcome(work):
    try:
        # NaN differs from itself; its text does not.
        return repr(work())
    except (OverflowError, ValueError) as error:
        return type(error).__name__


def assert_measured(frame: Frame) -> None:
    assert outcome(lambda: measure_frame(frame)) == outcome(lambda: measure(close_frame(frame)))


def random_mask(frame: Frame, level: Level, random: np.random.Generator) -> np.ndarray:
    if random.random() < 0.5:
        return random.random(frame.size(level)) < random.random()
    # As most filters do: by what the node, or its resource, says.
    above = Level(int(random.integers(0, level + 1)))
    return frame.spread(frame.value(above) % 3 == random.integers(3), above, level)


def with_other_values(frame: Frame, level: Level, random: np.random.Generator) -> Frame:
    pool = (frame.pools.resources, frame.pools.scopes, frame.pools.metrics, frame.pools.attributes)[level]
    rows = random.integers(0, max(1, len(pool)), len(pool) + 1)
    chosen = random.random(frame.size(level)) < random.random()
    value = frame.value(level)
    return frame.with_value(level, np.where(chosen, rows[value].astype(np.int32), value))


def reshaped(frame: Frame, random: np.random.Generator) -> Frame:
    """Points taken twice or not at all, under the metric nodes they had."""
    rows = np.sort(random.integers(0, max(1, len(frame.points)), len(frame.points)))
    return frame.with_(points=frame.points.take(rows, frame.points.metric[rows]), dropped={}, lineage=None)


def with_other_numbers(frame: Frame, random: np.random.Generator) -> Frame:
    points = frame.points
    time = points.time + random.integers(0, 3, len(points)).astype(np.uint64)
    return frame.with_(points=replace(points, time=time, bits=points.bits + random.integers(-2, 3, len(points))))


def changed(frame: Frame, random: np.random.Generator) -> Frame:
    for _ in range(random.integers(0, 4)):
        match random.integers(0, 6):
            case 0:
                level = Level(int(random.integers(0, 4)))
                # A metric of another type cannot hold the points.
                if level is not Level.METRIC:
                    frame = with_other_values(frame, level, random)
            case 1:
                frame = reshaped(frame, random)
            case 2:
                frame = with_other_numbers(frame, random)
            case _:
                level = Level(int(random.integers(0, 4)))
                frame = frame.dropping(level, random_mask(frame, level, random))
    return frame


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(1, 6))
def test_a_changed_frame_of_processes_measures_as_the_capture_it_says(seed, processes, count):
    random = np.random.default_rng(seed)
    opened = open_frame(scrapes([5.0 * i for i in range(count)], processes=processes))
    for _ in range(3):
        assert_measured(changed(opened, random))


@settings(max_examples=50, deadline=None)
@given(st.lists(requests, max_size=3), st.integers(0, 2**32))
def test_a_frame_of_any_telemetry_measures_as_the_capture_it_says(bodies, seed):
    random = np.random.default_rng(seed)
    capture = decode([body.SerializeToString() for body in bodies])
    near = random.integers(0, 4, (2, len(capture.points))).astype(np.uint64)
    points = replace(capture.points, time=near[0] * np.uint64(SECONDS), start_time=near[1] * np.uint64(SECONDS))
    opened = open_frame(replace(capture, points=points))
    for _ in range(3):
        assert_measured(changed(opened, random))


def test_points_measured_in_parts_measure_the_same(monkeypatch):
    whole = measure_frame(open_frame(scrapes([0, 5])))
    monkeypatch.setattr(parts, "_AT_ONCE", 7)
    monkeypatch.setattr(flat_json, "_TEXTS_AT_ONCE", 3)
    assert measure_frame(open_frame(scrapes([0, 5]))) == whole


def test_a_resource_that_says_more_keeps_its_series_and_what_they_add_up_to():
    opened = open_frame(scrapes([0, 5, 10]))
    value = opened.pools.resources.change(
        opened.resources.value, lambda node: replace(node, attributes=node.attributes.put("more", "x"))
    )
    marked = opened.with_value(Level.RESOURCE, value)
    assert measure_frame(marked).series == measure_frame(opened).series
    assert_measured(marked)
    assert_measured(marked.dropping(Level.RESOURCE, value % 2 == 0))


def test_resources_that_become_one_share_their_series():
    opened = open_frame(scrapes([0, 5, 10]))
    value = opened.pools.resources.change(opened.resources.value, lambda node: replace(node, attributes=Map()))
    assert_measured(opened.with_value(Level.RESOURCE, value))


def test_what_a_dropped_resource_says_is_not_kept_for_the_next_frame():
    opened = open_frame(scrapes([0, 5, 10]))
    gone = opened.resources.parent == 1
    value = np.where(gone, opened.resources.value[0], opened.resources.value)
    assert_measured(opened.with_value(Level.RESOURCE, value).dropping(Level.RESOURCE, gone))
    assert_measured(opened)
    assert_measured(opened.dropping(Level.METRIC, opened.metrics.parent % 2 == 0))


def test_a_birth_counts_from_the_first_point_that_is_there():
    opened = open_frame(scrapes([0, 5, 10, 15]))
    early = opened.resources.parent == 0
    assert_measured(opened.dropping(Level.RESOURCE, early))


def test_dates_after_2262_are_measured_the_slow_way():
    opened = open_frame(scrapes([0, 5]))
    time = opened.points.time.copy()
    time[3] = 2**64 - 1
    assert_measured(opened.with_(points=replace(opened.points, time=time)))


def test_an_empty_frame_measures_nothing():
    opened = open_frame(scrapes([]))
    assert measure_frame(opened).points == 0
    assert_measured(opened)


def test_values_that_no_row_has_any_more_are_never_made() -> None:
    frame = open_frame(scrapes([0, 5]))

    def never(row: int) -> ResourceNode:
        raise AssertionError(row)

    first = frame.pools.resources.promise(3, never)
    marked = frame.with_value(Level.RESOURCE, np.full(len(frame.resources), first, dtype=np.int32))
    assert_measured(marked.with_value(Level.RESOURCE, frame.resources.value))
