"""cumulative_to_delta against the collector: every option, and telemetry that is not as one would wish it."""

import math
import random

import pytest
from tests.support.engine.comparing import config_of, same_in_columns, values
from tests.support.engine.telemetry import DELTA, P, capture_of

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator

KEEP = "initial_value: keep"
GAUGE, UP_DOWN = {"type": "gauge"}, {"monotonic": False}
HISTOGRAM, EXPONENTIAL = {"type": "histogram"}, {"type": "exponential_histogram"}
NAN, INF = math.nan, math.inf


def of(settings):
    return config_of("cumulative_to_delta", f"cumulative_to_delta: {{{settings}}}")


def series(*numbers, **more):
    """A point every 10 s; None is a scrape without one."""
    return [[P(10 * i, number, **more)] if number is not None else [] for i, number in enumerate(numbers)]


OLD_AND_YOUNG = [
    [P(0, 1.0, since=-60, of={"is": "old"}), P(0, 2.0, since=0, of={"is": "born now"}), P(0, 3.0, of={"is": "unset"})],
    [P(10, 4.0, since=-60, of={"is": "old"}), P(10, 5.0, since=5, of={"is": "young"}), P(10, 6.0, of={"is": "unset"})],
    [P(20, 8.0, since=5, of={"is": "young"}), P(20, 0.5, since=20, of={"is": "equal"})],
]
NAMES = [[P(t, v, name=n) for n in ("cpu.time", "cpu.count", "io")] for t, v in ((0, 1.0), (10, 5.0))]

# What, settings, requests, and the numbers that come out.
NUMBERS = [
    ("auto sends the first when it began after the collector", "", OLD_AND_YOUNG, [3.0, 5.0, 3.0, 3.0]),
    ("keep sends every first, since ever", KEEP, OLD_AND_YOUNG, [1.0, 2.0, 3.0, 3.0, 5.0, 3.0, 3.0, 0.5]),
    ("drop sends no first", "initial_value: drop", OLD_AND_YOUNG, [3.0, 3.0, 3.0]),
    ("a null initial value is auto", "initial_value: ", OLD_AND_YOUNG, [3.0, 5.0, 3.0, 3.0]),
    ("integers stay integers", KEEP, series(1, 5, 5), [1, 4, 0]),
    ("integers wrap", KEEP, series(-(2**63), 2**63 - 1), [-(2**63), -1]),
    ("doubles", KEEP, series(0.1, 0.3, 1e300), [0.1, 0.3 - 0.1, 1e300 - 0.3]),
    ("a reset is dropped and remembered", KEEP, series(5.0, 2.0, 3.0, None, 3.0), [5.0, 1.0, 0.0]),
    ("a reset of integers", KEEP, series(5, 2, 3), [5, 1]),
    ("NaN passes and is not remembered", KEEP, series(1.0, NAN, 4.0), [1.0, NAN, 3.0]),
    ("infinities", KEEP, series(1.0, INF, INF, 5.0, -INF), [1.0, INF, NAN]),
    ("minus infinity first", KEEP, series(-INF, 1.0), [-INF, INF]),
    ("zeros of both signs", KEEP, series(0.0, -0.0, 0.0), [0.0, -0.0, 0.0]),
    ("a point without a value is the integer 0", KEEP, [[P(0)], [P(10)], [P(20, 3)]], [0, 0, 3]),
    ("no recorded value is dropped", KEEP, [[P(0, 1.0)], [P(10, 9.0, flags=1)], [P(20, 4.0, flags=3)]], [1.0]),
    ("other flags stay", KEEP, [[P(0, 1.0, flags=2)], [P(10, 2.0, flags=2)]], [1.0, 1.0]),
    ("equal times", KEEP, [[P(5, 1.0), P(5, 3.0)], [P(5, 4.0)]], [1.0, 2.0, 1.0]),
    ("out of order: the order of arrival counts", KEEP, [[P(20, 1.0)], [P(10, 3.0)], [P(30, 4.0)]], [1.0, 2.0, 1.0]),
    ("times that are not set", KEEP, [[P(None, 1.0)], [P(10, 3.0)], [P(None, 4.0)], [P(5, 6.0)]], [1.0, 2.0, 1.0, 2.0]),
    ("gauges pass", KEEP, series(1.0, 3.0, metric=GAUGE), [1.0, 3.0]),
    ("sums that may fall pass", KEEP, series(1.0, 3.0, metric=UP_DOWN), [1.0, 3.0]),
    ("deltas pass", KEEP, series(1.0, 3.0, metric={"temporality": DELTA}), [1.0, 3.0]),
    ("sums of no temporality pass", KEEP, series(1.0, 3.0, metric={"temporality": 0}), [1.0, 3.0]),
    ("exemplars and descriptions stay", KEEP, [[P(0, 1.0, exemplar=2.5, metric={"description": "d"})]], [1.0]),
    ("a sum without points goes", KEEP, [[P(0, "no point")], [P(0, 1.0), P(0, "no point", name="n")]], [1.0]),
    ("empty nodes go", KEEP, [[P(0, "no point", host="h")], [], [P(0, 1.0)]], [1.0]),
    ("metrics without a type stay", KEEP, [[P(0, 1.0), P(0, name="n", metric={"type": "none"})]], [1.0]),
    ("include by name", f"{KEEP}, include: {{match_type: strict, metrics: [io, cpu]}}", NAMES, [1, 1, 1, 5, 5, 4]),
    ("exclude by name", f"{KEEP}, exclude: {{match_type: strict, metrics: [io]}}", NAMES, [1, 1, 1, 4, 4, 5]),
    (
        "include by pattern",
        f"{KEEP}, include: {{match_type: regexp, metrics: ['u[.]t', x]}}",
        NAMES,
        [1, 1, 1, 4, 5, 5],
    ),
    (
        "exclude by pattern, cached",
        f"{KEEP}, exclude: {{match_type: regexp, metrics: ['^cpu', '^cpu'], regexp: {{cacheenabled: true}}}}",
        NAMES,
        [1, 1, 1, 5, 5, 4],
    ),
    (
        "include and exclude",
        f"{KEEP}, include: {{match_type: regexp, metrics: [c]}}, exclude: {{match_type: strict, metrics: [cpu.time]}}",
        NAMES,
        [1, 1, 1, 5, 4, 5],
    ),
    ("an unknown kind of match is overlooked", f"{KEEP}, include: {{match_type: glob, metrics: [x]}}", NAMES, None),
    ("include by type", f"{KEEP}, include: {{metric_types: [Sum]}}", series(1.0, 3.0), [1.0, 2.0]),
    ("exclude by type", f"{KEEP}, exclude: {{metric_types: [sum, histogram]}}", series(1.0, 3.0), [1.0, 3.0]),
    ("types as one text", f"{KEEP}, include: {{metric_types: 'histogram,SUM'}}", series(1.0, 3.0), [1.0, 2.0]),
]


