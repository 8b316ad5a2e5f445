import io
from dataclasses import replace

import numpy as np
import orjson
import pytest
from google.protobuf import json_format
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.otlp import canonical, requests, serialized
from tests.support.wire_forms import rewritten

from phoenix.telemetry.codec import decode
from phoenix.telemetry.errors import CaptureCorruptError
from phoenix.telemetry.jsonlines import read_lines, write_lines
from phoenix.telemetry.jsonlines.fragments import to_json
from phoenix.telemetry.values.message import length_field

REQUEST = ExportMetricsServiceRequest


def read(text):
    return list(read_lines(io.BytesIO(text)))


@given(serialized())
@settings(max_examples=80)
def test_what_is_written_comes_back_byte_for_byte(written):
    assume(not holds_a_nan(written))
    assert read(b"".join(write_lines(decode(written)))) == written


def test_a_text_of_one_zero_is_kept():
    request = REQUEST()
    resource = request.resource_metrics.add()
    resource.resource.attributes.add(key="0").value.string_value = "0"
    resource.scope_metrics.add(schema_url="0").metrics.add(name="0", unit="0")
    assert read(b"".join(write_lines(decode([canonical(request)])))) == [canonical(request)]


def test_minus_zero_is_read_as_the_collector_writes_it():
    # A bytes value makes the general reader look.
    for attributes in ([], [{"key": "b", "value": {"bytesValue": "AA=="}}]):
        ((written,), (floating,)) = (
            read(point({"asDouble": number, "attributes": attributes}).replace(b'"@"', b"-0")) for number in ("@", -0.0)
        )
        assert written == floating


@given(serialized())
@settings(max_examples=100)
def test_a_line_is_put_together_as_if_its_request_were_written_whole(written):
    whole = [orjson.dumps(to_json(REQUEST.DESCRIPTOR, request)) + b"\n" for request in written]
    assert list(write_lines(decode(written))) == whole


def test_extreme_numbers_are_written_whole():
    request = REQUEST()
    points = request.resource_metrics.add().scope_metrics.add().metrics.add().gauge.data_points
    for number in (2**63 - 1, -(2**63), 10**10, 10**10 - 1, -(10**18)):
        points.add(as_int=number, time_unix_nano=2**64 - 1, start_time_unix_nano=10**10 - 1, flags=2**32 - 1)
    for value in (float("inf"), float("-inf"), float("nan"), 5e-324, -1.7976931348623157e308, -0.0):
        points.add(as_double=value)
    (line,) = write_lines(decode([canonical(request)]))
    assert line == orjson.dumps(to_json(REQUEST.DESCRIPTOR, canonical(request))) + b"\n"


def test_a_capture_that_contradicts_itself_is_not_written():
    capture = decode([point_bytes()])
    points = replace(capture.points, attributes=np.array([7], dtype=np.int32))
    with pytest.raises(CaptureCorruptError, match=r"points\.attributes of row 0"):
        list(write_lines(replace(capture, points=points)))


def point_bytes():
    (request,) = read(point({"asInt": 1}))
    return request


def holds_a_nan(written):
    # JSON knows one NaN; that of another sign or payload comes back as the one.
    return any(b"\xf8\x7f" in request or b"\xf8\xff" in request for request in written)


@given(requests)
@settings(max_examples=60)
def test_what_protobuf_writes_as_json_is_read_as_protobuf_reads_it(request_):
    # Protobuf itself writes ids in base64; OTLP wants them in hexadecimal.
    for exemplar in exemplars(request_):
        exemplar.ClearField("trace_id")
        exemplar.ClearField("span_id")
    text = json_format.MessageToJson(request_, indent=None).encode()
    assert read(text) == [canonical(json_format.Parse(text, REQUEST()))]


def exemplars(request_):
    for resource in request_.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                data = metric.WhichOneof("data")
                for point in getattr(metric, data).data_points if data else ():
                    yield from getattr(point, "exemplars", ())


