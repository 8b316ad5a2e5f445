from hypothesis import assume, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.otlp import canonical, requests, serialized
from tests.support.wire_forms import rewritten

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode, encode, encoded_sizes
from phoenix.telemetry.invariants import verify
from phoenix.telemetry.values.message import length_field

REQUEST = ExportMetricsServiceRequest


@given(serialized())
@settings(max_examples=100)
def test_what_protobuf_wrote_comes_back_byte_for_byte(written):
    capture = decode(written)
    verify(capture)
    assert encode(capture) == written


@given(requests, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_any_legal_writing_means_what_it_means_to_protobuf(request, random):
    written = rewritten(canonical(request), REQUEST.DESCRIPTOR, random)
    meant = REQUEST.FromString(written)
    # An unknown field of the request itself is refused, which has a test of its own.
    assume(canonical(meant) == canonical(REQUEST(resource_metrics=meant.resource_metrics)))
    (back,) = encode(decode([written]))
    assert canonical(REQUEST.FromString(back)) == canonical(meant)


@given(serialized())
@settings(max_examples=50)
def test_sizes_are_those_of_the_requests(written):
    capture = decode(written)
    assert encoded_sizes(capture).tolist() == [len(request) for request in written]


def test_sizes_are_those_of_what_is_written_when_lengths_were_longer_than_needed():
    # A tag of two bytes and lengths of three.
    metric = b"\xaa\x00" + b"\x82\x80\x00" + b"\x0a\x00"
    scope = b"\x12" + bytes([0x80 | len(metric), 0x80, 0x00]) + metric
    request = length_field(1, length_field(2, scope))
    capture = decode([request])
    (back,) = encode(capture)
    assert encoded_sizes(capture).tolist() == [len(back)]
    assert REQUEST.FromString(back) == REQUEST.FromString(request)
    assert len(back) < len(request)


def test_no_requests_make_an_empty_capture():
    capture = decode([])
    assert isinstance(capture, Capture)
    assert encode(capture) == []


def test_empty_requests_stay_batches():
    capture = decode([b"", b""], received_at=[5, 6])
    assert capture.batches.tolist() == [5, 6]
    assert encode(capture) == [b"", b""]


def test_equal_values_are_one_value_and_equal_nodes_stay_two_nodes():
    one = REQUEST()
    for _ in range(2):
        scope = one.resource_metrics.add(schema_url="s").scope_metrics.add()
        for _ in range(2):
            scope.metrics.add(name="m").gauge.data_points.add(as_int=1)
    capture = decode([canonical(one)] * 3)
    assert (len(capture.resources), len(capture.resources.values)) == (6, 1)
    assert (len(capture.metrics), len(capture.metrics.values)) == (12, 1)
    assert capture.metrics.position.tolist() == [0, 1] * 6
    assert capture.metrics.batch.tolist() == [0] * 4 + [1] * 4 + [2] * 4


def test_many_distinct_values_keep_apart():
    one = REQUEST()
    gauge = one.resource_metrics.add().scope_metrics.add().metrics.add().gauge
    for i in range(300):
        gauge.data_points.add(as_int=i).attributes.add(key=str(i))
    written = canonical(one)
    capture = decode([written, written])
    assert len(capture.points.attribute_values) == 300
    assert encode(capture) == [written, written]
