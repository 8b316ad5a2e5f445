"""delta_to_cumulative against the collector: every option, and telemetry that is not as one would wish it."""

import math
import random
from itertools import product

import pytest
from tests.support.engine.comparing import config_of, same_in_columns, values
from tests.support.engine.telemetry import CUMULATIVE, DELTA, P, capture_of

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator

SUM, UP_DOWN = {"temporality": DELTA}, {"temporality": DELTA, "monotonic": False}
HISTOGRAM = {"type": "histogram", "temporality": DELTA}
EXPONENTIAL = {"type": "exponential_histogram", "temporality": DELTA}
GAUGE = {"type": "gauge"}
NAN, INF = math.nan, math.inf


def of(settings=""):
    return config_of("delta_to_cumulative", f"delta_to_cumulative: {{{settings}}}")


def d(at, value, **more):
    """A point of a delta sum."""
    return P(at, value, **{"metric": SUM, **more})


# What, requests, and the numbers that come out.
NUMBERS = [
    ("integers add up", [[d(0, 1)], [d(10, 5)], [d(20, -2)]], [1, 6, 4]),
    ("integers wrap", [[d(0, 2**63 - 1)], [d(10, 3)], [d(20, -(2**63))]], [2**63 - 1, -(2**63) + 2, 2]),
    ("doubles add up in order", [[d(0, 1e16)], [d(1, 1.0)], [d(2, 1.0)], [d(3, -1e16)]], [1e16, 1e16, 1e16, 0.0]),
    ("integers, then doubles, then integers", [[d(0, 1)], [d(1, 2.5)], [d(2, 3.5)], [d(3, 4)]], [1, 2.5, 6.0, 4]),
    ("a point without a value adds nothing", [[d(0, 1)], [d(1, None)], [d(2, 2)]], [1, 1, 3]),
    ("no value first", [[d(0, None)], [d(1, 2.5)], [d(2, None)]], [NAN, 2.5, 2.5]),
    ("no value first, then integers", [[d(0, None)], [d(1, 2)]], [NAN, 2]),
    ("NaN and infinities", [[d(0, INF)], [d(1, 1.0)], [d(2, -INF)], [d(3, 1.0)]], [INF, INF, NAN, NAN]),
    ("zeros of both signs", [[d(0, -0.0)], [d(1, -0.0)], [d(2, 0.0)]], [-0.0, -0.0, 0.0]),
    ("int zero and minus zero", [[d(0, 1)], [d(1, -0.0)]], [1, 0.0]),
    ("equal times are dropped", [[d(5, 1), d(5, 2)], [d(5, 4)], [d(6, 8)]], [1, 9]),
    ("older times are dropped", [[d(20, 1)], [d(10, 2)], [d(21, 4)]], [1, 5]),
    ("times that are not set", [[d(None, 1)], [d(None, 2)], [d(5, 4)], [d(None, 8)], [d(6, 16)]], [1, 2, 4, 20]),
    ("older starts are dropped", [[d(5, 1, since=0)], [d(15, 2, since=-5)], [d(25, 4, since=5)]], [1, 5]),
    ("a start that is not set is older", [[d(5, 1, since=0)], [d(15, 2)], [d(25, 4, since=0)]], [1, 5]),
    ("overlapping spans add up", [[d(10, 1, since=0)], [d(15, 2, since=5)], [d(20, 4, since=0)]], [1, 3, 7]),
    ("gaps add up", [[d(10, 1, since=0)], [d(200, 2, since=150)]], [1, 3]),
    ("the first point's flags and exemplars stay", [[d(0, 1, flags=2, exemplar=1.5)], [d(1, 2, exemplar=9.0)]], [1, 3]),
    ("no recorded value is added all the same", [[d(0, 1)], [d(1, 0, flags=1)], [d(2, 2)]], [1, 1, 3]),
    ("flags of the first are not recorded", [[d(0, 1, flags=1)], [d(1, 2)]], [1, 3]),
    ("sums that may fall", [[d(0, 1, metric=UP_DOWN)], [d(1, -5, metric=UP_DOWN)]], [1, -4]),
    ("cumulative sums pass", [[P(0, 1)], [P(1, 5)], [P(1, 5)]], [1, 5, 5]),
    (
        "sums of no temporality pass",
        [[P(0, 1, metric={"temporality": 0})], [P(0, 5, metric={"temporality": 0})]],
        [1, 5],
    ),
    ("gauges pass", [[P(0, 1, metric=GAUGE)], [P(0, 5, metric=GAUGE)]], [1, 5]),
    ("a delta sum without points goes", [[d(0, "no point"), d(0, 1, name="n")], [d(1, "no point")]], [1]),
    ("a gauge without points stays", [[P(0, "no point", metric=GAUGE), d(0, 1, name="n")]], [1]),
    ("metrics without a type stay", [[d(0, 1), P(0, name="n", metric={"type": "none"})]], [1]),
    (
        "order of attributes is that of the first",
        [[d(0, 1, of={"a": 1, "b": 2})], [d(1, 2, of={"b": 2, "a": 1})]],
        [1, 3],
    ),
    ("what is all dropped sends nothing", [[d(5, 1)], [d(5, 2)], [d(6, 4)]], [1, 5]),
]


