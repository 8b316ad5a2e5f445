import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import KeyValueList
from opentelemetry.proto.metrics.v1 import metrics_pb2 as m
from tests.support.otlp import canonical, serialized

from phoenix.telemetry.codec import decode
from phoenix.telemetry.identity import distinct_resources, index_series, index_together
from phoenix.telemetry.values import (
    MetricType,
    MetricValue,
    ResourceValue,
    ScopeValue,
    Temporality,
    write_attributes,
    write_metric,
    write_resource,
    write_scope,
)

NO_RESOURCE, NO_SCOPE = ResourceValue(), ScopeValue()
SUM = MetricValue("m", "1", "d", MetricType.SUM, Temporality.CUMULATIVE, monotonic=True)


def series(resource=NO_RESOURCE, scope=NO_SCOPE, metric=SUM, attributes=b""):
    """A request of one point; attributes as a mapping, or as the bytes of a KeyValueList."""
    written = attributes if isinstance(attributes, bytes) else write_attributes(attributes)
    message = m.Metric.FromString(write_metric(metric))
    getattr(message, metric.type.value).data_points.add(attributes=KeyValueList.FromString(written).values)
    node = m.ScopeMetrics.FromString(write_scope(scope))
    node.metrics.append(message)
    root = m.ResourceMetrics.FromString(write_resource(resource))
    root.scope_metrics.append(node)
    return canonical(ExportMetricsServiceRequest(resource_metrics=[root]))


def ids(*requests):
    return index_series(decode(requests)).ids.tolist()


def test_series_are_numbered_in_the_order_first_seen():
    assert ids(*(series(attributes={"a": i}) for i in (5, 3, 5, 1, 3))) == [0, 1, 0, 2, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"attributes": {"a": 1}}, {"attributes": {"a": 1.0}}),
        ({"attributes": {"a": 1}}, {"attributes": {"a": "1"}}),
        ({"attributes": {"a": True}}, {"attributes": {"a": 1}}),
        ({"attributes": {"a": "x"}}, {"attributes": {"a": b"x"}}),
        ({"attributes": {"a": ["x"]}}, {"attributes": {"a": "x"}}),
        ({"attributes": {"a": ["x", "y"]}}, {"attributes": {"a": ["y", "x"]}}),
        ({"attributes": {"a": []}}, {"attributes": {"a": {}}}),
        ({"attributes": {"a": None}}, {"attributes": {}}),
        ({"attributes": {"ab": "c"}}, {"attributes": {"a": "bc"}}),
        ({"attributes": {"a": 1}}, {"resource": ResourceValue({"a": 1})}),
        ({"resource": ResourceValue({"a": 1})}, {"resource": ResourceValue({"a": 2})}),
        ({"scope": ScopeValue("a")}, {"scope": ScopeValue("b")}),
        ({"scope": ScopeValue("a", "b")}, {"scope": ScopeValue("ab", "")}),
        ({"scope": ScopeValue(attributes={"a": 1})}, {"scope": ScopeValue()}),
        ({"metric": SUM}, {"metric": MetricValue("m", "s", "d", SUM.type, SUM.temporality, monotonic=True)}),
        ({"metric": SUM}, {"metric": MetricValue("m", "1", "d", SUM.type, SUM.temporality, monotonic=False)}),
        ({"metric": SUM}, {"metric": MetricValue("m", "1", "d", SUM.type, Temporality.DELTA, monotonic=True)}),
        ({"metric": SUM}, {"metric": MetricValue("m", "1", "d", MetricType.GAUGE)}),
    ],
)
def test_what_differs_in_identity_is_another_series(one, other):
    assert ids(series(**one), series(**other)) == [0, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"attributes": {"a": 1, "b": 2}}, {"attributes": {"b": 2, "a": 1}}),
        ({"attributes": {"x": {"a": 1, "b": 2}}}, {"attributes": {"x": {"b": 2, "a": 1}}}),
        ({"resource": ResourceValue({"a": 1, "b": 2})}, {"resource": ResourceValue({"b": 2, "a": 1}, "url")}),
        ({"scope": ScopeValue("s", schema_url="x")}, {"scope": ScopeValue("s", schema_url="y")}),
        ({"metric": SUM}, {"metric": MetricValue("m", "1", "other words", SUM.type, SUM.temporality, monotonic=True)}),
    ],
)
def test_order_descriptions_and_schemas_are_no_identity(one, other):
    capture = decode([series(**one), series(**other)])
    index = index_series(capture)
    assert index.ids.tolist() == [0, 0]
    assert len(index) == 1


def test_every_pair_of_a_key_that_stands_twice_counts():
    twice = write_attributes({"a": 1}) + write_attributes({"a": 2})
    turned = write_attributes({"a": 2}) + write_attributes({"a": 1})
    assert ids(series(attributes=twice), series(attributes=turned), series(attributes={"a": 1})) == [0, 0, 1]


@given(serialized(), serialized())
@settings(max_examples=60)
def test_hashes_mean_the_same_in_every_capture(one, other):
    alone = [index_series(decode(requests)) for requests in (one, other)]
    for single, together in zip(alone, index_together([decode(one), decode(other)]), strict=True):
        assert (single.hashes[single.ids] == together.hashes[together.ids]).all()
        assert together.present.sum() == len(single)


@given(serialized())
@settings(max_examples=60)
def test_an_index_is_dense_and_names_first_rows(requests):
    capture = decode(requests)
    index = index_series(capture)
    assert len(index.ids) == len(capture.points)
    assert index.present.all()
    assert (np.diff(index.first) > 0).all()
    assert (index.ids[index.first] == np.arange(len(index))).all()
    assert (index.metric == capture.metrics.value[capture.points.metric[index.first]]).all()
    assert (index.attributes == capture.points.attributes[index.first]).all()
    assert len(set(index.hashes.tolist())) == len(index)


@given(serialized(2), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_equal_numbers_mean_equal_identity_across_captures(requests, random):
    turned = list(requests)
    random.shuffle(turned)
    one, other = index_together([decode(requests), decode(turned)])
    assert (one.present == other.present).all()
    assert sorted(one.ids.tolist()) == sorted(other.ids.tolist())


def test_a_series_of_the_other_capture_has_no_first_row():
    one, other = index_together([decode([series(attributes={"a": 1})]), decode([series(attributes={"a": 2})])])
    assert one.first.tolist() == [0, -1]
    assert other.first.tolist() == [-1, 0]
    assert other.attributes.tolist() == [-1, 0]


def test_hashes_never_change():
    # Other processes and stored windows meet by them.
    index = index_series(decode([series(attributes={"a": 1, "b": "x"})]))
    assert index.hashes.tolist() == [1750917720925031683]


def test_resources_of_one_identity_have_one_number():
    resources = [ResourceValue({"a": 1, "b": 2}), ResourceValue({"b": 2, "a": 1}), ResourceValue({"a": 1})]
    assert distinct_resources(decode([series(resource=resource) for resource in resources])).tolist() == [0, 0, 1]
