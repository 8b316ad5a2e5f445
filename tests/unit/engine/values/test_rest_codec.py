"""Rests of points: what is read is what protobuf reads, and what is written says the same."""

import struct
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from opentelemetry.proto.metrics.v1 import metrics_pb2

from phoenix.engine.pool import Pool
from phoenix.engine.values.rest_codec import add_rest, change, look, read_rest, write_rest
from phoenix.engine.values.rests import (
    Buckets,
    Exemplar,
    ExponentialRest,
    HistogramRest,
    NumberRest,
    PointRest,
    Quantile,
    SummaryRest,
)
from phoenix.engine.values.value import Map
from phoenix.telemetry.capture import PointKind

_EXEMPLARS = (
    Exemplar(
        time=7, value=-3, trace_id=bytes(range(16)), span_id=bytes(range(8)), filtered_attributes=Map.of([("a", 1)])
    ),
    Exemplar(value=0.5),
    Exemplar(time=2**64 - 1),
)
RESTS: dict[str, tuple[PointKind, PointRest]] = {
    "number": (PointKind.DOUBLE, NumberRest(_EXEMPLARS)),
    "histogram": (
        PointKind.HISTOGRAM,
        HistogramRest(2**64 - 1, -0.0, (0, 2**64 - 1), (float("inf"),), _EXEMPLARS, min=0.0, max=-1.5),
    ),
    "histogram that says nothing": (PointKind.HISTOGRAM, HistogramRest()),
    "exponential histogram": (
        PointKind.EXPONENTIAL_HISTOGRAM,
        ExponentialRest(
            3, 1.5, -10, 1, Buckets(-(2**31), (0, 300, 2**64 - 1)), Buckets(2**31 - 1, (1,)), _EXEMPLARS, 0.1, 9.0, 1e-9
        ),
    ),
    "exponential histogram that says nothing": (PointKind.EXPONENTIAL_HISTOGRAM, ExponentialRest()),
    "summary": (PointKind.SUMMARY, SummaryRest(5, -2.5, (Quantile(), Quantile(0.99, 7.0)))),
}
_MESSAGES: dict[PointKind, Any] = {
    PointKind.DOUBLE: metrics_pb2.NumberDataPoint,
    PointKind.HISTOGRAM: metrics_pb2.HistogramDataPoint,
    PointKind.EXPONENTIAL_HISTOGRAM: metrics_pb2.ExponentialHistogramDataPoint,
    PointKind.SUMMARY: metrics_pb2.SummaryDataPoint,
}


@pytest.mark.parametrize("name", RESTS)
def test_what_is_written_is_read_again(name):
    kind, rest = RESTS[name]
    assert read_rest(kind, write_rest(rest)) == rest


@pytest.mark.parametrize("name", RESTS)
def test_protobuf_understands_what_is_written(name):
    kind, rest = RESTS[name]
    message = _MESSAGES[kind].FromString(write_rest(rest))
    assert read_rest(kind, message.SerializeToString()) == rest


def test_fields_have_the_values_protobuf_gives_them():
    message = metrics_pb2.ExponentialHistogramDataPoint.FromString(write_rest(RESTS["exponential histogram"][1]))
    assert (message.scale, message.positive.offset, message.negative.offset) == (-10, -(2**31), 2**31 - 1)
    assert list(message.positive.bucket_counts) == [0, 300, 2**64 - 1]
    assert message.exemplars[0].as_int == -3
    assert message.exemplars[1].as_double == 0.5


def test_unpacked_counts_are_read_and_a_packed_field_replaces_those_of_a_histogram():
    one, two = (b"\x31" + struct.pack("<Q", count) for count in (1, 2))
    packed = b"\x32\x08" + struct.pack("<Q", 3)
    assert read_rest(PointKind.HISTOGRAM, one + two) == HistogramRest(bucket_counts=(1, 2))
    assert read_rest(PointKind.HISTOGRAM, one + packed + two) == HistogramRest(bucket_counts=(3, 2))


def test_unpacked_and_repeated_counts_of_an_exponential_histogram_add_up():
    written = b"\x42\x04\x10\x01\x10\x02" + b"\x42\x04\x12\x02\xac\x02"
    expected = ExponentialRest(positive=Buckets(0, (1, 2, 300)))
    assert read_rest(PointKind.EXPONENTIAL_HISTOGRAM, written) == expected


def test_fields_that_are_unknown_or_of_another_wire_type_are_left_out():
    written = b"\xf8\x07\x01" + b"\x20\x05" + write_rest(HistogramRest(2)) + b"\x28\x01"
    assert write_rest(read_rest(PointKind.HISTOGRAM, written)) == write_rest(HistogramRest(2))
    assert read_rest(PointKind.DOUBLE, b"\x2a\x03\xf8\x07\x01") == NumberRest((Exemplar(),))


def test_ids_of_zeros_are_none():
    written = b"\x2a\x0a\x22\x08" + bytes(8)
    assert read_rest(PointKind.INT, written) == NumberRest((Exemplar(),))


def test_minus_zero_needs_no_field_where_a_double_has_no_presence():
    assert write_rest(SummaryRest(sum=-0.0)) == b""


def test_rests_are_looked_at_once_per_kind_and_row():
    pool = Pool(pa.array([write_rest(SummaryRest(4, 2.0))], type=pa.binary()), bytes, bytes)
    kinds = np.array([PointKind.SUMMARY, PointKind.INT, PointKind.SUMMARY, PointKind.DOUBLE], dtype=np.uint8)
    seen: list[PointRest] = []

    def read(rest: PointRest) -> PointRest:
        seen.append(rest)
        return rest

    which, found = look(pool, kinds, np.array([0, -1, 0, -1], dtype=np.int32), read)
    assert [found[row] for row in which] == [SummaryRest(4, 2.0), NumberRest(), SummaryRest(4, 2.0), NumberRest()]
    assert len(seen) == 2


def test_changed_rests_get_rows_and_unchanged_ones_keep_theirs():
    pool = Pool(pa.array([b"\xf8\x07\x01", write_rest(HistogramRest(1))], type=pa.binary()), bytes, bytes)
    kinds = np.full(3, PointKind.HISTOGRAM, dtype=np.uint8)
    rows = change(
        pool,
        kinds,
        np.array([0, 1, -1], dtype=np.int32),
        lambda rest: HistogramRest(2) if rest == HistogramRest(1) else rest,
    )
    assert rows.tolist() == [0, 2, -1]
    assert pool[2] == write_rest(HistogramRest(2))
    assert add_rest(pool, HistogramRest()) == -1