@pytest.mark.parametrize(
    ("settings", "requests", "expected"), [row[1:] for row in NUMBERS], ids=[r[0] for r in NUMBERS]
)
def test_numbers_become_deltas(harness, settings, requests, expected):
    found = values(same_in_columns(harness, of(settings), capture_of(*requests)))
    if expected is not None:
        assert sorted(map(str, found)) == sorted(str(float(number)) for number in expected)


def pairs(**differing):
    """Two points of one series but for what is given: two values of one thing."""
    return [[P(10 * i, 1.0 + i, **{name: both[i] for name, both in differing.items()})] for i in range(2)]


# What, two points, and whether they are one series.
IDENTITIES = [
    ("attributes", pairs(of=({"a": 1}, {"a": 2})), False),
    ("types of attributes", pairs(of=({"a": 1}, {"a": "1"})), False),
    ("order of attributes", pairs(of=({"a": 1, "b": 2}, {"b": 2, "a": 1})), True),
    ("empty and no attributes", pairs(of=({"": None}, {})), False),
    ("resource", pairs(host=("a", "b")), False),
    ("no resource attributes", pairs(host=("", "")), True),
    ("schema of the resource", pairs(more=({"schema": "x"}, {})), True),
    ("name of the scope", pairs(scope=("s", "t")), False),
    ("version of the scope", pairs(scope=("s/1", "s/2")), False),
    ("attributes of the scope", pairs(more=({"scope_attributes": {"a": 1}}, {})), True),
    ("name", pairs(name=("m", "n")), False),
    ("unit", pairs(metric=({"unit": "s"}, {})), False),
    ("description", pairs(metric=({"description": "d"}, {})), True),
    ("start time", pairs(since=(-60, -50)), False),
    ("unset start time", pairs(since=(None, -50)), False),
    ("int and double", [[P(0, 1)], [P(10, 2.0)]], False),
    ("no value and int", [[P(0)], [P(10, 2)]], False),
]


