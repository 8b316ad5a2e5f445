"""interval against the collector: every option, what waits and what passes, and when it is sent."""

import math
from typing import Any

import numpy as np
import pytest
from tests.support.engine.comparing import config_of, same_in_columns, values
from tests.support.engine.telemetry import DELTA, FIRST, SECOND, P, capture_of

from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator

GAUGE, SUMMARY, UP_DOWN = {"type": "gauge"}, {"type": "summary"}, {"monotonic": False}
HISTOGRAM, EXPONENTIAL = {"type": "histogram"}, {"type": "exponential_histogram"}
BINS = {"count": 3, "sum": 1.0, "bucket_counts": [1, 2], "explicit_bounds": [1.0], "min": 0.5}
EXPO = {"count": 3, "sum": 1.0, "scale": 2, "positive": (1, 1, 2)}
QUANTILES = {"count": 3, "sum": 1.0, "quantiles": [(0.5, 1.0)]}


def of(settings="interval: 60s"):
    return config_of("interval", f"interval: {{{settings}}}")


def every_type(at, number):
    """A point of every type of metric, and of those that never wait."""
    metrics: dict[str, tuple[Any, dict[str, Any]]] = {
        "sum": (number, {}),
        "up and down": (number, UP_DOWN),
        "delta": (number, {"temporality": DELTA}),
        "no temporality": (number, {"temporality": 0}),
        "gauge": (float(number), GAUGE),
        "histogram": ({**BINS, "count": number}, HISTOGRAM),
        "delta histogram": (BINS, {**HISTOGRAM, "temporality": DELTA}),
        "exponential": ({**EXPO, "count": number}, EXPONENTIAL),
        "delta exponential": (EXPO, {**EXPONENTIAL, "temporality": DELTA}),
        "summary": ({**QUANTILES, "count": number}, SUMMARY),
    }
    return [P(at, value, name=name, metric=metric, exemplar=None) for name, (value, metric) in metrics.items()]


TYPES = capture_of(*(every_type(at, number) for number, at in enumerate((0, 10, 59, 60, 61, 130, 300))))
SETTINGS = [
    "",
    "interval: 60s",
    "interval: 1m, pass_through: {gauge: true}",
    "interval: 15s, pass_through: {summary: true}",
    "interval: 1h, pass_through: {gauge: true, summary: true}",
    "interval: 1s, pass_through: {gauge: false, summary: false}",
    "interval: 7s, pass_through: ",
    "interval: 7s, pass_through: {gauge: }",
]


@pytest.mark.parametrize("settings", SETTINGS)
def test_every_type_waits_or_passes(harness, settings):
    same_in_columns(harness, of(settings), TYPES)


# What, requests, and the numbers sent in their order, with an interval of a minute.
WINNERS = [
    ("the newest of an interval", [[P(0, 1)], [P(10, 2)], [P(59, 3)], [P(61, 4)]], [3, 4]),
    ("a tick comes before what arrives then", [[P(0, 1)], [P(60 - 1e-9, 2)], [P(120, 3)]], [1, 2, 3]),
    ("just before a tick", [[P(0, 1)], [P(60 - 2e-9, 2)], [P(120, 3)]], [2, 3]),
    ("the first of equal times", [[P(5, 1), P(5, 2)], [P(5, 3)]], [1]),
    ("older times never win", [[P(20, 1)], [P(10, 2)], [P(15, 3)]], [1]),
    ("older times in a later interval do", [[P(20, 1)], [P(70, 2, name="n")], [P(10, 3)]], [1, 2, 3]),
    ("times that are not set", [[P(None, 1)], [P(None, 2)], [P(5, 3)], [P(None, 4)]], [3]),
    (
        "start times, flags and exemplars of the winner",
        [[P(0, 1, since=-5, flags=1)], [P(1, 2, since=-4, exemplar=2.0)]],
        [2],
    ),
    ("kinds of numbers mix", [[P(0, 1)], [P(1, 2.5)], [P(2, None)]], [math.nan]),
    ("no points at all", [[P(0, "no point")], [P(1, 1, name="n")]], [1]),
    ("empty intervals", [[P(0, 1)], [P(1000, 2)]], [1, 2]),
    ("empty requests and nodes", [[], [P(0, 1)], [P(0, "no point", host="b", metric=UP_DOWN)]], [1]),
]


@pytest.mark.parametrize(("requests", "expected"), [row[1:] for row in WINNERS], ids=[row[0] for row in WINNERS])
def test_the_newest_point_of_a_stream_is_sent(harness, requests, expected):
    found = values(same_in_columns(harness, of(), capture_of(*requests)))
    assert list(map(str, found)) == [str(float(number)) for number in expected]


def pairs(**differing):
    """Two points of one stream but for what is given: two values of one thing."""
    return [[P(10 * i, 1, **{name: both[i] for name, both in differing.items()})] for i in range(2)]


