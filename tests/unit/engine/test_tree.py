import numpy as np
import pytest
from tests.support.replay.process_requests import scrapes

from phoenix.engine.frame import Frame, Level
from phoenix.engine.opening import open_frame
from phoenix.engine.tree import looked_up, own_counts, points_by_request, with_children


def opened() -> Frame:
    return open_frame(scrapes([0, 5, 10], processes=4))


def of_its_own(frame: Frame) -> Frame:
    """The same tree in arrays that are not the capture's."""
    points = frame.points
    return frame.with_(points=points.take(np.arange(len(points)), points.metric.copy()))


@pytest.mark.parametrize("made", [opened, lambda: of_its_own(opened())])
def test_points_are_counted_by_request_without_those_below_something_dropped(made):
    frame = made()
    request = frame.spread(frame.resources.parent, Level.RESOURCE, Level.POINT)
    for level in Level:
        frame = frame.dropping(level, np.arange(frame.size(level)) % 5 == 1)
        alive = frame.alive(Level.POINT)
        assert alive is not None
        assert points_by_request(frame).tolist() == np.bincount(request[alive], minlength=3).tolist()


@pytest.mark.parametrize("made", [opened, lambda: of_its_own(opened())])
def test_spreading_down_looks_up_what_stands_above(made):
    frame = made()
    values = np.arange(len(frame.resources))
    expected = values[frame.scopes.parent][frame.metrics.parent][frame.points.metric]
    assert frame.spread(values, Level.RESOURCE, Level.POINT).tolist() == expected.tolist()
    assert (own_counts(frame, Level.POINT) is None) == (frame.points.metric is not frame.source.points.metric)


def test_a_node_has_children_unless_all_of_them_are_dropped():
    frame = opened()
    assert with_children(frame, Level.METRIC).all()
    gone = frame.points.metric < 2
    gone[0] = False
    found = with_children(frame.dropping(Level.POINT, gone), Level.METRIC)
    assert found.tolist() == [True, False, *[True] * (len(frame.metrics) - 2)]


@pytest.mark.parametrize("size", [5, 100_000])
def test_truths_and_others_are_looked_up(size):
    rows = (np.arange(size) % 3).astype(np.int32)
    for values in (np.array([True, False, True]), np.array([7, 8, 9])):
        assert looked_up(values, rows).tolist() == values[rows].tolist()


def test_what_is_alive_is_taken_over_by_frames_made_of_one():
    frame = opened()
    first = np.arange(len(frame.metrics)) % 2 == 0
    second = np.arange(len(frame.metrics)) % 3 == 0
    dropped = frame.dropping(Level.METRIC, first)
    assert dropped.alive(Level.METRIC) is not None
    again = dropped.dropping(Level.METRIC, second)
    assert np.asarray(again.alive(Level.METRIC)).tolist() == (~first & ~second).tolist()
    assert again.alive(Level.SCOPE) is None
    changed = again.with_value(Level.POINT, frame.points.attributes.copy())
    assert changed.alive(Level.METRIC) is again.alive(Level.METRIC)
    below = again.dropping(Level.RESOURCE, frame.resources.parent == 0).alive(Level.METRIC)
    late = frame.spread(frame.resources.parent, Level.RESOURCE, Level.METRIC) > 0
    assert np.asarray(below).tolist() == (~first & ~second & late).tolist()
