"""Histograms are scaled as the collector scales them; where buckets begin then is what Go prints."""

from dataclasses import replace

import numpy as np
import pytest
from tests.support.replay.process_requests import scrapes

from phoenix.engine.frame import Frame
from phoenix.engine.opening import open_frame
from phoenix.engine.processors.metric_transforms.scaling import scaled
from phoenix.engine.values.rest_codec import add_rest, rest_at
from phoenix.engine.values.rests import Buckets, Exemplar, ExponentialRest, HistogramRest, PointRest
from phoenix.telemetry.capture import PointKind

INT32_MIN = -(2**31)


@pytest.mark.parametrize(
    ("resolution", "offset", "by", "expected"),
    [
        (0, 0, 4 / 3, 0),
        (0, 7, 1000.0, 17),
        (3, -3, 0.001, -83),
        (1, 1, -1.0, INT32_MIN),
        (-10, 1, 2.0, INT32_MIN),
        (-4, 0, 2.0, 1),
        (20, 400, 1e300, 1044988622),
        (8, 7, 2.0, 263),
    ],
)
def test_exponential_buckets_move(resolution, offset, by, expected):
    before = ExponentialRest(scale=resolution, positive=Buckets(offset, (1,)), zero_threshold=0.5, sum=2.0)
    after = _scaled(before, PointKind.EXPONENTIAL_HISTOGRAM, by)
    assert isinstance(after, ExponentialRest)
    assert after.positive.offset == expected
    assert (after.negative, after.zero_threshold, after.sum) == (before.negative, 0.5 * by, 2.0 * by)


def test_bounds_extremes_and_exemplars_of_histograms_are_scaled():
    exemplars = (Exemplar(value=3), Exemplar(value=0.5), Exemplar())
    before = HistogramRest(1, 4.0, (1, 0), (2.0,), exemplars, min=1.0)
    expected = replace(before, sum=10.0, min=2.5, explicit_bounds=(5.0,))
    expected = replace(expected, exemplars=(Exemplar(value=7), Exemplar(value=1.25), Exemplar()))
    assert _scaled(before, PointKind.HISTOGRAM, 2.5) == expected


def _scaled(rest: PointRest, kind: PointKind, by: float) -> PointRest:
    frame = _frame(rest, kind)
    after = scaled(frame, np.array([0]), by)
    return rest_at(frame.pools.rests, kind, int(after.points.rest[0]))


def _frame(rest: PointRest, kind: PointKind) -> Frame:
    frame = open_frame(scrapes([0], processes=1))
    count = len(frame.points)
    rows = np.full(count, add_rest(frame.pools.rests, rest), dtype=np.int32)
    return frame.with_(points=replace(frame.points, rest=rows, kind=np.full(count, kind, dtype=np.uint8)))