@pytest.mark.parametrize(("requests", "one"), [row[1:] for row in IDENTITIES], ids=[row[0] for row in IDENTITIES])
def test_what_tells_series_apart(harness, requests, one):
    found = same_in_columns(harness, of("initial_value: drop"), capture_of(*requests))
    assert len(found.points) == int(one)


def test_equal_resources_scopes_and_metrics_of_one_request_share_their_series(harness):
    twice = [P(0, 1.0), P(0, 1.0, host="b"), P(0, 2.0), P(0, 5.0, scope="t"), P(1, 7.0), P(1, 8.0, name="n")]
    found = values(same_in_columns(harness, of(KEEP), capture_of(twice, twice)))
    assert sorted(found) == [0, 0, 0, 1, 1, 1, 1, 5, 5, 5, 8]


# Limits in seconds; the sweeper ticks from just before the first point on.
STALENESS = [
    ("0 forgets nothing", "0s", (0, 100_000)),
    ("negative forgets nothing", "-1s", (0, 100_000)),
    ("null forgets nothing", "", (0, 100_000)),
    ("an hour unless told otherwise", None, (0, 3000, 7300, 7400, 20_000)),
    ("shorter than a scrape", "3s", (0, 10, 20, 21, 30)),
    ("as long as a scrape", "10s", (0, 10, 20, 29, 30, 41, 60)),
    ("twice a scrape", "20s", (0, 10, 20, 30, 60, 70, 120, 139, 140, 141)),
    ("at the moment of a tick", "10s", (0, 10 - 1e-9, 20 - 1e-9, 40 - 1e-9)),
    ("one nanosecond after", "10s", (0, 10 - 2e-9, 20 - 1e-9, 30)),
]


@pytest.mark.parametrize(("limit", "moments"), [row[1:] for row in STALENESS], ids=[row[0] for row in STALENESS])
@pytest.mark.parametrize("kind", ["number", "histogram"])
def test_what_was_not_seen_for_long_is_forgotten_at_a_tick(harness, limit, moments, kind):
    metric = {} if kind == "number" else HISTOGRAM

    def value(i):
        return i if kind == "number" else {"count": i, "sum": float(i), "bucket_counts": [i]}

    points = [[P(at, value(i), metric=metric), P(at, 1.0, name="other")] for i, at in enumerate(moments)]
    points.append([P(moments[-1], value(9), metric=metric), P(None, value(9), name="late", metric=metric)])
    points.append([P(moments[-1] + 5000, value(9), name="late", metric=metric)])
    settings = KEEP if limit is None else f"{KEEP}, max_staleness: {limit}"
    same_in_columns(harness, of(settings), capture_of(*points))


def bins(count, total, *counts, bounds=(1.0, 5.0), **more):
    said = {"count": count, "bucket_counts": list(counts), "explicit_bounds": list(bounds), **more}
    return said if total is None else {**said, "sum": total}


HISTOGRAMS = [
    ("buckets, count and sum", [bins(3, 4.5, 1, 1, 1), bins(6, 9.0, 2, 2, 2), bins(6, 9.0, 2, 2, 2)]),
    ("extremes go", [bins(3, 4.5, 1, 1, 1, min=0.5, max=9.0), bins(6, 9.0, 2, 2, 2, min=0.1, max=9.0)]),
    ("no sum", [bins(3, None, 1, 1, 1), bins(6, None, 2, 2, 2)]),
    ("a sum that comes and goes", [bins(3, None, 1, 1, 1), bins(6, 9.0, 2, 2, 2), bins(9, None, 3, 3, 3)]),
    ("NaN sums", [bins(1, 1.0, 1, 0, 0), bins(2, NAN, 2, 0, 0), bins(3, 5.0, 3, 0, 0), bins(4, NAN, 4, 0, 0)]),
    ("a NaN sum first", [bins(1, NAN, 1, 0, 0), bins(2, 1.0, 2, 0, 0), bins(3, 5.0, 3, 0, 0)]),
    ("a sum that falls", [bins(1, 5.0, 1, 0, 0), bins(2, -3.0, 2, 0, 0)]),
    (
        "a reset keeps the state",
        [bins(6, 9.0, 2, 2, 2), bins(3, 4.5, 1, 1, 1), bins(5, 5, 2, 2, 1), bins(8, 9, 3, 3, 2)],
    ),
    ("one bucket falls", [bins(3, 4.5, 1, 1, 1), bins(4, 9.0, 0, 2, 2), bins(5, 9.0, 1, 2, 2)]),
    (
        "other bounds",
        [bins(3, 4.5, 1, 1, 1), bins(4, 9.0, 2, 1, 1, bounds=(1.0, 6.0)), bins(9, 9.0, 3, 3, 3, bounds=(1, 6))],
    ),
    (
        "other numbers of buckets",
        [bins(3, 4.5, 1, 1, 1), bins(4, 9.0, 2, 2, bounds=(1.0,)), bins(9, 9.0, 3, 3, bounds=(1,))],
    ),
    ("NaN bounds", [bins(3, 4.5, 1, 1, bounds=(NAN,)), bins(6, 9.0, 2, 2, bounds=(NAN,))]),
    ("no buckets", [bins(3, 4.5, bounds=()), bins(6, 9.0, bounds=())]),
    ("large counts", [bins(2**64 - 2, 1.0, 2**63, 1, 1), bins(2**64 - 1, 1.0, 2**63 + 5, 1, 1)]),
]


