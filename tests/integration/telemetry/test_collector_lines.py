import io
from typing import Any

import orjson
import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.metrics.v1 import metrics_pb2 as m
from tests.support.otlp import canonical
from tests.support.stock_collector import through

from phoenix.telemetry.codec import decode
from phoenix.telemetry.jsonlines import read_lines, write_lines
from phoenix.telemetry.jsonlines.usual import UsualReader

CUMULATIVE = m.AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
DELTA = m.AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
CONFIG = "service: {pipelines: {metrics: {processors: []}}}"
TIMES: dict[str, Any] = {"start_time_unix_nano": 1_790_000_000_000_000_001, "time_unix_nano": 1_790_000_010_123_456_789}
DOUBLES = (0.0, -0.0, 1.0, 0.1 + 0.2, 1e21, 1.5e-7, -2.5e-6, 0.1234567890123456)
EXTREMES = (123456789012345680000.0, 5e-324, 1.7976931348623157e308)
NOT_FINITE = (float("nan"), float("inf"), float("-inf"))


def attribute(key, **value):
    return KeyValue(key=key, value=AnyValue(**value))


PLAIN = [
    attribute("text", string_value='größe \U0001f600 <&> " \\ \n\t\r\b\f\x01\x7f\u2028'),
    attribute("long", string_value="--option=*** " * 40),
    attribute("empty", string_value=""),
    attribute("yes", bool_value=True),
    attribute("no", bool_value=False),
    attribute("most", int_value=2**62),
    attribute("negative", int_value=-7),
    attribute("ratio", double_value=0.30000000000000004),
    attribute("list", array_value=ArrayValue(values=[AnyValue(string_value="a"), AnyValue(int_value=0), AnyValue()])),
    attribute("map", kvlist_value=KeyValueList(values=[attribute("inner", string_value="b")])),
    attribute("nothing"),
]
ODD = [attribute("bytes", bytes_value=b"\x00\xff\x10"), attribute("most", int_value=2**63 - 1)]


def with_metrics(metrics, attributes):
    request = ExportMetricsServiceRequest()
    resource = request.resource_metrics.add(schema_url="https://opentelemetry.io/schemas/1.9.0")
    resource.resource.attributes.extend(attributes)
    resource.resource.dropped_attributes_count = 3
    scope = resource.scope_metrics.add(schema_url="https://example.com/schema")
    scope.scope.name, scope.scope.version = "scope", "0.160.0"
    scope.metrics.extend(metrics)
    # The collector makes a resource and a scope where none was sent.
    resource = request.resource_metrics.add()
    resource.resource.SetInParent()
    scope = resource.scope_metrics.add()
    scope.scope.SetInParent()
    scope.metrics.extend(metrics)
    return request


def number_points(numbers):
    integers = [m.NumberDataPoint(as_int=number, attributes=PLAIN, **TIMES) for number in (0, 5, -5, 10**18)]
    doubles = [m.NumberDataPoint(as_double=number, time_unix_nano=TIMES["time_unix_nano"]) for number in numbers]
    return [*integers, *doubles, m.NumberDataPoint(flags=1, **TIMES), m.NumberDataPoint(as_int=0)]


def sums_and_gauges(numbers):
    points = number_points(numbers)
    return [
        m.Metric(name="g", description="d", unit="By", gauge=m.Gauge(data_points=points)),
        m.Metric(name="s", sum=m.Sum(data_points=points, aggregation_temporality=CUMULATIVE, is_monotonic=True)),
        m.Metric(name="t", sum=m.Sum(data_points=points, aggregation_temporality=DELTA)),
        m.Metric(name="no points", gauge=m.Gauge()),
        m.Metric(name="no data"),
    ]


def distributions(exemplars):
    histogram = m.HistogramDataPoint(
        count=3, sum=-1.5, bucket_counts=[1, 0, 2], explicit_bounds=[0.5, 10.0], min=0.0, max=9.75,
        exemplars=exemplars, attributes=PLAIN, **TIMES,
    )  # fmt: skip
    buckets = m.ExponentialHistogramDataPoint.Buckets(offset=-3, bucket_counts=[1, 0, 300])
    exponential = m.ExponentialHistogramDataPoint(
        count=302, sum=7.5, scale=-2, zero_count=1, zero_threshold=0.25, positive=buckets, negative=buckets,
        min=0.1, max=5.0, exemplars=exemplars, attributes=PLAIN, **TIMES,
    )  # fmt: skip
    quantiles = [m.SummaryDataPoint.ValueAtQuantile(quantile=0.5, value=2.0), m.SummaryDataPoint.ValueAtQuantile()]
    summary = m.SummaryDataPoint(count=2, sum=4.5, quantile_values=quantiles, attributes=PLAIN, **TIMES)
    return [
        m.Metric(name="h", histogram=m.Histogram(data_points=[histogram], aggregation_temporality=DELTA)),
        m.Metric(
            name="e",
            exponential_histogram=m.ExponentialHistogram(data_points=[exponential], aggregation_temporality=CUMULATIVE),
        ),
        m.Metric(name="u", summary=m.Summary(data_points=[summary])),
    ]


EXEMPLAR = m.Exemplar(as_int=7, time_unix_nano=4, filtered_attributes=[attribute("a", string_value="b")])
TRACED = m.Exemplar(as_double=1.5, time_unix_nano=4, span_id=bytes(range(8)), trace_id=bytes(range(16)))


def requests():
    return [
        with_metrics(sums_and_gauges((*DOUBLES, *NOT_FINITE)), PLAIN),
        with_metrics(distributions([EXEMPLAR]), PLAIN),
        with_metrics(distributions([TRACED]), PLAIN),
        with_metrics(sums_and_gauges(EXTREMES), PLAIN),
        with_metrics(sums_and_gauges(DOUBLES), ODD),
    ]


@pytest.fixture(scope="module")
def lines(collector_binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    through(collector_binary, folder, CONFIG, lambda _: requests())
    return (folder / "out.jsonl").read_bytes()


def test_what_the_collector_wrote_is_what_was_sent(lines):
    read = list(read_lines(io.BytesIO(lines)))
    assert read == [canonical(request) for request in requests()]


def test_its_lines_are_usual_but_for_bytes_ids_and_extremes(lines):
    usual = UsualReader()
    assert [usual.read(line) is not None for line in lines.splitlines()] == [True, True, False, False, False]


def test_what_we_write_says_what_it_wrote(lines):
    read = list(read_lines(io.BytesIO(lines)))
    written = list(write_lines(decode(read)))
    for ours, theirs in zip(written, lines.splitlines(), strict=True):
        assert orjson.loads(ours) == orjson.loads(theirs)
