"""What counters add up to, kept by cell and added up anew, is what the capture says."""

from math import inf, nan

import numpy as np
import pytest
from tests.support.engine.telemetry import DELTA, P, capture_of

from phoenix.engine.frame import Level
from phoenix.engine.measuring import measure_frame
from phoenix.engine.opening import close_frame, open_frame
from phoenix.telemetry.measure import measure

OF_DELTAS = {"temporality": DELTA}
CASES = {
    "integers that rise and begin again": [P(0, 10, since=0), P(10, 15, since=0), P(20, 3, since=0)],
    "doubles that rise and begin again": [P(0, 1.5, since=0), P(10, 4.25, since=0), P(20, 0.5, since=0)],
    "deltas of integers": [P(0, 5, metric=OF_DELTAS), P(10, 7, metric=OF_DELTAS)],
    "deltas of doubles": [P(0, 0.1, metric=OF_DELTAS), P(10, 0.2, metric=OF_DELTAS)],
    "what is born in the capture": [P(0, 5, since=-60), P(10, 7, since=5), P(20, 9, since=5)],
    "integers too large to add": [P(0, 1, since=0), P(10, 2**63 - 1, since=0), P(20, -(2**63), since=0)],
    "doubles without end": [P(0, 1.0, since=0), P(10, inf, since=0), P(20, -inf, since=0)],
    "no numbers": [P(0, nan, since=0), P(10, 2.0, since=0), P(20, nan, since=0)],
    "points without a value": [P(0, None, since=0), P(10, 3, since=0), P(20, 4, since=0, flags=1)],
    "the largest beside the least": [P(0, 1e300, metric=OF_DELTAS), P(10, 5e-324, metric=OF_DELTAS)],
    "nothing at all": [P(0, 0.0, metric=OF_DELTAS), P(10, -0.0, metric=OF_DELTAS)],
    "less than nothing": [P(0, -1.5, metric=OF_DELTAS), P(10, -7.25, metric=OF_DELTAS)],
    "integers and doubles of one series": [P(0, 1, since=0), P(10, 2.5, since=0), P(20, 4, since=0)],
    "times out of order": [P(10, 5, since=0), P(0, 7, since=0), P(20, 9, since=0)],
    "two hosts": [P(0, 5, since=0), P(0, 1.5, since=0, host="b"), P(10, 9, since=0), P(10, 4.0, since=0, host="b")],
}


@pytest.mark.parametrize("points", CASES.values(), ids=list(CASES))
def test_totals_are_those_that_the_capture_says(points):
    frame = open_frame(capture_of(*([point] for point in points)))
    assert said(frame) == said_by_capture(frame)
    for gone in range(len(points)):
        left = frame.dropping(Level.POINT, np.arange(len(points)) == gone)
        assert said(left) == said_by_capture(left), gone


def said(frame):
    return outcome(lambda: measure_frame(frame))


def said_by_capture(frame):
    return outcome(lambda: measure(close_frame(frame)))


def outcome(work):
    try:
        # NaN differs from itself; its text does not.
        return repr(work())
    except (OverflowError, ValueError) as error:
        return type(error).__name__
