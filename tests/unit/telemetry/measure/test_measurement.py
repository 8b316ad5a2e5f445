import orjson
from hypothesis import given, settings
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.otlp import canonical, serialized

from phoenix.telemetry.codec import decode
from phoenix.telemetry.measure import MetricCount, flat_json_bytes, measure

SECOND = 10**9


def process(request, pid, time, *, threads, name="threads"):
    resource = request.resource_metrics.add()
    resource.resource.attributes.add(key="process.pid").value.int_value = pid
    metric = resource.scope_metrics.add().metrics.add(name=name)
    metric.sum.data_points.add(time_unix_nano=time, as_int=threads)
    return resource


def two_scrapes():
    requests = []
    for time in (7, 9):
        request = ExportMetricsServiceRequest()
        for pid in (1, 2):
            process(request, pid, time * SECOND, threads=pid)
        process(request, 3, time * SECOND, threads=1, name="other").resource.ClearField("attributes")
        requests.append(canonical(request))
    empty = ExportMetricsServiceRequest()
    empty.resource_metrics.add().resource.attributes.add(key="process.pid").value.int_value = 9
    return [*requests, canonical(empty)]


def test_a_capture_measures_what_it_holds():
    requests = two_scrapes()
    found = measure(decode(requests))
    assert (found.series, found.points, found.scrapes, found.processes) == (3, 6, 2, 2)
    assert found.bytes == sum(len(request) for request in requests)
    assert found.metrics == {"other": MetricCount(1, 2), "threads": MetricCount(2, 4)}
    assert (found.first_time, found.last_time) == (7 * SECOND, 9 * SECOND)
    assert found.totals == {}


def test_a_point_takes_the_bytes_of_a_flat_json_object():
    expected = [
        orjson.dumps({"name": name, "time": time * SECOND, "value": value} | attributes)
        for time in (7, 9)
        for name, value, attributes in (
            ("threads", 1, {"process.pid": 1}),
            ("threads", 2, {"process.pid": 2}),
            ("other", 1, {}),
        )
    ]
    assert flat_json_bytes(decode(two_scrapes())).tolist() == [len(text) for text in expected]


def gauge(**said):
    request = ExportMetricsServiceRequest()
    request.resource_metrics.add().scope_metrics.add().metrics.add(name="é").gauge.data_points.add(**said)
    return int(flat_json_bytes(decode([canonical(request)]))[0])


def test_values_take_their_shortest_text_and_null_where_json_has_none():
    bare = len('{"name":"é","time":0,"value":}'.encode())
    assert gauge(as_int=-120) == bare + 4
    assert gauge(as_double=0.1) == bare + 3
    assert gauge(as_double=float("nan")) == bare + 4
    assert gauge() == bare + 4


def test_attributes_of_any_type_are_counted():
    request = ExportMetricsServiceRequest()
    point = request.resource_metrics.add().scope_metrics.add().metrics.add().gauge.data_points.add(as_int=1)
    point.attributes.add(key="b").value.bytes_value = b"\x01\x02"
    point.attributes.add(key="l").value.array_value.values.add(string_value='"')
    point.attributes.add(key="m").value.kvlist_value.values.add(key="k").value.bool_value = True
    said = '{"name":"","time":0,"value":1,"b":"AQI=","l":["\\""],"m":{"k":true}}'
    assert flat_json_bytes(decode([canonical(request)])).tolist() == [len(said)]


def test_a_histogram_is_one_object():
    request = ExportMetricsServiceRequest()
    scope = request.resource_metrics.add().scope_metrics.add()
    point = scope.metrics.add(name="h").histogram.data_points.add(
        count=3, sum=1.5, min=0.5, bucket_counts=[1, 2], explicit_bounds=[1.0]
    )
    point.exemplars.add(as_int=5)
    value = {"count": 3, "sum": 1.5, "bounds": [1.0], "counts": [1, 2], "min": 0.5}
    said = orjson.dumps({"name": "h", "time": 0, "value": value})
    assert flat_json_bytes(decode([canonical(request)])).tolist() == [len(said)]


@given(serialized())
@settings(max_examples=50)
def test_any_capture_can_be_measured(requests):
    capture = decode(requests)
    found = measure(capture)
    assert found.points == sum(count.points for count in found.metrics.values())
    assert found.json_bytes >= found.points * len('{"name":"","time":0,"value":0}')
    assert found.bytes == sum(len(request) for request in requests)
