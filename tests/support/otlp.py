"""Hypothesis strategies for OTLP metrics: every point type, odd values, empty nodes, duplicates, Unicode."""

from collections.abc import Callable
from typing import Any

from google.protobuf.message import Message
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    EntityRef,
    InstrumentationScope,
    KeyValue,
    KeyValueList,
)
from opentelemetry.proto.metrics.v1 import metrics_pb2 as m
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

# Mostly a small world, so that values meet again and are interned.
texts = st.one_of(st.sampled_from(["", "a", "state", "process.pid", "größe", "日本"]), st.text(max_size=12))
keys = st.one_of(st.sampled_from(["a", "b", "state", "process.pid"]), st.text(max_size=8))
doubles = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, float("nan"), float("inf"), float("-inf"), 5e-324]), st.floats(width=64)
)
int64 = st.one_of(st.sampled_from([0, 1, -1, 2**63 - 1, -(2**63)]), st.integers(-(2**63), 2**63 - 1))
uint64 = st.one_of(st.sampled_from([0, 1, 1_700_000_000_000_000_000, 2**64 - 1]), st.integers(0, 2**64 - 1))
uint32 = st.one_of(st.sampled_from([0, 1, 2**32 - 1]), st.integers(0, 2**32 - 1))
int32 = st.integers(-(2**31), 2**31 - 1)


def _some(cls: Callable[..., Message], **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    # A message with any of its fields left out.
    return st.fixed_dictionaries({}, optional=fields).map(lambda said: cls(**said))


def _few(items: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=most)


any_values = st.recursive(
    st.one_of(
        st.just(AnyValue()),
        texts.map(lambda value: AnyValue(string_value=value)),
        st.booleans().map(lambda value: AnyValue(bool_value=value)),
        int64.map(lambda value: AnyValue(int_value=value)),
        doubles.map(lambda value: AnyValue(double_value=value)),
        st.binary(max_size=6).map(lambda value: AnyValue(bytes_value=value)),
    ),
    lambda inner: st.one_of(
        _few(inner).map(lambda items: AnyValue(array_value=ArrayValue(values=items))),
        _few(st.builds(KeyValue, key=keys, value=inner)).map(
            lambda items: AnyValue(kvlist_value=KeyValueList(values=items))
        ),
    ),
    max_leaves=4,
)
key_values = _some(KeyValue, key=keys, value=any_values)
attributes = _few(key_values, 3)

exemplars = st.one_of(
    _some(
        m.Exemplar,
        filtered_attributes=attributes,
        time_unix_nano=uint64,
        span_id=st.binary(max_size=8),
        trace_id=st.binary(max_size=16),
        as_double=doubles,
    ),
    _some(m.Exemplar, as_int=int64),
)
_times: dict[str, st.SearchStrategy[Any]] = {
    "attributes": attributes,
    "start_time_unix_nano": uint64,
    "time_unix_nano": uint64,
    "flags": uint32,
}
number_points = st.one_of(
    _some(m.NumberDataPoint, **_times, as_int=int64, exemplars=_few(exemplars)),
    _some(m.NumberDataPoint, **_times, as_double=doubles, exemplars=_few(exemplars)),
)
histogram_points = _some(
    m.HistogramDataPoint,
    **_times,
    count=uint64,
    sum=doubles,
    min=doubles,
    max=doubles,
    bucket_counts=_few(uint64, 3),
    explicit_bounds=_few(doubles),
    exemplars=_few(exemplars),
)
_buckets = _some(
    m.ExponentialHistogramDataPoint.Buckets, offset=int32, bucket_counts=_few(st.integers(0, 2**64 - 1), 3)
)
exponential_points = _some(
    m.ExponentialHistogramDataPoint,
    **_times,
    count=uint64,
    sum=doubles,
    scale=int32,
    zero_count=uint64,
    positive=_buckets,
    negative=_buckets,
    exemplars=_few(exemplars),
    min=doubles,
    max=doubles,
    zero_threshold=doubles,
)
summary_points = _some(
    m.SummaryDataPoint,
    **_times,
    count=uint64,
    sum=doubles,
    quantile_values=_few(_some(m.SummaryDataPoint.ValueAtQuantile, quantile=doubles, value=doubles)),
)
_temporality = st.integers(0, 3)
_datas = st.one_of(
    st.fixed_dictionaries({"gauge": _some(m.Gauge, data_points=_few(number_points, 3))}),
    st.fixed_dictionaries(
        {
            "sum": _some(
                m.Sum,
                data_points=_few(number_points, 3),
                aggregation_temporality=_temporality,
                is_monotonic=st.booleans(),
            )
        }
    ),
    st.fixed_dictionaries(
        {"histogram": _some(m.Histogram, data_points=_few(histogram_points), aggregation_temporality=_temporality)}
    ),
    st.fixed_dictionaries(
        {
            "exponential_histogram": _some(
                m.ExponentialHistogram, data_points=_few(exponential_points), aggregation_temporality=_temporality
            )
        }
    ),
    st.fixed_dictionaries({"summary": _some(m.Summary, data_points=_few(summary_points))}),
    st.just({}),
)
_said = st.fixed_dictionaries(
    {}, optional={"name": texts, "description": texts, "unit": texts, "metadata": _few(key_values)}
)
metrics = st.builds(lambda said, data: m.Metric(**said, **data), _said, _datas)
scopes = _some(InstrumentationScope, name=texts, version=texts, attributes=attributes, dropped_attributes_count=uint32)
scope_metrics = _some(m.ScopeMetrics, scope=scopes, metrics=_few(metrics, 3), schema_url=texts)
resources = _some(
    Resource,
    attributes=attributes,
    dropped_attributes_count=uint32,
    entity_refs=_few(_some(EntityRef, schema_url=texts, type=texts, id_keys=_few(texts), description_keys=_few(texts))),
)
resource_metrics = _some(m.ResourceMetrics, resource=resources, scope_metrics=_few(scope_metrics), schema_url=texts)
requests = _some(ExportMetricsServiceRequest, resource_metrics=_few(resource_metrics, 3))


def canonical(message: Message) -> bytes:
    """Return the bytes that protobuf writes in a fixed order."""
    return message.SerializeToString(deterministic=True)


def serialized(most: int = 3) -> st.SearchStrategy[list[bytes]]:
    """Return lists of serialized requests."""
    return st.lists(requests.map(canonical), max_size=most)
