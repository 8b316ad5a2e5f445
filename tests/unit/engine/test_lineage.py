import numpy as np
from tests.support.replay.process_requests import scrapes

from phoenix.engine.frame import Level, Lineage
from phoenix.engine.lineage import origins_of
from phoenix.engine.opening import open_frame


def test_points_that_nothing_was_done_to_come_from_themselves():
    frame = open_frame(scrapes([0]))
    assert origins_of(frame).rows.tolist() == list(range(len(frame.points)))


def test_dropped_points_leave_the_others_their_origins():
    frame = open_frame(scrapes([0]))
    gone = np.arange(len(frame.points)) % 2 == 0
    assert origins_of(frame.dropping(Level.POINT, gone)).rows.tolist() == np.flatnonzero(~gone).tolist()


def test_points_that_moved_or_came_from_nothing():
    frame = open_frame(scrapes([0]))
    one = np.arange(len(frame.points))[::-1].copy()
    one[0] = -1
    found = origins_of(frame.with_(lineage=Lineage(one=one)))
    assert (len(found), found.rows.tolist()) == (len(one), one[1:].tolist())


def test_folded_points_have_several():
    frame = open_frame(scrapes([0], processes=1))
    count = len(frame.points)
    lineage = Lineage(offsets=np.arange(0, 2 * count + 1, 2), rows=np.arange(2 * count))
    found = origins_of(frame.with_(lineage=lineage).dropping(Level.POINT, np.arange(count) == 0))
    assert found.rows.tolist() == list(range(2, 2 * count))
