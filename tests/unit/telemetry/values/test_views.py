import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValueList
from opentelemetry.proto.metrics.v1 import metrics_pb2 as m
from tests.support.otlp import canonical, doubles, int64, keys, metrics, resource_metrics, scope_metrics, texts
from tests.support.wire_forms import rewritten

from phoenix.telemetry.errors import CaptureCorruptError
from phoenix.telemetry.values import (
    MetricType,
    MetricValue,
    ResourceValue,
    ScopeValue,
    Temporality,
    read_attributes,
    read_metric,
    read_resource,
    read_scope,
    write_attributes,
    write_metric,
    write_resource,
    write_scope,
)
from phoenix.telemetry.values.message import fixed64_field, length_field, varint_field

plain = st.recursive(
    st.one_of(st.none(), texts, st.booleans(), int64, doubles, st.binary(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(keys, inner, max_size=2)),
    max_leaves=4,
)
attributes = st.dictionaries(keys, plain, max_size=3)


def shown(value: AnyValue):
    match value.WhichOneof("value"):
        case "array_value":
            return [shown(item) for item in value.array_value.values]
        case "kvlist_value":
            return first_of_each(value.kvlist_value.values)
        case None:
            return None
        case name:
            return getattr(value, name)


def first_of_each(pairs):
    view: dict[str, object] = {}
    for pair in pairs:
        view.setdefault(pair.key, shown(pair.value))
    return view


@given(attributes)
def test_attributes_come_back_with_their_types_and_order(said):
    back = read_attributes(write_attributes(said))
    assert repr(back) == repr(said)


@given(attributes)
def test_attributes_are_written_as_protobuf_writes_them(said):
    written = write_attributes(said)
    assert canonical(KeyValueList.FromString(written)) == written


@given(resource_metrics, st.randoms(use_true_random=False))
def test_a_resource_says_what_protobuf_reads(message, random):
    message.ClearField("scope_metrics")
    value = rewritten(canonical(message), m.ResourceMetrics.DESCRIPTOR, random)
    meant = m.ResourceMetrics.FromString(value)
    expected = ResourceValue(first_of_each(meant.resource.attributes), meant.schema_url)
    assert repr(read_resource(value)) == repr(expected)


@given(scope_metrics, st.randoms(use_true_random=False))
def test_a_scope_says_what_protobuf_reads(message, random):
    message.ClearField("metrics")
    value = rewritten(canonical(message), m.ScopeMetrics.DESCRIPTOR, random)
    meant = m.ScopeMetrics.FromString(value)
    scope = meant.scope
    expected = ScopeValue(scope.name, scope.version, first_of_each(scope.attributes), meant.schema_url)
    assert repr(read_scope(value)) == repr(expected)


@given(metrics)
def test_a_metric_says_what_protobuf_reads(message):
    read = read_metric(canonical(message))
    data = message.WhichOneof("data")
    held = getattr(message, data) if data else None
    assert (read.name, read.unit, read.description) == (message.name, message.unit, message.description)
    assert read.type == (data or "none")
    assert read.temporality == getattr(held, "aggregation_temporality", 0)
    assert read.monotonic == getattr(held, "is_monotonic", False)


@pytest.mark.parametrize(
    "metric",
    [
        MetricValue("m", "By", "d", MetricType.SUM, Temporality.CUMULATIVE, monotonic=True),
        MetricValue("m", "1", "", MetricType.GAUGE),
        MetricValue("m", type=MetricType.HISTOGRAM, temporality=Temporality.DELTA),
        MetricValue("m", type=MetricType.SUM, temporality=7),
        MetricValue(),
    ],
)
def test_a_metric_comes_back(metric):
    assert read_metric(write_metric(metric)) == metric


def test_a_scope_and_a_resource_come_back():
    scope = ScopeValue("n", "1", {"a": 1}, "url")
    resource = ResourceValue({"process.pid": 4, "on": True}, "url")
    assert read_scope(write_scope(scope)) == scope
    assert read_resource(write_resource(resource)) == resource


def test_only_a_monotonic_sum_is_additive():
    total = MetricValue("m", type=MetricType.SUM, temporality=Temporality.DELTA, monotonic=True)
    assert total.additive
    assert not MetricValue("m", type=MetricType.SUM, temporality=Temporality.DELTA).additive
    assert not MetricValue("m", type=MetricType.GAUGE).additive


def test_of_a_key_that_stands_twice_the_view_shows_the_first():
    assert read_attributes(write_attributes({"a": 1}) + write_attributes({"a": 2})) == {"a": 1}


def test_text_that_is_no_utf8_is_shown_with_a_replacement():
    pair = length_field(1, b"caf\xe9") + length_field(2, length_field(1, b"\xff"))
    assert read_attributes(length_field(1, pair)) == {"caf\N{REPLACEMENT CHARACTER}": "\N{REPLACEMENT CHARACTER}"}


def test_of_a_oneof_the_last_member_is_shown():
    value = length_field(1, b"text") + varint_field(3, 5)
    assert read_attributes(length_field(1, length_field(1, b"a") + length_field(2, value))) == {"a": 5}


def test_integers_and_doubles_keep_apart():
    shown_types = {key: type(value) for key, value in read_attributes(write_attributes({"i": 1, "d": 1.0})).items()}
    assert shown_types == {"i": int, "d": float}
    assert repr(read_attributes(write_attributes({"n": math.nan}))) == "{'n': nan}"


@pytest.mark.parametrize("value", [b"\x0a\x05a", b"\x0a", b"\x0b", b"\x80", b"\x08" + b"\x80" * 11, b"\x09\x00"])
def test_refuses_a_value_that_is_no_message(value):
    with pytest.raises(CaptureCorruptError):
        read_attributes(value)


def test_fields_are_written_as_protobuf_writes_them():
    written = varint_field(8, 300) + fixed64_field(3, bytes(range(8)))
    assert canonical(m.NumberDataPoint.FromString(written)) == fixed64_field(3, bytes(range(8))) + varint_field(8, 300)
