"""Small telemetry, one oddity each, that random telemetry meets too seldom."""

import itertools
import math
import struct

import pytest
from tests.support.reshaping.running import Statement, config_of
from tests.support.reshaping.telemetry import FIRST, attributes_of, capture_of_metrics

from phoenix.collector.errors import UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.diff import diff

STALE = struct.unpack("<d", struct.pack("<Q", 0x7FF0000000000002))[0]
MEDIAN = Statement('aggregate_on_attributes("median")')
SUM = Statement('aggregate_on_attributes("sum")')


def _gauge(values):
    def fill(metric):
        for value in values:
            point = metric.gauge.data_points.add(time_unix_nano=FIRST)
            if isinstance(value, int):
                point.as_int = value
            elif value is not None:
                point.as_double = value

    return fill


def _exponential(*halves, scale=0):
    def fill(metric):
        for offset, counts in halves:
            point = metric.exponential_histogram.data_points.add(
                time_unix_nano=FIRST, count=max(sum(counts), 1), scale=scale
            )
            for half in (point.positive, point.negative):
                half.offset = offset
                half.bucket_counts.extend(counts)

    return fill


def _histogram(counts, bounds, **fields):
    return lambda metric: metric.histogram.data_points.add(
        time_unix_nano=FIRST, bucket_counts=counts, explicit_bounds=bounds, **{"count": sum(counts), **fields}
    )


def _percentile(percentile):
    # OTTL reads no exponents.
    return Statement(f"extract_percentile_metric({percentile:.310f})")


def _explicit(distribution, bounds):
    return Statement(f'convert_exponential_histogram_to_histogram("{distribution}", [{", ".join(map(str, bounds))}])')


NANS = (math.nan, -math.nan, STALE, 1.0, math.inf, -math.inf)
CASES = {
    "sums of every pair of NaN and infinity": (
        SUM,
        [_gauge(pair) for pair in itertools.product(NANS, repeat=2)],
    ),
    "medians of every pair of NaN and infinity": (
        MEDIAN,
        [_gauge(pair) for pair in itertools.product(NANS, repeat=2)],
    ),
    "medians of few values that are equal and not the same": (
        MEDIAN,
        [
            _gauge((0.0, -0.0, 0.0)),
            _gauge((-0.0, 0.0, 1.0)),
            _gauge((2.0, math.nan, STALE, -math.nan)),
            _gauge((0.0, -0.0) * 6),
        ],
    ),
    "medians of many zeros that are the same": (MEDIAN, [_gauge((0.0,) * 20), _gauge((-0.0,) * 21)]),
    "medians of integers that wrap": (MEDIAN, [_gauge((2**63 - 1, 2**63 - 2)), _gauge((-3, -4)), _gauge((-3, 0.5))]),
    "medians of a value and none": (MEDIAN, [_gauge((-5, None)), _gauge((-5.0, None, 3)), _gauge((None, 1, 2))]),
    "exponential histograms side by side": (
        SUM,
        [
            _exponential((0, [1, 0, 2]), (2, [0, 3]), (-4, [0, 1, 0])),
            _exponential((3, [1]), (0, [])),
            _exponential((0, []), (0, [1, 2])),
            _exponential((0, []), (5, [0, 0])),
            _exponential((1, [0, 0]), (0, [0, 4])),
            _exponential((-(2**31), [1]), (2**31 - 1, [1])),
        ],
    ),
    "percentiles in the middle of everything": (
        _percentile(50.0),
        [
            _histogram([4], [], min=1.0, max=9.0),
            _histogram([4], []),
            _histogram([0, 0, 4], [1.0, 2.0], max=8.0),
            _histogram([0, 0, 4], [1.0, 2.0], max=1.5),
            _histogram([4, 1], [-1.0]),
            _histogram([4, 1], [-1.0], min=-9.0),
            _histogram([4, 1], [2.0], min=3.0),
            _histogram([1, 2, 3], [1.0]),
            _histogram([1, 0], [1.0], count=9),
            _histogram([1, 1, 1], [1.0, math.inf]),
            _histogram([1, 9], [1.0], max=math.inf),
            _histogram([], [], count=3),
            _histogram([0], [], count=3, min=0.0, max=1.0),
            _exponential((2, [1, 2, 3, 4]), scale=2),
            _exponential((-9, [1, 2, 3, 4]), scale=-2),
            _exponential((3, [5]), scale=-20),
            _exponential((2**31 - 1, [5]), scale=0),
            _exponential((2**31 - 1, [5]), scale=-(2**31)),
            lambda metric: metric.exponential_histogram.data_points.add(count=4, zero_count=4, zero_threshold=0.5),
            lambda metric: metric.exponential_histogram.data_points.add(count=4),
            lambda metric: metric.exponential_histogram.data_points.add(count=4, zero_count=1, zero_threshold=0.5),
        ],
    ),
    "a percentile so low that nothing is below": (
        _percentile(1e-300),
        [_histogram([0, 4], [1.0]), _histogram([1, 4], [1.0], min=0.5), _exponential((0, [0, 1]))],
    ),
    **{
        f"bounds at powers of two by {distribution}": (
            _explicit(distribution, tuple(2.0**power for power in range(-8, 9))),
            [_exponential((offset * 2**scale, [1] * 40), scale=scale) for scale in range(4) for offset in (-9, 3)],
        )
        for distribution in ("upper", "midpoint", "uniform")
    },
    "a bucket without bounds, by chance": (_explicit("random", (1.0,)), [_exponential((0, [1]), scale=-1100)]),
    "buckets beyond all numbers": (
        _explicit("upper", (0.0, 1.0)),
        [
            _exponential((1023, [1, 1]), scale=0),
            _exponential((-1080, [1] * 60), scale=0),
            _exponential((2**31 - 1, [1, 1]), scale=20),
            _exponential((-1, [1, 1, 1]), scale=-1100),
            _exponential((-(2**31), [1]), scale=-40),
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_equals_the_collector(name, harness):
    statement, fills = CASES[name]
    capture = capture_of_metrics(*fills)
    config = config_of([statement], "ignore")
    found = diff(harness.evaluate(config, capture), ColumnarEvaluator().evaluate(config, capture))
    assert found.equal, (found.counts, [held.words for held in found.differences[:5]])


@pytest.mark.parametrize("values", [(0.0, -0.0) * 7, (1.0, math.nan, STALE) * 5], ids=["zeros", "NaN"])
def test_a_median_that_depends_on_how_go_sorts_equal_values_is_refused(values):
    with pytest.raises(UnsupportedComponentError, match="median"):
        ColumnarEvaluator().evaluate(config_of([MEDIAN]), capture_of_metrics(_gauge(values)))


def test_offsets_too_far_apart_to_add_are_refused():
    with pytest.raises(UnsupportedComponentError, match="offsets"):
        ColumnarEvaluator().evaluate(config_of([SUM]), capture_of_metrics(_exponential((0, [1]), (2**30, [1]))))


def test_attributes_of_one_json_text_are_folded_whatever_their_bytes(harness):
    def fill(metric):
        for value in (1, 1.0, "1", b"abc", "YWJj", None, b"", "\ufffd", 2.0**60, 1152921504606847000, 2**60):
            point = metric.gauge.data_points.add(time_unix_nano=FIRST, as_int=1)
            point.attributes.extend(attributes_of([("a", value), ("b", {"y": [value], "x": 0.0})]))

    capture = capture_of_metrics(fill)
    expected = harness.evaluate(config_of([SUM]), capture)
    answer = ColumnarEvaluator().evaluate(config_of([SUM]), capture)
    assert diff(expected, answer).equal
    assert len(answer.points) == 7
