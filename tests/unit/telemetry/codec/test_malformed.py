import pytest
from google.protobuf.message import DecodeError
from hypothesis import example, given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.otlp import canonical, requests
from tests.support.wire_forms import mutated

from phoenix.telemetry.codec import decode, decoder, encode
from phoenix.telemetry.errors import TelemetryInvalidError, TelemetryTooLargeError
from phoenix.telemetry.values.message import length_field, varint_field

REQUEST = ExportMetricsServiceRequest


def upb(written):
    try:
        return REQUEST.FromString(written)
    except DecodeError:
        return None


def decoded(written):
    try:
        return encode(decode([written]))[0]
    except TelemetryInvalidError:
        return None


@given(st.binary(max_size=40))
@example(b"\x0a")
@example(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")
@example(b"\x0a\xff\xff\xff\xff\x07")
@settings(max_examples=300)
def test_any_bytes_are_refused_or_mean_what_they_mean_to_protobuf(written):
    back = decoded(written)
    if back is not None and (meant := upb(written)) is not None:
        assert canonical(REQUEST.FromString(back)) == canonical(meant)


@given(requests, st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_broken_requests_are_refused_or_mean_what_they_mean_to_protobuf(request, random):
    written = mutated(canonical(request), random)
    back, meant = decoded(written), upb(written)
    if back is not None and meant is not None:
        assert canonical(REQUEST.FromString(back)) == canonical(meant)
    # What protobuf takes is taken, but for groups and unknown fields of the request itself.
    if meant is not None and canonical(meant) == canonical(REQUEST(resource_metrics=meant.resource_metrics)):
        assert back is not None or has_groups(written)
    # What protobuf refuses is refused, but for text that is no UTF-8, which protobuf then still refuses.
    if back is not None and meant is None:
        assert upb(back) is None


def has_groups(written):
    # The text form of protobuf shows an unknown group in braces after its number.
    return "{" in "".join(line for line in str(REQUEST.FromString(written)).splitlines() if line.strip()[:1].isdigit())


def test_the_error_names_the_request_and_the_byte():
    good = length_field(1, length_field(3, b"x"))
    with pytest.raises(
        TelemetryInvalidError, match="request 1 is not well-formed OTLP metrics at byte 6 of 7"
    ) as caught:
        decode([good, good + b"\x0a\x7f"])
    assert caught.value.details == {"request": 1, "offset": len(good) + 1}
    assert caught.value.code == "TELEMETRY_INVALID"


def test_an_error_after_empty_requests_names_the_right_one():
    with pytest.raises(TelemetryInvalidError, match="request 2 "):
        decode([b"", b"", b"\x0a", b""])


def test_an_error_at_the_end_of_the_last_request_names_it():
    with pytest.raises(TelemetryInvalidError, match=r"request 0 .* at byte 1 of 1"):
        decode([b"\x0a"])


def wrapped(metric):
    return length_field(1, length_field(2, length_field(2, metric)))


@pytest.mark.parametrize(
    "metric",
    [
        pytest.param(length_field(5, length_field(1, b"\x3a\x02\x0a\x7f")), id="attributes of a point"),
        pytest.param(length_field(5, length_field(1, b"\x2a\x02\x3a\x7f")), id="exemplar of a point"),
        pytest.param(length_field(9, length_field(1, b"\x32\x07" + b"1" * 7)), id="packed counts cut in a number"),
        pytest.param(length_field(10, length_field(1, length_field(8, b"\x12\x01\xff"))), id="packed varint cut"),
        pytest.param(length_field(5, length_field(1, b"\x11\x00")), id="start time cut short"),
        pytest.param(length_field(5, length_field(1, b"\x40" + b"\x80" * 10 + b"\x01")), id="flags of eleven bytes"),
        pytest.param(length_field(5, b"\x0b\x0c"), id="a group"),
        pytest.param(length_field(5, b"\x0e"), id="wire type 6"),
        pytest.param(length_field(5, b"\x00\x01"), id="field number 0"),
        pytest.param(length_field(12, b"\x0a\x7f"), id="metadata"),
    ],
)
def test_refuses_what_is_malformed_deep_inside(metric):
    with pytest.raises(TelemetryInvalidError):
        decode([wrapped(metric)])


def test_the_same_rest_is_checked_for_each_kind_of_point_that_has_it():
    # Field 6 is unknown to a number point when it holds bytes, and packed counts to a histogram point.
    rest = b"\x32\x07" + b"1" * 7
    number, histogram = length_field(5, length_field(1, rest)), length_field(9, length_field(1, rest))
    assert encode(decode([wrapped(number)])) == [wrapped(number)]
    with pytest.raises(TelemetryInvalidError, match="request 1"):
        decode([wrapped(number), wrapped(histogram)])


def test_refuses_an_unknown_field_of_the_request_itself():
    with pytest.raises(TelemetryInvalidError, match="at byte 0"):
        decode([varint_field(7, 1)])


@pytest.mark.parametrize("levels", [40, 45, 46, 47, 48, 50])
def test_nesting_is_taken_as_deep_as_protobuf_takes_it(levels):
    value = b""
    for _ in range(levels):
        value = length_field(5, length_field(1, value))
    resource = length_field(1, length_field(1, length_field(1, length_field(2, value))))
    assert (decoded(resource) is None) == (upb(resource) is None)
    point = wrapped(length_field(5, length_field(1, length_field(7, length_field(2, value)))))
    assert (decoded(point) is None) == (upb(point) is None)


def test_text_that_is_no_utf8_is_kept():
    written = length_field(1, length_field(3, b"caf\xe9"))
    assert encode(decode([written])) == [written]


def test_an_unusual_request_with_text_that_is_no_utf8_is_refused_by_index():
    metric = length_field(1, b"\xe9") + length_field(5, b"") + length_field(5, b"")
    with pytest.raises(TelemetryInvalidError, match="request 1 "):
        decode([b"", wrapped(metric)])


def test_more_rows_than_allowed_are_refused_before_memory_is_taken_for_them():
    two_points = wrapped(length_field(5, length_field(1, b"") * 2))
    assert len(decode([two_points], max_rows=2).points) == 2
    with pytest.raises(TelemetryTooLargeError, match="2 points in 1 metrics are more than the 1 rows allowed"):
        decode([two_points], max_rows=1)
    empty_points = wrapped(length_field(5, length_field(1, b"") * 50_000))
    with pytest.raises(TelemetryTooLargeError, match="50,000 points"):
        decode([empty_points], max_rows=10_000)


def test_more_distinct_values_than_a_capture_can_hold_are_refused(monkeypatch):
    monkeypatch.setattr(decoder, "MAX_VALUE_BYTES", 3)
    with pytest.raises(TelemetryTooLargeError, match="1 distinct values take 4 bytes"):
        decode([length_field(1, length_field(3, b"ab"))])
