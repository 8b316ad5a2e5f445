from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from phoenix.telemetry.capture import PointKind
from phoenix.telemetry.codec import decode, encode, encoded_sizes
from phoenix.telemetry.errors import CaptureCorruptError
from phoenix.telemetry.values import MetricType, MetricValue, write_metric
from phoenix.telemetry.values.message import length_field


@pytest.fixture
def capture():
    point = b"\x31" + bytes(8)
    metric = length_field(1, b"m") + length_field(5, length_field(1, point) + length_field(1, b"\x2a\x00"))
    return decode([length_field(1, length_field(2, length_field(2, metric)))])


def with_metric(capture, value):
    return replace(capture, metrics=replace(capture.metrics, values=pa.array([value], type=pa.binary())))


def with_points(capture, **columns):
    return replace(capture, points=replace(capture.points, **columns))


def int32(*rows):
    return np.array(rows, dtype=np.int32)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: with_points(c, metric=int32(0, 1)), "points.metric of row 1"),
        (lambda c: with_points(c, metric=int32(0, -1)), "points.metric of row 1"),
        (lambda c: with_points(c, attributes=int32(0, 9)), "points.attributes of row 1"),
        (lambda c: with_points(c, rest=int32(-2, -1)), "points.rest of row 0"),
        (lambda c: with_points(c, kind=np.array([1, 6], dtype=np.uint8)), "points.kind of row 1"),
        (lambda c: with_points(c, bits=np.zeros(1, dtype=np.int64)), "points.bits has 1 rows where 2"),
        (lambda c: replace(c, metrics=replace(c.metrics, value=int32(7))), "metrics.value of row 0"),
        (lambda c: replace(c, scopes=replace(c.scopes, batch=int32(3))), "scopes.batch of row 0"),
        (lambda c: replace(c, scopes=replace(c.scopes, position=int32(1))), "scopes.position of row 0"),
        (lambda c: with_points(c, kind=np.full(2, PointKind.SUMMARY, dtype=np.uint8)), "point 0 is of a kind"),
        (lambda c: with_metric(c, write_metric(MetricValue("m"))), "point 0 is of a kind"),
        (lambda c: with_metric(c, write_metric(MetricValue(type=MetricType.SUMMARY))), "point 0 is of a kind"),
        (lambda c: with_metric(c, b"\x2a\x00\x3a\x00"), "value 0 of metrics"),
        (lambda c: with_metric(c, b"\x2a\x05"), "value 0 of metrics"),
        (lambda c: with_metric(c, b"\xff"), "value 0 of metrics"),
        (lambda c: with_points(c, attribute_values=pa.array([b"\x0a\x05"], type=pa.binary())), "value 0 of attributes"),
        (lambda c: with_points(c, attribute_values=pa.array([b"\x12\x00"], type=pa.binary())), "value 0 of attributes"),
        (lambda c: with_points(c, rest_values=pa.array([b"\x2a\x05"], type=pa.binary())), "value 0 of rest"),
    ],
)
def test_refuses_to_write_a_capture_that_contradicts_itself(capture, change, words):
    corrupt = change(capture)
    for write in (encode, encoded_sizes):
        with pytest.raises(CaptureCorruptError, match=words):
            write(corrupt)


def test_a_falling_parent_is_refused(capture):
    two = decode([encode(capture)[0]] * 2)
    falling = replace(two, points=replace(two.points, metric=int32(1, 1, 0, 0)))
    with pytest.raises(CaptureCorruptError, match=r"points\.metric of row 2"):
        encode(falling)


def test_values_of_a_slice_are_written(capture):
    values = pa.array([b"never", *capture.metrics.values.to_pylist()], type=pa.binary()).slice(1)
    assert encode(replace(capture, metrics=replace(capture.metrics, values=values))) == encode(capture)