@pytest.mark.parametrize("points", [row[1] for row in HISTOGRAMS], ids=[row[0] for row in HISTOGRAMS])
@pytest.mark.parametrize("initial", ["keep", "drop", "auto"])
def test_histograms_become_deltas(harness, points, initial):
    requests = [[P(10 * i, point, since=0, metric=HISTOGRAM)] for i, point in enumerate(points, 1)]
    requests.append([P(90, bins(9, 9.0, 3, 3, 3), flags=1, metric=HISTOGRAM), P(90, "no point", metric=HISTOGRAM)])
    requests.append(
        [
            P(95, "no point", name="empty", metric=HISTOGRAM),
            P(95, bins(1, 1.0, 1), metric={**HISTOGRAM, "temporality": 1}),
        ]
    )
    same_in_columns(harness, of(f"initial_value: {initial}"), capture_of(*requests))


def expo(count, scale, positive, **more):
    """An exponential histogram; a half is its offset and its counts."""
    return {"count": count, "scale": scale, "positive": positive, "sum": 1.0, **more}


EXPONENTIALS = [
    ("buckets", [expo(3, 0, (0, 1, 1, 1)), expo(6, 0, (0, 2, 1, 3), sum=4.0), expo(6, 0, (0, 2, 1, 3))]),
    ("buckets that shift", [expo(3, 0, (2, 1, 1, 1)), expo(9, 0, (-1, 0, 3, 0, 2, 1, 2, 1), sum=9.0)]),
    (
        "negative halves and zeros",
        [expo(3, 1, (0,), negative=(5, 1, 2), zero_count=4), expo(6, 1, (0,), negative=(4, 1, 1, 2), zero_count=6)],
    ),
    (
        "fewer zeros wrap",
        [expo(3, 1, (0,), negative=(5, 1, 2), zero_count=4), expo(6, 1, (0,), negative=(5, 1, 2), zero_count=3)],
    ),
    ("coarser", [expo(8, 2, (-3, 1, 1, 1, 1, 1, 1, 1, 1)), expo(9, 0, (-1, 3, 4, 2)), expo(9, -1, (-1, 3, 6))]),
    ("coarser and empty", [expo(1, 4, (9,), negative=(7, 1)), expo(2, 0, (9,), negative=(0, 2))]),
    ("finer is a reset", [expo(3, 0, (0, 1, 1, 1)), expo(6, 1, (0, 2, 2, 2)), expo(6, 0, (0, 2, 2, 2))]),
    ("a count that falls is a reset", [expo(3, 0, (0, 3)), expo(2, 0, (0, 2)), expo(4, 0, (0, 4))]),
    ("a bucket that falls is a reset", [expo(3, 0, (0, 1, 2)), expo(4, 0, (0, 2, 1)), expo(5, 0, (0, 3, 2))]),
    (
        "a reset seen after coarsening",
        [expo(4, 1, (0, 2, 2)), expo(5, 0, (0, 3)), expo(9, 1, (0, 4, 5)), expo(9, 0, (0, 9))],
    ),
    (
        "a smaller zero threshold is a reset",
        [expo(1, 0, (0, 1), zero_threshold=0.5), expo(2, 0, (0, 2)), expo(3, 0, (0, 3), zero_threshold=0.5)],
    ),
    (
        "sums",
        [expo(1, 0, (0, 1), sum=None), expo(2, 0, (0, 2), sum=3.0), expo(3, 0, (0, 3), sum=NAN), expo(4, 0, (0, 4))],
    ),
    ("extremes go", [expo(1, 0, (0, 1), min=1.0, max=2.0), expo(2, 0, (0, 2), min=1.0, max=2.0)]),
]