@pytest.mark.parametrize(("requests", "expected"), [row[1:] for row in NUMBERS], ids=[row[0] for row in NUMBERS])
def test_deltas_add_up(harness, requests, expected):
    found = values(same_in_columns(harness, of(), capture_of(*requests)))
    assert list(map(str, found)) == [str(float(number)) for number in expected]


def pairs(**differing):
    """Two points of one stream but for what is given: two values of one thing."""
    return [[d(10 * i, 1, **{name: both[i] for name, both in differing.items()})] for i in range(2)]


# What, two points, and whether they are one stream.
IDENTITIES = [
    ("attributes", pairs(of=({"a": 1}, {"a": 2})), False),
    ("types of attributes", pairs(of=({"a": 1}, {"a": 1.0})), False),
    ("an empty value and none", pairs(of=({"a": None}, {})), False),
    ("resource", pairs(host=("a", "b")), False),
    ("schema of the resource", pairs(more=({"schema": "x"}, {})), True),
    ("name of the scope", pairs(scope=("s", "t")), False),
    ("version of the scope", pairs(scope=("s/1", "s/2")), False),
    ("attributes of the scope", pairs(more=({"scope_attributes": {"a": 1}}, {})), False),
    ("schema of the scope", pairs(more=({"scope_schema": "x"}, {})), True),
    ("name", pairs(name=("m", "n")), False),
    ("unit", pairs(metric=({**SUM, "unit": "s"}, SUM)), False),
    ("description", pairs(metric=({**SUM, "description": "d"}, SUM)), True),
    ("monotonic", pairs(metric=(SUM, UP_DOWN)), False),
    ("later start", pairs(since=(-60, -50)), True),
]


@pytest.mark.parametrize(("requests", "one"), [row[1:] for row in IDENTITIES], ids=[row[0] for row in IDENTITIES])
def test_what_tells_streams_apart(harness, requests, one):
    found = values(same_in_columns(harness, of(), capture_of(*requests)))
    assert found == [1, 2 if one else 1]


# What, settings, and when there are points. The sweeper ticks each minute from just before the first on.
STALENESS = [
    ("five minutes unless told otherwise", "", (0, 290, 590, 891, 1260, 1320, 2000)),
    ("shorter than a minute", "max_stale: 10s", (0, 20, 59, 61, 119, 130, 181)),
    ("a minute, to the nanosecond", "max_stale: 1m", (0, 60 - 1e-9, 120 - 2e-9, 180 - 1e-9, 240 - 1e-9, 360 - 1e-9)),
    ("longer than the capture", "max_stale: 10h", (0, 290, 2000)),
    ("at the same time", "max_stale: 1ns", (0, 0, 60, 60)),
]


@pytest.mark.parametrize(("settings", "moments"), [row[1:] for row in STALENESS], ids=[row[0] for row in STALENESS])
def test_a_stream_that_got_nothing_for_long_begins_again(harness, settings, moments):
    bins = {"count": 1, "sum": 1.0, "bucket_counts": [1]}
    requests = [[d(at, 2), d(at, bins, name="h", metric=HISTOGRAM), d(0, 1, name="too old")] for at in moments]
    same_in_columns(harness, of(settings), capture_of(*requests))


# What, settings, and which streams have a point in each request, 30 s apart.
LIMITS = [
    ("none", "max_streams: 0", ["abc", "abc"]),
    ("one", "max_streams: 1", ["abc", "cba", "b"]),
    ("two, of several types", "max_streams: 2", ["aHb", "bHa", "H"]),
    ("as many as there are", "max_streams: 3", ["abc", "abc"]),
    (
        "room after a sweep",
        "max_streams: 2, max_stale: 1m",
        ["ab", "b", "bc", "b", "bc", "bc", "abc", "", "", "", "c", "a"],
    ),
    ("no room for those that come again", "max_streams: 1, max_stale: 20s", ["a", "b", "ab", "ba", "b", "", "ba"]),
    ("a float is cut off", "max_streams: 1.9", ["ab", "ab"]),
    ("null is none", "max_streams: ", ["ab", "ab"]),
]