@given(requests, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_protobuf_reads_what_is_written(request_, random):
    for exemplar in exemplars(request_):
        exemplar.ClearField("trace_id")
        exemplar.ClearField("span_id")
    written = rewritten(canonical(request_), REQUEST.DESCRIPTOR, random)
    meant = REQUEST.FromString(written)
    assume(canonical(meant) == canonical(REQUEST(resource_metrics=meant.resource_metrics)))
    (line,) = write_lines(decode([written]))
    expected = json_format.Parse(json_format.MessageToJson(meant), REQUEST())
    assert canonical(json_format.Parse(line, REQUEST())) == canonical(expected)


# In the form of the file exporter, put together by hand; what it really writes, an integration test reads.
COLLECTOR_LINE = (
    b'{"resourceMetrics":[{"resource":{"attributes":[{"key":"process.pid","value":{"intValue":"12"}}]},'
    b'"scopeMetrics":[{"scope":{"name":"s","version":"0.160.0"},"metrics":[{"name":"process.cpu.time",'
    b'"description":"d","unit":"s","sum":{"dataPoints":[{"attributes":[{"key":"state","value":'
    b'{"stringValue":"user"}}],"startTimeUnixNano":"1700000000000000000","timeUnixNano":"1700000001000000000",'
    b'"asDouble":0.25}],"aggregationTemporality":2,"isMonotonic":true}},{"name":"h","histogram":{"dataPoints":[{'
    b'"timeUnixNano":"5","count":"3","sum":1.5,"bucketCounts":["1","2"],"explicitBounds":[0.5],"exemplars":[{'
    b'"timeUnixNano":"4","asInt":"7","spanId":"0102030405060708","traceId":"0102030405060708090a0b0c0d0e0f10"}],'
    b'"flags":1,"min":0.5,"max":2.5}],"aggregationTemporality":1}},{"name":"e"}]}],'
    b'"schemaUrl":"https://opentelemetry.io/schemas/1.9.0"}]}\n'
)


def test_a_line_of_the_collector_comes_back_as_it_was():
    (line,) = write_lines(decode(read(COLLECTOR_LINE)))
    assert line == COLLECTOR_LINE


def test_a_line_of_the_collector_means_what_protobuf_reads():
    ids = {"0102030405060708090a0b0c0d0e0f10": "AQIDBAUGBwgJCgsMDQ4PEA==", "0102030405060708": "AQIDBAUGBwg="}
    text = COLLECTOR_LINE.decode()
    for hexadecimal, in_base64 in ids.items():
        text = text.replace(f'"{hexadecimal}"', f'"{in_base64}"')
    assert read(COLLECTOR_LINE) == [canonical(json_format.Parse(text, REQUEST()))]


def point(said):
    metric = {"name": "m", "gauge": {"dataPoints": [said]}}
    return orjson.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"asInt": "5"}, {"asInt": 5}),
        ({"asInt": 5.0}, {"asInt": 5}),
        ({"asInt": 0}, {"as_int": "0"}),
        ({"asDouble": 1}, {"asDouble": 1.0}),
        ({"asDouble": "1.5"}, {"asDouble": 1.5}),
        ({"asDouble": "-Infinity"}, {"asDouble": "-inf"}),
        ({"timeUnixNano": "7"}, {"time_unix_nano": 7}),
        ({"asInt": 5, "unknown": {"a": [1]}}, {"asInt": 5}),
        ({"asInt": 5, "attributes": None}, {"asInt": 5}),
        ({"asInt": 5, "flags": 0}, {"asInt": 5}),
        ({"attributes": [{"key": "b", "value": {"bytesValue": "_-8="}}]},
         {"attributes": [{"key": "b", "value": {"bytesValue": "/+8"}}]}),
    ],
)  # fmt: skip
def test_other_spellings_mean_the_same(one, other):
    assert read(point(one)) == read(point(other))


def test_enums_are_numbers_or_names():
    def metric(temporality):
        data = {"sum": {"aggregationTemporality": temporality}}
        return orjson.dumps({"resourceMetrics": [{"scopeMetrics": [{"metrics": [data]}]}]})

    assert read(metric(2)) == read(metric("AGGREGATION_TEMPORALITY_CUMULATIVE"))


def test_zero_and_absent_keep_apart_where_it_matters():
    ((zero,), (absent,)) = read(point({"asInt": 0})), read(point({}))
    assert decode([zero]).points.kind.tolist() != decode([absent]).points.kind.tolist()


def test_empty_lines_and_a_byte_order_mark_are_passed_over():
    assert read(b"\xef\xbb\xbf{}\r\n\n  \n{}") == [b"", b""]
    assert read(b"\xef\xbb\xbf") == []


def test_an_empty_batch_is_an_empty_object():
    assert list(write_lines(decode([b""]))) == [b"{}\n"]


def test_text_that_is_no_utf8_is_written_with_a_replacement():
    (line,) = write_lines(decode([length_field(1, length_field(3, b"caf\xe9"))]))
    assert orjson.loads(line)["resourceMetrics"][0]["schemaUrl"] == "caf\N{REPLACEMENT CHARACTER}"


@given(st.lists(st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63)]), max_size=5))
def test_integers_of_64_bits_are_text(values):
    request = REQUEST()
    gauge = request.resource_metrics.add().scope_metrics.add().metrics.add().gauge
    gauge.SetInParent()
    for value in values:
        gauge.data_points.add(as_int=value)
    (line,) = write_lines(decode([canonical(request)]))
    data = orjson.loads(line)["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["gauge"]
    assert [found["asInt"] for found in data.get("dataPoints", [])] == [str(value) for value in values]
