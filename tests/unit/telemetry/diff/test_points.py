import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from tests.support.otlp import canonical, serialized

from phoenix.telemetry.capture import Capture
from phoenix.telemetry.codec import decode
from phoenix.telemetry.diff import DifferenceKind, diff, same_tree, tree_difference

SECOND = 10**9
REQUEST = ExportMetricsServiceRequest


def capture_of(*points, unit="1", description="", schema_url=""):
    """A capture of one gauge; a point is a mapping of its fields, with `state` for an attribute."""
    request = REQUEST()
    resource = request.resource_metrics.add(schema_url=schema_url)
    resource.resource.attributes.add(key="process.pid").value.int_value = 7
    metric = resource.scope_metrics.add().metrics.add(name="m", unit=unit, description=description)
    for said in points:
        point = metric.gauge.data_points.add(**{key: value for key, value in said.items() if key != "state"})
        if "state" in said:
            point.attributes.add(key="state").value.string_value = said["state"]
    return decode([canonical(request)])


def at(time, value=1, **said):
    return {"time_unix_nano": time * SECOND, "as_int": value, **said}


@given(serialized(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_does_not_matter(requests, random):
    turned = []
    for written in requests:
        request = REQUEST.FromString(written)
        for scope in (scope for resource in request.resource_metrics for scope in resource.scope_metrics):
            metrics = list(scope.metrics)
            random.shuffle(metrics)
            scope.ClearField("metrics")
            scope.metrics.extend(metrics)
        turned.append(canonical(request))
    random.shuffle(turned)
    found = diff(decode(requests), decode(turned))
    assert found.equal
    assert found.differences == []


@given(serialized(), serialized())
@settings(max_examples=60)
def test_what_one_lacks_is_what_the_other_has_too_many(one, other):
    there, back = diff(decode(one), decode(other)), diff(decode(other), decode(one))
    turned = {DifferenceKind.MISSING: DifferenceKind.EXTRA, DifferenceKind.EXTRA: DifferenceKind.MISSING}
    assert {turned.get(kind, kind): count for kind, count in there.counts.items()} == back.counts
    missing, extra = (there.counts.get(kind, 0) for kind in (DifferenceKind.MISSING, DifferenceKind.EXTRA))
    assert there.points[0] - missing == there.points[1] - extra


@given(serialized())
@settings(max_examples=30)
def test_a_capture_equals_itself(requests):
    capture = decode(requests)
    assert diff(capture, decode(requests)).equal
    assert same_tree(capture, decode(requests))


def the_difference(one, other):
    found = diff(one, other)
    assert not found.equal
    (difference,) = found.differences
    return difference


def test_another_value_is_told():
    difference = the_difference(capture_of(at(1), at(2, 5, state="a")), capture_of(at(1), at(2, 6, state="a")))
    assert difference.kinds == (DifferenceKind.VALUE,)
    assert difference.series == "m{state=a} of process.pid=7"
    assert difference.words == "5 at 1970-01-01T00:00:02Z became 6 at 1970-01-01T00:00:02Z (differs in value)"


def test_another_type_of_the_same_number_is_told():
    one, other = capture_of(at(1, 0)), capture_of({"time_unix_nano": SECOND, "as_double": 0.0})
    assert the_difference(one, other).kinds == (DifferenceKind.TYPE,)


def test_another_time_start_or_flag_is_told():
    assert the_difference(capture_of(at(1)), capture_of(at(2))).kinds == (DifferenceKind.TIME,)
    started = capture_of(at(1, start_time_unix_nano=SECOND // 2))
    difference = the_difference(capture_of(at(1)), started)
    assert difference.kinds == (DifferenceKind.START_TIME,)
    assert "(since 1970-01-01T00:00:00.5Z)" in difference.words
    assert the_difference(capture_of(at(1)), capture_of(at(1, flags=2))).kinds == (DifferenceKind.FLAGS,)


def test_missing_and_extra_points_are_told():
    one, other = capture_of(at(1), at(2)), capture_of(at(1))
    assert the_difference(one, other).words == "the second lacks 1 at 1970-01-01T00:00:02Z"
    assert the_difference(other, one).words == "the first lacks 1 at 1970-01-01T00:00:02Z"
    assert the_difference(one, capture_of(at(1), at(2), at(2))).kinds == (DifferenceKind.EXTRA,)


def test_a_whole_series_that_is_missing_is_told():
    one, other = capture_of(at(1), at(1, state="a")), capture_of(at(1))
    assert the_difference(one, other).words.endswith(", and the whole series")


def test_what_is_no_identity_is_context():
    for other in (capture_of(at(1), description="d"), capture_of(at(1), schema_url="u")):
        assert the_difference(capture_of(at(1)), other).kinds == (DifferenceKind.CONTEXT,)


def test_another_unit_is_another_series():
    found = diff(capture_of(at(1)), capture_of(at(1), unit="s"))
    assert found.counts == {DifferenceKind.MISSING: 1, DifferenceKind.EXTRA: 1}
    assert found.series == (1, 1)


def test_nan_equals_nan_and_no_other_number():
    nan, one = ({"time_unix_nano": SECOND, "as_double": value} for value in (float("nan"), 1.0))
    assert diff(capture_of(nan), capture_of(nan)).equal
    assert the_difference(capture_of(nan), capture_of(one)).kinds == (DifferenceKind.VALUE,)


def histogram(**said):
    request = REQUEST()
    scope = request.resource_metrics.add().scope_metrics.add()
    scope.metrics.add(name="h").histogram.data_points.add(time_unix_nano=SECOND, **said)
    return decode([canonical(request)])


def test_other_buckets_are_a_detail():
    difference = the_difference(histogram(count=1, bucket_counts=[1]), histogram(count=1, bucket_counts=[2]))
    assert difference.kinds == (DifferenceKind.DETAIL,)
    assert difference.words.startswith("a histogram at 1970-01-01T00:00:01Z became a histogram")


@pytest.mark.parametrize("zero_count", [0, 1])
def test_exponential_buckets_that_hold_nothing_are_no_buckets(zero_count):
    def exponential(*, written: bool) -> Capture:
        request = REQUEST()
        metric = request.resource_metrics.add().scope_metrics.add().metrics.add(name="e")
        point = metric.exponential_histogram.data_points.add(time_unix_nano=SECOND, zero_count=zero_count)
        if written:
            point.positive.SetInParent()
            point.negative.SetInParent()
        return decode([canonical(request)])

    assert diff(exponential(written=False), exponential(written=True)).equal


def test_a_minus_zero_that_needs_no_field_is_none():
    def points(zero: float) -> Capture:
        request = REQUEST()
        metrics = request.resource_metrics.add().scope_metrics.add().metrics
        summary = metrics.add(name="s").summary.data_points.add(time_unix_nano=SECOND, sum=zero)
        summary.quantile_values.add(quantile=zero, value=zero)
        metrics.add(name="sum only").summary.data_points.add(time_unix_nano=SECOND, sum=zero)
        metrics.add(name="e").exponential_histogram.data_points.add(time_unix_nano=SECOND, zero_threshold=zero)
        return decode([canonical(request)])

    assert diff(points(0.0), points(-0.0)).equal
    assert not diff(points(0.0), points(1.0)).equal


def test_metadata_of_a_metric_is_a_map_whatever_its_order():
    def metric(*keys: str) -> Capture:
        request = REQUEST()
        made = request.resource_metrics.add().scope_metrics.add().metrics.add(name="m")
        made.gauge.data_points.add(time_unix_nano=SECOND, as_int=1)
        for key in keys:
            made.metadata.add(key=key).value.int_value = 1
        return decode([canonical(request)])

    assert diff(metric("a", "b"), metric("b", "a")).equal
    assert the_difference(metric("a"), metric("b")).kinds == (DifferenceKind.CONTEXT,)


def test_only_the_first_differences_are_put_into_words():
    one = capture_of(*(at(time) for time in range(1, 50)))
    found = diff(one, capture_of(), limit=3)
    assert found.counts == {DifferenceKind.MISSING: 49}
    assert len(found.differences) == 3


def test_trees_differ_in_the_first_place_named():
    one = capture_of(at(1), at(2))
    two = [capture_of(at(1), at(2)), capture_of(at(2), at(1)), capture_of(at(1)), capture_of(at(1), at(2), unit="s")]
    assert tree_difference(one, two[0]) is None
    assert tree_difference(one, two[1]) == "time of point 0 differs"
    assert tree_difference(one, two[2]) == "2 points became 1"
    assert tree_difference(one, two[3]) == "value of metric 0 differs"
    assert tree_difference(one, decode([])) == "1 batches became 0"
    assert tree_difference(decode([b""]), capture_of()) == "0 resource nodes became 1"
    assert (
        tree_difference(capture_of(at(1, state="a")), capture_of(at(1, state="b"))) == "attributes of point 0 differs"
    )