@pytest.mark.parametrize(("settings", "streams"), [row[1:] for row in LIMITS], ids=[row[0] for row in LIMITS])
def test_no_more_streams_are_kept_than_may_be(harness, settings, streams):
    bins = {"count": 1, "sum": 1.0, "bucket_counts": [1]}

    def point(at, stream):
        return d(at, bins, name="H", metric=HISTOGRAM) if stream == "H" else d(at, 1, name=stream)

    requests = [[point(30 * i, stream) for stream in there] for i, there in enumerate(streams)]
    same_in_columns(harness, of(settings), capture_of(*requests, [P(0, 1, name="passes")]))


def bins(count, *counts, bounds=(1.0, 5.0), **more):
    said = {"count": count, "bucket_counts": list(counts), "explicit_bounds": list(bounds), "sum": 1.5, **more}
    return {**said, "exemplars": None}


HISTOGRAMS = [
    ("buckets, count and sum", [bins(3, 1, 1, 1), bins(6, 2, 2, 2), bins(1, 0, 0, 1)]),
    ("extremes", [bins(1, 1, min=1.0, max=4.0), bins(1, 1, min=-2.0, max=9.0), bins(1, 1, min=0.0, max=1.0)]),
    ("extremes that come and go", [bins(1, 1, min=1.0), bins(1, 1, max=2.0), bins(1, 1, min=0.0, max=1.0)]),
    ("NaN extremes", [bins(1, 1, min=1.0, max=1.0), bins(1, 1, min=NAN, max=NAN), bins(1, 1, min=-INF, max=INF)]),
    ("infinite extremes before NaN", [bins(1, 1, min=-INF, max=INF), bins(1, 1, min=NAN, max=NAN)]),
    ("zero extremes", [bins(1, 1, min=0.0, max=-0.0), bins(1, 1, min=-0.0, max=0.0), bins(1, 1, min=0.0, max=-0.0)]),
    ("sums that come and go", [bins(1, 1), bins(1, 1, sum=None), bins(1, 1), bins(1, 1, sum=NAN)]),
    (
        "other bounds begin anew",
        [bins(1, 1, 0, 0), bins(2, 1, 1, 0, bounds=(1.0, 6.0)), bins(3, 3, 0, 0, bounds=(1.0, 6.0))],
    ),
    ("NaN bounds begin anew", [bins(1, 1, 0, bounds=(NAN,)), bins(2, 1, 1, bounds=(NAN,))]),
    ("more and fewer buckets than bounds", [bins(1, 1, 2), bins(2, 3, 4, 5, 6), bins(1, 1)]),
    ("no buckets", [bins(1, bounds=()), bins(2, bounds=())]),
    ("counts that wrap", [bins(2**64 - 1, 2**64 - 1, 1, 1), bins(3, 3, 0, 0)]),
]


@pytest.mark.parametrize("points", [row[1] for row in HISTOGRAMS], ids=[row[0] for row in HISTOGRAMS])
def test_histograms_add_up(harness, points):
    requests = [[d(10 * i, point, since=i, of={"i": 1}, metric=HISTOGRAM)] for i, point in enumerate(points, 1)]
    requests.append([d(10, points[0], name="m", metric=HISTOGRAM), d(5, bins(1, 1), of={"i": 1}, metric=HISTOGRAM)])
    requests.append([d(99, bins(1, 1), metric=HISTOGRAM, since=99, of={"i": 1}, flags=1)])
    requests.append(
        [d(99, bins(1, 1), metric=HISTOGRAM, since=99, of={"i": 1}), d(None, bins(1, 1), name="n", metric=HISTOGRAM)]
    )
    requests.append(
        [
            d(100, bins(1, 1), metric=HISTOGRAM, name="n"),
            P(99, bins(1, 1), metric={**HISTOGRAM, "temporality": CUMULATIVE}),
        ]
    )
    same_in_columns(harness, of(), capture_of(*requests))


def expo(count, scale, positive, **more):
    """An exponential histogram; a half is its offset and its counts."""
    return {"count": count, "scale": scale, "positive": positive, "sum": 1.5, **more}


