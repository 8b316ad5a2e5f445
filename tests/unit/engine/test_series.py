from dataclasses import replace

import numpy as np
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from phoenix.engine.frame import Level
from phoenix.engine.opening import open_frame
from phoenix.engine.series import STREAM, number_rows, series_numbers
from phoenix.telemetry.codec import decode


def frame_of(*points):
    """One request a point: (host, scope, metric, state)."""
    requests = []
    for host, scope, metric, state in points:
        request = ExportMetricsServiceRequest()
        resource = request.resource_metrics.add(schema_url=host)
        resource.resource.attributes.add(key="host").value.string_value = host
        inner = resource.scope_metrics.add()
        inner.scope.name = scope
        point = inner.metrics.add(name=metric).gauge.data_points.add(time_unix_nano=1, as_int=1)
        point.attributes.add(key="state").value.string_value = state
        requests.append(request.SerializeToString())
    return open_frame(decode(requests))


def test_points_are_of_one_series_when_all_levels_say_the_same():
    frame = frame_of(
        ("a", "s", "m", "x"),
        ("a", "s", "m", "y"),
        ("b", "s", "m", "x"),
        ("a", "s", "m", "x"),
        ("a", "t", "m", "x"),
        ("a", "s", "n", "x"),
        ("a", "s", "m", "y"),
    )
    found = series_numbers(frame)
    assert found.number.tolist() == [0, 1, 2, 0, 3, 4, 1]
    assert found.first.tolist() == [0, 1, 2, 4, 5]


def test_dropped_points_and_those_not_asked_for_have_no_number():
    frame = frame_of(*[("a", "s", "m", state) for state in "xyxy"])
    frame = frame.dropping(Level.RESOURCE, np.array([True, False, False, False]))
    found = series_numbers(frame, STREAM, of=np.array([False, True, True, False]))
    assert found.number.tolist() == [-1, 0, 1, -1]
    assert found.first.tolist() == [1, 2]


def test_kinds_and_start_times_tell_series_apart_where_that_is_asked_for():
    frame = frame_of(*[("a", "s", "m", "x")] * 5)
    starts = np.array([2**64 - 1, 1, 2**64 - 1, 2**63, 1], dtype=np.uint64)
    kinds = np.array([1, 1, 1, 1, 2], dtype=np.uint8)
    frame = frame.with_(points=replace(frame.points, start_time=starts, kind=kinds))
    assert series_numbers(frame, STREAM, by_kind_and_start=True).number.tolist() == [0, 1, 0, 2, 3]
    assert series_numbers(frame, STREAM).number.tolist() == [0] * 5


def test_a_dropped_resource_is_never_looked_at():
    frame = frame_of(*[("a", "s", "m", "x")] * 2)

    def never(row):
        raise AssertionError(row)

    value = np.array([frame.pools.resources.promise(1, never), 0], dtype=np.int32)
    frame = frame.with_value(Level.RESOURCE, value).dropping(Level.RESOURCE, np.array([True, False]))
    assert series_numbers(frame).number.tolist() == [-1, 0]


@pytest.mark.parametrize("spread", [1, 2**31 - 1, 2**40])
def test_rows_are_numbered_in_the_order_first_seen_whatever_the_integers(spread):
    random = np.random.default_rng(spread)
    columns = [random.integers(-3, 3, 500) * spread for _ in range(3)]
    found = number_rows(*columns)
    rows = list(zip(*columns, strict=True))
    known = list(dict.fromkeys(rows))
    assert found.number.tolist() == [known.index(row) for row in rows]
    assert found.first.tolist() == [rows.index(row) for row in known]


def test_no_rows_have_no_numbers_and_no_columns_are_an_error():
    assert len(number_rows(np.zeros(0, np.int64), np.zeros(0, np.int32))) == 0
    with pytest.raises(ValueError, match="no column"):
        number_rows()