# What, two points, and how many resources, scopes, metrics and points are sent.
GROUPS = [
    ("attributes", pairs(of=({"a": 1}, {"a": 2})), (1, 1, 1, 2)),
    ("order of attributes", pairs(of=({"a": 1, "b": 2}, {"b": 2, "a": 1})), (1, 1, 1, 1)),
    ("resource", pairs(host=("a", "b")), (2, 2, 2, 2)),
    ("schema of the resource, the first's stays", pairs(more=({"schema": "x"}, {"schema": "y"})), (1, 1, 1, 1)),
    ("name of the scope", pairs(scope=("s", "t")), (1, 2, 2, 2)),
    ("attributes of the scope", pairs(more=({"scope_attributes": {"a": 1}}, {})), (1, 2, 2, 2)),
    ("schema of the scope", pairs(more=({"scope_schema": "x"}, {})), (1, 1, 1, 1)),
    ("name", pairs(name=("m", "n")), (1, 1, 2, 2)),
    ("unit", pairs(metric=({"unit": "s"}, {})), (1, 1, 2, 2)),
    ("description, the first's stays", pairs(metric=({"description": "d"}, {"description": "e"})), (1, 1, 1, 1)),
    ("metadata goes", pairs(metric=({"metadata": {"a": 1}}, {})), (1, 1, 1, 1)),
    ("type", pairs(metric=({}, GAUGE)), (1, 1, 2, 2)),
    ("start time", pairs(since=(-5, -4)), (1, 1, 1, 1)),
]


@pytest.mark.parametrize(("requests", "counts"), [row[1:] for row in GROUPS], ids=[row[0] for row in GROUPS])
def test_what_waits_is_grouped_anew(harness, requests, counts):
    found = same_in_columns(harness, of(), capture_of(*requests))
    assert (len(found.resources), len(found.scopes), len(found.metrics), len(found.points)) == counts


def test_nodes_of_two_requests_meet_in_the_order_first_seen(harness):
    nodes = [P(0, 1, host=h, scope=s, name=n, of={"a": a}) for h in "ba" for s in "ts" for n in "nm" for a in (2, 1)]
    again = [P(1, 2, host=h, scope=s, name=n) for h in "abc" for s in "stu" for n in "mno"]
    found = same_in_columns(harness, of(), capture_of(nodes, again, [*nodes, *again]))
    assert (len(found.resources), len(found.scopes), len(found.metrics)) == (3, 9, 27)


def test_requests_leave_when_their_ticks_come_and_the_last_at_the_end(harness):
    requests = [[P(at, 1), P(at, 2, name="passes", metric=UP_DOWN)] for at in (0, 10, 130, 130)]
    found = same_in_columns(harness, of(), capture_of(*requests))
    got = ColumnarEvaluator().evaluate(of(), capture_of(*requests))
    for answer in (found, got):
        left = answer.batches[answer.metrics.batch[answer.points.metric]].astype(np.int64) - FIRST
        assert (left / SECOND).tolist() == pytest.approx([0, 10, 60, 130, 130, 130], abs=1e-6)


def test_many_small_requests_of_several_hosts(harness):
    requests = [
        [P(i / 7, i * 1.5, host=f"h{i % 5}", name=f"m{i % 3}", of={"i": i % 2}), P(i / 7, i, host="h", metric=GAUGE)]
        for i in range(700)
    ]
    same_in_columns(harness, of("interval: 10s"), capture_of(*requests))


CHAINS = {
    "deltas of what was thinned out": "interval, cumulative_to_delta",
    "thinning out what became deltas": "cumulative_to_delta, interval",
    "two intervals": "interval, interval/longer",
    "resources named in between": "resource_detection, interval, cumulative_to_delta, delta_to_cumulative",
}
DEFINITIONS = """
interval: {interval: 10s}, interval/longer: {interval: 17s}, cumulative_to_delta: {initial_value: keep},
delta_to_cumulative: {}, resource_detection: {detectors: [env]}"""


@pytest.mark.parametrize("processors", CHAINS.values(), ids=CHAINS)
def test_processors_follow_each_other(harness, processors):
    requests = [[P(i, i * 1.5, host=f"h{i % 2}"), P(i, 2, name="g", metric=GAUGE)] for i in range(50)]
    wanted = [name.strip() for name in processors.split(",")]
    same_in_columns(harness, config_of(", ".join(wanted), DEFINITIONS), capture_of(*requests))


REFUSED = [
    "interval: 0s",
    "interval: -1s",
    "interval: ",
    "interval: often",
    "every: 1s",
    "pass_through: {sum: true}",
    "pass_through: true",
]


@pytest.mark.parametrize("settings", REFUSED)
def test_what_the_collector_refuses_is_refused(harness, settings):
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(ConfigRefusedError):
            evaluator.evaluate(of(settings), TYPES)


def test_a_metric_without_a_type_is_an_error(harness):
    capture = capture_of([P(0, 1)], [P(1, 1), P(1, name="n", metric={"type": "none"})], [P(2, 1)])
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(EvaluationFailedError) as failure:
            evaluator.evaluate(of(), capture)
        assert failure.value.details["request"] == 1


@pytest.mark.parametrize("last", ["interval/same", "cumulative_to_delta"])
def test_ticks_of_two_processors_at_one_moment_are_refused(last):
    definitions = "interval: {interval: 60s}, interval/same: {}, cumulative_to_delta: {max_staleness: 60s}"
    requests = [[P(at, 1)] for at in (0, 10, 70, 190, 300)]
    with pytest.raises(UnsupportedComponentError, match="sends at the moment"):
        ColumnarEvaluator().evaluate(config_of(f"interval, {last}", definitions), capture_of(*requests))