LONG = tuple(range(1, 150))
AT = (-4, -3, 4, 3)
EXPONENTIALS = [
    ("buckets", [expo(3, 0, (0, 1, 1, 1)), expo(6, 0, (0, 2, 1, 3)), expo(1, 0, (1, 1))]),
    ("buckets apart", [expo(2, 0, (5, 1, 1)), expo(2, 0, (-4, 1, 1)), expo(0, 0, (0, 0))]),
    ("zeros around", [expo(2, 0, (-3, 0, 0, 1, 0)), expo(2, 0, (-5, 0, 0, 0, 0, 1, 1, 0, 0))]),
    ("nothing but zeros", [expo(0, 0, (3, 0, 0)), expo(0, 0, (-2, 0))]),
    ("empty halves", [expo(0, 0, (3,)), expo(1, 0, (2, 0, 1, 0)), expo(0, 0, (7,), negative=(1, 0, 1))]),
    (
        "negative and zero",
        [expo(3, 1, (0,), negative=(5, 1), zero_count=2), expo(4, 1, (0,), negative=(4, 1, 1), zero_count=2)],
    ),
    ("coarser state", [expo(6, 0, (-1, 1, 2, 3)), expo(8, 2, (-3, 1, 1, 1, 1, 1, 1, 1, 1))]),
    ("coarser point", [expo(8, 2, (-3, 1, 1, 1, 1, 1, 1, 1, 1)), expo(6, 0, (-1, 1, 2, 3)), expo(6, -1, (-1, 3, 3))]),
    ("odd and even offsets", [expo(5, 9 - size - at % 2, (at, *range(1, size))) for size in (2, 3, 6, 7) for at in AT]),
    ("coarser with zeros left over", [expo(4, 3, (1, 1, 1, 1, 1)), expo(1, 0, (9, 1))]),
    (
        "too many buckets",
        [expo(1, 4, (0, *LONG)), expo(1, 4, (100, *LONG)), expo(1, 4, (-300, *LONG)), expo(1, 4, (9000, 1))],
    ),
    ("too many negative buckets", [expo(1, 4, (0, 1), negative=(-7, *LONG)), expo(1, 4, (0, 1), negative=(70, *LONG))]),
    ("more buckets than there may be, first", [expo(1, 4, (3, *LONG, *LONG)), expo(1, 4, (3, *LONG, *LONG))]),
    ("equal zero thresholds", [expo(1, 0, (0, 1), zero_threshold=0.5), expo(2, 0, (0, 2), zero_threshold=0.5)]),
    (
        "extremes and sums",
        [expo(1, 0, (0, 1), min=1.0, max=2.0), expo(1, 0, (0, 1), min=0.5, max=9.0), expo(1, 0, (0, 1), sum=None)],
    ),
    ("counts that wrap", [expo(2**64 - 1, 0, (0, 2**64 - 1), zero_count=2**64 - 1), expo(3, 0, (0, 3), zero_count=5)]),
]


@pytest.mark.parametrize("points", [row[1] for row in EXPONENTIALS], ids=[row[0] for row in EXPONENTIALS])
def test_exponential_histograms_add_up(harness, points):
    requests = [[d(10 * i, point, since=0, metric=EXPONENTIAL)] for i, point in enumerate(points, 1)]
    same_in_columns(harness, of(), capture_of(*requests))


REFUSED = [
    "max_stale: 0s",
    "max_stale: -1s",
    "max_stale: ",
    "max_stale: soon",
    "max_streams: -1",
    "max_streams: '5'",
    "max_staleness: 1s",
]


@pytest.mark.parametrize("settings", REFUSED)
def test_what_the_collector_refuses_is_refused(harness, settings):
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(ConfigRefusedError):
            evaluator.evaluate(of(settings), capture_of([d(0, 1)]))


THRESHOLDS = (0.0, 0.001, 0.1, 0.3, 0.5, 1.0, 1.5, 2.0, 2.3, 5.0, 1e-9, 1e9)


def test_a_zero_bucket_grows_over_the_buckets_it_reaches(harness):
    pick = random.Random(4)
    requests: list[list[P]] = [[], [], []]
    for stream, at in product(range(150), range(3)):
        halves = [(pick.randrange(-9, 9), *(pick.randrange(5) for _ in range(pick.randrange(6)))) for _ in range(2)]
        scale = pick.randrange(5)
        point = expo(9, scale, halves[0], negative=halves[1], zero_threshold=pick.choice(THRESHOLDS), zero_count=at)
        requests[at].append(d(10 * at + 10, point, since=0, metric=EXPONENTIAL, name=f"m{stream}"))
    same_in_columns(harness, of(), capture_of(*requests))


@pytest.mark.parametrize(
    ("threshold", "scale", "words"),
    [(0.5, -1, "where a collector crashes"), (math.inf, 0, "a zero threshold of inf"), (math.nan, 0, "no number")],
)
def test_zero_thresholds_that_crash_a_collector_are_refused_where_they_would_be_added(harness, threshold, scale, words):
    other = expo(1, scale, (0, 1), zero_threshold=threshold)
    dropped = capture_of([d(10, expo(1, scale, (0, 1)), metric=EXPONENTIAL)], [d(5, other, metric=EXPONENTIAL)])
    same_in_columns(harness, of(), dropped)
    added = capture_of([d(10, expo(1, scale, (0, 1)), metric=EXPONENTIAL)], [d(15, other, metric=EXPONENTIAL)])
    with pytest.raises(UnsupportedComponentError, match=words):
        ColumnarEvaluator().evaluate(of(), added)
