"""The processors that remember, without a collector: what a reader would work out with a pencil."""

import math

import pytest
from tests.support.engine.comparing import config_of, values
from tests.support.engine.telemetry import DELTA, P, capture_of

from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.frame import Frame, Level

HISTOGRAM, GAUGE = {"type": "histogram"}, {"type": "gauge"}


def run(processors: str, definitions: str, *requests: list[P]) -> Frame:
    """Return what comes out, as a frame."""
    return ColumnarEvaluator().run(config_of(processors, definitions), capture_of(*requests))


def numbers(processors: str, settings: str, *requests: list[P]) -> list[float]:
    """Return the numbers that come out."""
    config = config_of(processors, f"{processors}: {{{settings}}}")
    return values(ColumnarEvaluator().evaluate(config, capture_of(*requests)))


@pytest.mark.parametrize(
    ("initial", "expected"),
    [("keep", [5, 1.0, 2, 3.0]), ("drop", [2, 3.0]), ("auto", [1.0, 2, 3.0])],
)
def test_a_point_becomes_what_came_since_the_one_before(initial, expected):
    requests = [
        [P(0, 5, since=-60), P(0, 1.0, since=0.5, name="n")],
        [P(10, 7, since=-60), P(10, 4.0, since=0.5, name="n"), P(10, 1, flags=1)],
        [P(20, 1, since=-60), P(20, 2.0, since=0.5, name="n")],
    ]
    assert numbers("cumulative_to_delta", f"initial_value: {initial}", *requests) == expected


def test_integers_wrap_and_nan_passes():
    found = numbers("cumulative_to_delta", "initial_value: keep", [P(0, -(2**63))], [P(1, 2**63 - 1)], [P(2, math.nan)])
    assert found[:2] == [-(2.0**63), -1.0]
    assert math.isnan(found[2])
    assert numbers("delta_to_cumulative", "", *[[P(i, 2**62, metric={"temporality": DELTA})] for i in range(3)]) == [
        2.0**62,
        -(2.0**63),
        -(2.0**62),
    ]


def test_state_is_forgotten_by_the_sweeper():
    requests = [[P(at, i, name="m"), P(at, 1.0, name="n")] for i, at in enumerate((0, 10, 100, 150))]
    assert numbers("cumulative_to_delta", "initial_value: keep, max_staleness: 20s", *requests) == [
        *(0, 1, 1, 0),
        *(2, 1, 3, 1),
    ]
    deltas = [[P(at, 1, metric={"temporality": DELTA})] for at in (0, 10, 70, 200)]
    assert numbers("delta_to_cumulative", "max_stale: 30s", *deltas) == [1, 2, 1, 1]


def test_streams_beyond_the_limit_are_dropped_until_there_is_room():
    delta = {"temporality": DELTA}
    requests = [[P(at, 1, name=name, metric=delta) for name in "ab"] for at in (0, 10)]
    requests += [[P(130, 1, name="b", metric=delta)], [P(140, 2.5, name="b", metric=delta), P(140, 1, metric=delta)]]
    assert numbers("delta_to_cumulative", "max_streams: 1, max_stale: 1m", *requests) == [1, 2, 1, 2.5]


def test_histograms_go_both_ways():
    bins = [{"count": i, "sum": float(i), "bucket_counts": [i], "min": 1.0} for i in (1, 3, 2, 4)]
    requests = [[P(10 * i, one, metric=HISTOGRAM)] for i, one in enumerate(bins)]
    definitions = "cumulative_to_delta: {initial_value: keep, max_staleness: 1h}, delta_to_cumulative: {}"
    frame = run("cumulative_to_delta, delta_to_cumulative", definitions, *requests)
    alive = frame.alive(Level.POINT)
    assert alive is not None
    assert alive.tolist() == [True, True, False, True]


def test_the_newest_point_of_an_interval_is_sent_and_knows_where_it_comes_from():
    definitions = "interval: {interval: 30s}, interval/2: {interval: 45s}"
    requests = [[P(at, at, host=h), P(at, 1, name="up", metric={"monotonic": False})] for h in "ab" for at in (0, 10)]
    requests.append([P(40, 7, host="a"), P(40, 7, host="a", metric=GAUGE, name="g")])
    frame = run("interval, interval/2", definitions, *requests)
    assert frame.lineage is not None
    assert frame.lineage.one is not None
    assert sorted(frame.lineage.one.tolist()) == [1, 3, 5, 6, 7, 8, 9]
    assert (frame.points.time == frame.source.points.time[frame.lineage.one]).all()


def test_nothing_in_is_nothing_out():
    definitions = "interval: {}, cumulative_to_delta: {}, delta_to_cumulative: {}, resource_detection: {}"
    frame = run("resource_detection, interval, cumulative_to_delta, delta_to_cumulative", definitions)
    assert len(frame.points) == 0