@pytest.mark.parametrize("points", [row[1] for row in EXPONENTIALS], ids=[row[0] for row in EXPONENTIALS])
@pytest.mark.parametrize("initial", ["keep", "drop"])
def test_exponential_histograms_become_deltas(harness, points, initial):
    requests = [[P(10 * i, point, since=0, metric=EXPONENTIAL)] for i, point in enumerate(points, 1)]
    same_in_columns(harness, of(f"initial_value: {initial}"), capture_of(*requests))


THRESHOLDS = (0.0, 0.001, 0.1, 0.3, 0.5, 1.0, 1.5, 2.0, 2.3, 5.0)


def test_what_a_growing_zero_bucket_takes_in_is_counted_there(harness):
    pick = random.Random(4)
    requests: list[list[P]] = [[], [], []]
    for stream in range(200):
        scales, widths = sorted(pick.choices(range(-1, 4), k=3), reverse=True), sorted(pick.choices(THRESHOLDS, k=3))
        for at, (scale, width) in enumerate(zip(scales, widths, strict=True)):
            # Mostly no reset.
            counts = (pick.randrange(-4, 2), *(at * 9 + pick.randrange(5) for _ in range(pick.randrange(1, 6))))
            negative = (0, *(at * 9 + pick.randrange(3) for _ in range(pick.randrange(3))))
            point = expo(9 + at, scale, counts, negative=negative, zero_threshold=width, zero_count=at)
            requests[at].append(P(10 * at + 10, point, since=0, metric=EXPONENTIAL, name=f"m{stream}"))
    same_in_columns(harness, of(KEEP), capture_of(*requests))


REFUSED = [
    "max_stale: 1h",
    "max_staleness: long",
    "initial_value: first",
    "initial_value: ''",
    "include: {metrics: [a]}",
    "exclude: {metrics: [a]}",
    "include: {match_type: strict}",
    "include: {metric_types: [gauge]}",
    "exclude: {metric_types: [summary]}",
    "include: {names: [a]}",
    "include: [a]",
    "include: {match_type: regexp, metrics: [a], regexp: {cache: true}}",
    "metrics: [a]",
]


@pytest.mark.parametrize("settings", REFUSED)
def test_what_the_collector_refuses_is_refused(harness, settings):
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(ConfigRefusedError):
            evaluator.evaluate(of(settings), capture_of([P(0, 1.0)]))


GROWING = [expo(1, 0, (0, 1)), expo(2, 0, (0, 2), zero_threshold=math.inf)]
UNSUPPORTED = [
    ("a pattern that is no regular expression", "include: {match_type: regexp, metrics: ['(']}", [[P(0, 1.0)]]),
    (
        "a regexp cache of negative size",
        "include: {match_type: regexp, metrics: [a], regexp: {cacheenabled: true, cachemaxnumentries: -1}}",
        [[P(0, 1.0)]],
    ),
    ("the character U+001E", "", [[P(0, 1.0, name="a\x1eb")]]),
    ("a zero threshold of inf", "", [[P(i, point, metric=EXPONENTIAL)] for i, point in enumerate(GROWING)]),
    ("an initial_value that is no text", "initial_value: 1", [[P(0, 1.0)]]),
]


@pytest.mark.parametrize(("what", "settings", "requests"), UNSUPPORTED, ids=[row[0] for row in UNSUPPORTED])
def test_what_is_not_done_is_named(what, settings, requests):
    with pytest.raises(UnsupportedComponentError, match="cumulative_to_delta") as refusal:
        ColumnarEvaluator().evaluate(of(settings), capture_of(*requests))
    assert what in str(refusal.value.details["feature"])


def test_patterns_see_u_fffd_for_bytes_that_are_no_utf8(harness):
    body = capture_of([P(0, 1.0, name="caf?")], [P(10, 3.0, name="caf?")])
    same_in_columns(harness, of(f"{KEEP}, include: {{match_type: regexp, metrics: ['caf.$']}}"), body)
