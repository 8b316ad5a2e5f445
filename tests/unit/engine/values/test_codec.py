"""Attributes and nodes as OTLP has them: what no field of ours says is passed over in values and kept in nodes."""

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    AGGREGATION_TEMPORALITY_CUMULATIVE,
    Metric,
    ResourceMetrics,
    ScopeMetrics,
)

from phoenix.engine.values.codec import read_map, read_value, write_map, write_value
from phoenix.engine.values.ids import Id, IdKind
from phoenix.engine.values.node_codec import (
    read_metric,
    read_resource,
    read_scope,
    write_metric,
    write_resource,
    write_scope,
)
from phoenix.engine.values.value import Duration, Map, Time
from phoenix.telemetry.values.message import length_field, varint_field

UNKNOWN = varint_field(120, 7) + length_field(121, b"later")
TEXT = AnyValue(string_value="v")


@pytest.mark.parametrize("value", [None, True, -1, 1.5, "é\udcff", b"\x00", (1, ("a",), None), Map.of([("a", ())])])
def test_values_are_read_as_they_were_written(value):
    assert read_value(write_value(value) + UNKNOWN) == value


@pytest.mark.parametrize("value", [Time(1), Duration(1), Id(IdKind.SPAN, bytes(8))])
def test_what_no_attribute_holds_is_not_written(value):
    with pytest.raises(TypeError, match="an attribute cannot hold"):
        write_value(value)


def test_a_value_that_stands_twice_is_merged():
    pair = KeyValue(key="k", value=TEXT).SerializeToString() + length_field(
        2, AnyValue(int_value=3).SerializeToString()
    )
    pairs = read_map(length_field(1, pair + UNKNOWN))
    assert pairs == Map.of([("k", 3)])
    assert read_map(write_map(pairs)) == pairs


def test_a_resource_keeps_what_it_says():
    node = ResourceMetrics(schema_url="https://s")
    node.resource.attributes.add(key="a").value.CopyFrom(TEXT)
    node.resource.dropped_attributes_count = 3
    inside = node.resource.SerializeToString() + UNKNOWN
    message = length_field(1, inside) + length_field(3, b"https://s") + UNKNOWN
    read = read_resource(message)
    assert (read.attributes, read.dropped_attributes_count, read.schema_url) == (Map.of([("a", "v")]), 3, "https://s")
    assert write_resource(read) == message


def test_a_scope_keeps_what_it_says():
    node = ScopeMetrics()
    node.scope.name, node.scope.version, node.scope.dropped_attributes_count = "n", "1", 4
    node.scope.attributes.add(key="a").value.CopyFrom(TEXT)
    message = length_field(1, node.scope.SerializeToString() + UNKNOWN) + UNKNOWN
    read = read_scope(message)
    assert (read.name, read.version, read.dropped_attributes_count) == ("n", "1", 4)
    assert write_scope(read) == message


def test_a_metric_keeps_what_it_says():
    node = Metric(name="m", description="d", unit="s")
    node.sum.aggregation_temporality, node.sum.is_monotonic = AGGREGATION_TEMPORALITY_CUMULATIVE, True
    node.metadata.add(key="k").value.CopyFrom(TEXT)
    message = node.SerializeToString() + UNKNOWN
    read = read_metric(message)
    assert (read.name, read.unit, read.monotonic, read.metadata) == ("m", "s", True, Map.of([("k", "v")]))
    assert write_metric(read) == message
