import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AGGREGATION_TEMPORALITY_CUMULATIVE
from tests.support.otlp import canonical

from phoenix.telemetry.codec import decode
from phoenix.telemetry.identity import index_series
from phoenix.telemetry.measure import totals

DELTA, CUMULATIVE = 1, 2


def capture_of(points, temporality=CUMULATIVE, *, monotonic=True, name="m"):
    """A capture of one sum; a point is (series, start time, time, value)."""
    request = ExportMetricsServiceRequest()
    data = request.resource_metrics.add().scope_metrics.add().metrics.add(name=name).sum
    data.aggregation_temporality, data.is_monotonic = temporality, monotonic
    for series, start, time, value in points:
        kind = "as_int" if isinstance(value, int) else "as_double"
        point = data.data_points.add(start_time_unix_nano=start, time_unix_nano=time, **{kind: value})
        point.attributes.add(key="s").value.int_value = series
    return decode([canonical(request)])


def total(points, temporality=CUMULATIVE, **options):
    capture = capture_of(points, temporality)
    return totals(capture, index_series(capture), **options)["m"]


def slow_total(points, temporality, since):
    """The rule, point by point."""
    found: list[float] = []
    last: dict[int, tuple[int, float]] = {}
    for series, start, _, value in sorted(points, key=lambda point: point[2]):
        before = last.get(series)
        begins = before is None or before[0] != start
        if temporality == DELTA or (begins and start != 0 and start >= since):
            found.append(value)
        elif before is not None and value > before[1]:
            found.append(value - before[1])
        last[series] = (start, value)
    return sum(found) if all(isinstance(value, int) for *_, value in points) else math.fsum(found)


times = st.integers(1, 8)
starts = st.integers(0, 8)


def points_of(values):
    return st.lists(st.tuples(st.integers(0, 2), starts, times, values), min_size=1, max_size=12)


@given(points_of(st.integers(0, 2**63 - 1)), st.sampled_from([DELTA, CUMULATIVE]))
def test_totals_of_integers_are_exact(points, temporality):
    since = min(time for _, _, time, _ in points)
    assert total(points, temporality) == slow_total(points, temporality, since)


@given(points_of(st.floats(0, 1e6)), st.sampled_from([DELTA, CUMULATIVE]))
def test_totals_of_doubles_are_the_rounded_sum(points, temporality):
    since = min(time for _, _, time, _ in points)
    assert total(points, temporality) == slow_total(points, temporality, since)


@given(points_of(st.integers(0, 9)), st.integers(0, 9))
def test_births_count_from_where_they_are_told_to(points, since):
    assert total(points, since=since) == slow_total(points, CUMULATIVE, since)


def test_a_series_older_than_the_capture_counts_its_rise_only():
    assert total([(0, 1, 5, 100), (0, 1, 6, 130)]) == 30


def test_a_birth_counts_its_first_value():
    assert total([(0, 1, 5, 100), (1, 6, 7, 40), (1, 6, 8, 45)]) == 45


def test_a_fall_counts_nothing_and_a_new_start_counts_whole():
    assert total([(0, 1, 5, 100), (0, 1, 6, 90), (0, 7, 8, 10)]) == 10


def test_integers_stay_exact_beyond_doubles():
    big = 2**62 + 1
    assert total([(0, 1, 5, 1), (0, 1, 6, 1 + big), (1, 6, 6, 2**63 - 1)]) == big + 2**63 - 1


def test_one_double_makes_a_total_a_double():
    assert total([(0, 1, 5, 1), (0, 1, 6, 2.5)]) == 1.5


def test_what_has_no_value_says_nothing():
    request = ExportMetricsServiceRequest()
    data = request.resource_metrics.add().scope_metrics.add().metrics.add(name="m").sum
    data.aggregation_temporality, data.is_monotonic = AGGREGATION_TEMPORALITY_CUMULATIVE, True
    data.data_points.add(time_unix_nano=1, as_int=1)
    data.data_points.add(time_unix_nano=2)
    data.data_points.add(time_unix_nano=3, as_int=50, flags=1)
    data.data_points.add(time_unix_nano=4, as_double=math.nan)
    data.data_points.add(time_unix_nano=5, as_int=4)
    capture = decode([canonical(request)])
    assert totals(capture, index_series(capture)) == {"m": 3}


@pytest.mark.parametrize("options", [{"monotonic": False}, {"temporality": CUMULATIVE, "monotonic": False}])
def test_only_monotonic_sums_are_added_up(options):
    capture = capture_of([(0, 1, 5, 1), (0, 1, 6, 2)], **options)
    assert totals(capture, index_series(capture)) == {}


def test_a_selection_of_series_counts_alone():
    capture = capture_of([(0, 5, 5, 10), (1, 5, 5, 20), (0, 5, 6, 11), (1, 5, 6, 25)])
    index = index_series(capture)
    assert totals(capture, index, series=np.array([True, False])) == {"m": 11}
    assert totals(capture, index, series=np.array([False, True])) == {"m": 25}
    assert totals(capture, index, series=np.array([False, False])) == {}


def test_an_empty_capture_has_no_totals():
    capture = decode([])
    assert totals(capture, index_series(capture)) == {}
