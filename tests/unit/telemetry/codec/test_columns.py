import struct

import numpy as np
from hypothesis import given, settings
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValueList
from opentelemetry.proto.metrics.v1 import metrics_pb2 as m
from tests.support.otlp import canonical, serialized

from phoenix.telemetry.buffers import value_at
from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.codec import decode
from phoenix.telemetry.values.message import length_field

REQUEST = ExportMetricsServiceRequest
KINDS = {
    "histogram": (PointKind.HISTOGRAM, m.HistogramDataPoint),
    "exponential_histogram": (PointKind.EXPONENTIAL_HISTOGRAM, m.ExponentialHistogramDataPoint),
    "summary": (PointKind.SUMMARY, m.SummaryDataPoint),
}


def walk(requests):
    """Every point as protobuf sees it, with its batch and the places of its ancestors."""
    for batch, written in enumerate(requests):
        for r, resource in enumerate(REQUEST.FromString(written).resource_metrics):
            for s, scope in enumerate(resource.scope_metrics):
                for i, metric in enumerate(scope.metrics):
                    data = metric.WhichOneof("data")
                    for point in getattr(metric, data).data_points if data else ():
                        yield (batch, r, s, i), resource, scope, metric, data, point


def without(message, *fields):
    copy = type(message)()
    copy.CopyFrom(message)
    for field in fields:
        copy.ClearField(field)
    return canonical(copy)


def value_of(data, point):
    if data in KINDS:
        return KINDS[data][0], 0
    match point.WhichOneof("value"):
        case "as_int":
            return PointKind.INT, point.as_int
        case "as_double":
            return PointKind.DOUBLE, struct.unpack("<q", struct.pack("<d", point.as_double))[0]
    return PointKind.NO_VALUE, 0


@given(serialized())
@settings(max_examples=100)
def test_every_point_is_what_protobuf_decodes(written):
    capture = decode(written)
    points = list(walk(written))
    assert len(capture.points) == len(points)
    for row, (places, resource, scope, metric, data, point) in enumerate(points):
        columns = capture.points
        m_row = columns.metric[row]
        s_row = capture.metrics.parent[m_row]
        r_row = capture.scopes.parent[s_row]
        assert places == (
            capture.resources.parent[r_row],
            capture.resources.position[r_row],
            capture.scopes.position[s_row],
            capture.metrics.position[m_row],
        )
        assert capture.metrics.batch[m_row] == capture.scopes.batch[s_row] == places[0]
        assert value_at(capture.resources.values, capture.resources.value[r_row]) == without(resource, "scope_metrics")
        assert value_at(capture.scopes.values, capture.scopes.value[s_row]) == without(scope, "metrics")
        bare = m.Metric.FromString(value_at(capture.metrics.values, capture.metrics.value[m_row]))
        expected = m.Metric.FromString(canonical(metric))
        getattr(expected, data).ClearField("data_points")
        assert bare == expected
        assert value_at(columns.attribute_values, columns.attributes[row]) == canonical(
            KeyValueList(values=point.attributes)
        )
        assert columns.start_time[row] == point.start_time_unix_nano
        assert columns.time[row] == point.time_unix_nano
        assert columns.flags[row] == point.flags
        assert (columns.kind[row], columns.bits[row]) == value_of(data, point)
        rest = without(point, "attributes", "start_time_unix_nano", "time_unix_nano", "flags", *value_fields(data))
        assert (value_at(columns.rest_values, columns.rest[row]) if columns.rest[row] >= 0 else b"") == rest


def value_fields(data):
    return () if data in KINDS else ("as_int", "as_double")


def test_numbers_are_floats_and_nan_for_what_has_none():
    request = REQUEST()
    scope = request.resource_metrics.add().scope_metrics.add()
    gauge = scope.metrics.add().gauge
    gauge.data_points.add(as_int=-3)
    gauge.data_points.add(as_double=0.5)
    gauge.data_points.add()
    scope.metrics.add().summary.data_points.add(count=2)
    numbers = decode([canonical(request)]).points.numbers()
    assert np.array_equal(numbers, [-3.0, 0.5, np.nan, np.nan], equal_nan=True)


def point(*fields):
    return length_field(1, length_field(2, length_field(2, length_field(5, length_field(1, b"".join(fields))))))


def test_of_two_values_the_last_counts_and_zero_is_a_value():
    as_int, as_double = b"\x31" + bytes(8), b"\x21" + struct.pack("<d", 2.5)
    capture = decode([point(as_double, as_int), point(as_int, as_double), point()])
    assert capture.points.kind.tolist() == [PointKind.INT, PointKind.DOUBLE, PointKind.NO_VALUE]
    assert capture.points.numbers()[:2].tolist() == [0.0, 2.5]


def test_of_a_time_that_stands_twice_the_last_counts():
    first, last = b"\x19" + (5).to_bytes(8, "little"), b"\x19" + (7).to_bytes(8, "little")
    assert decode([point(first, last)]).points.time.tolist() == [7]


def test_a_known_field_of_another_wire_type_is_kept_as_unknown():
    capture = decode([point(b"\x18\x05")])
    assert capture.points.time.tolist() == [0]
    assert value_at(capture.points.rest_values, 0) == b"\x18\x05"


def test_arrays_cannot_be_changed():
    points = decode([point()]).points
    for column in ("metric", "attributes", "start_time", "time", "flags", "kind", "bits", "rest"):
        assert not getattr(points, column).flags.writeable
