"""Where the collector reports an error, crashes or does not start, the engine says so too."""

import pytest
from tests.support.reshaping.running import Statement, config_of, reshaped
from tests.support.reshaping.telemetry import FIRST, Awkward, attributes_of, capture_of_metrics

from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.reshaping.registry import RESHAPERS

SUM_OF_ALL = Statement('aggregate_on_attributes("sum")', {"aggregation_function": "sum"})
FAILING = {
    "aggregating summaries": (Statement(SUM_OF_ALL.text, SUM_OF_ALL.arguments, "summary"), "Summary"),
    "scaling exponential histograms": (
        Statement("scale_metric(2.0)", {"multiplier": 2.0}, "exponential"),
        "exponential histograms",
    ),
    "scaling what has no type": (Statement("scale_metric(2.0)", {"multiplier": 2.0}, "untyped"), "not supported"),
    "scaling to no unit": (
        Statement('scale_metric(2.0, metric.cache["no"])', {"multiplier": 2.0, "unit": None}, "gauge"),
        "could not get unit",
    ),
    "counts of gauges": (Statement("extract_count_metric(true)", {"monotonic": True}, "gauge"), "got Gauge"),
    "sums of what has no temporality": (
        Statement("extract_sum_metric(true)", {"monotonic": True}, "histogram"),
        "Histogram",
    ),
    "a copy under no name": (
        Statement('copy_metric("x", metric.cache["no"])', {"name": "x", "description": None}, "sum"),
        "nil",
    ),
    "a limit of half a bucket": (
        Statement(
            'merge_histogram_buckets(Double("0.5"), "limit_buckets")', {"target_value": 0.5, "method": "limit_buckets"}
        ),
        "positive integer",
    ),
    "a bound that is nil": (
        Statement('merge_histogram_buckets(datapoint.attributes["none"])', {"target_value": None}),
        "must not be nil",
    ),
}
REFUSED = {
    "aggregation": Statement('aggregate_on_attributes("first")', {"aggregation_function": "first"}),
    "aggregation over values": Statement(
        'aggregate_on_attribute_value("p99", "a", ["b"], "c")',
        {"aggregation_function": "p99", "attribute": "a", "values": ("b",), "new_value": "c"},
    ),
    "temporality": Statement(
        'convert_gauge_to_sum("unspecified", true)', {"string_agg_temp": "unspecified", "monotonic": True}
    ),
    "temporality of a summary": Statement(
        'convert_summary_sum_val_to_sum("", true)', {"string_agg_temp": "", "monotonic": True}
    ),
    "percentile 0": Statement("extract_percentile_metric(0.0)", {"percentile": 0.0}),
    "percentile 100": Statement("extract_percentile_metric(100.0)", {"percentile": 100.0}),
    "distribution": Statement(
        'convert_exponential_histogram_to_histogram("lower", [1.0])',
        {"distribution_fn": "lower", "explicit_bounds": (1.0,)},
    ),
    "no bounds": Statement(
        'convert_exponential_histogram_to_histogram("upper", [])', {"distribution_fn": "upper", "explicit_bounds": ()}
    ),
    "method": Statement('merge_histogram_buckets(1.0, "halve")', {"target_value": 1.0, "method": "halve"}),
    "target nil": Statement("merge_histogram_buckets(nil)", {"target_value": None}),
    "target zero": Statement(
        'merge_histogram_buckets(0, "limit_buckets")', {"target_value": 0, "method": "limit_buckets"}
    ),
    "target of half a bucket": Statement(
        'merge_histogram_buckets(1.5, "limit_buckets")', {"target_value": 1.5, "method": "limit_buckets"}
    ),
}
ACCEPTED = {
    "distribution": Statement(
        'convert_exponential_histogram_to_histogram("", [1.0])', {"distribution_fn": "", "explicit_bounds": (1.0,)}
    ),
    "target": Statement('merge_histogram_buckets("1.5")', {"target_value": "1.5"}),
    "a target that comes with the point": Statement(
        'merge_histogram_buckets(Double("1"), "limit_buckets")', {"target_value": 1.0, "method": "limit_buckets"}
    ),
}


@pytest.mark.parametrize("name", FAILING)
def test_an_error_of_the_collector_is_reported_with_its_reason(name, harness):
    statement, reason = FAILING[name]
    capture = Awkward(1).capture()
    with pytest.raises(EvaluationFailedError):
        harness.evaluate(config_of([statement]), capture)
    errors = reshaped(capture, [statement]).errors
    assert errors
    assert all(reason in error for error in errors)


@pytest.mark.parametrize("name", REFUSED)
def test_arguments_that_the_collector_does_not_start_with_are_refused(name, harness):
    statement = REFUSED[name]
    with pytest.raises(ConfigRefusedError):
        harness.evaluate(config_of([statement]), Awkward(1).capture(1))
    assert RESHAPERS[statement.function].refusal(statement.arguments)


@pytest.mark.parametrize("name", ACCEPTED)
def test_arguments_that_the_collector_starts_with_are_not_refused(name, harness):
    statement = ACCEPTED[name]
    harness.evaluate(config_of([statement]), capture_of_metrics())
    assert RESHAPERS[statement.function].refusal(statement.arguments) is None


def test_a_histogram_added_to_one_of_fewer_buckets_crashes_a_collector(harness):
    def fill(metric):
        for bounds in ((1.0,), (1.0, 2.0)):
            point = metric.histogram.data_points.add(
                count=1, explicit_bounds=bounds, bucket_counts=[1] * (len(bounds) + 1)
            )
            point.attributes.extend(attributes_of([("a", float("nan"))]))

    capture = capture_of_metrics(fill)
    with pytest.raises(EvaluationFailedError, match="index out of range"):
        harness.evaluate(config_of([SUM_OF_ALL]), capture)
    with pytest.raises(NotColumnarError, match="fewer buckets"):
        reshaped(capture, [SUM_OF_ALL])


def test_a_bucket_without_bounds_crashes_a_collector_that_spreads_it(harness):
    def fill(metric):
        point = metric.exponential_histogram.data_points.add(count=1, scale=-1100)
        point.positive.bucket_counts.append(1)

    capture = capture_of_metrics(fill)
    statement = Statement(
        'convert_exponential_histogram_to_histogram("uniform", [1.0])',
        {"distribution_fn": "uniform", "explicit_bounds": (1.0,)},
    )
    with pytest.raises(EvaluationFailedError, match="index out of range"):
        harness.evaluate(config_of([statement]), capture)
    with pytest.raises(NotColumnarError, match="crashes"):
        reshaped(capture, [statement])


def test_what_chance_decides_is_refused_by_name():
    statement = Statement(
        'convert_exponential_histogram_to_histogram("random", [1.0, 2.0])',
        {"distribution_fn": "random", "explicit_bounds": (1.0, 2.0)},
    )
    with pytest.raises(NotColumnarError, match='"random"'):
        reshaped(Awkward(1).capture(), [statement])


def test_a_list_that_copies_its_own_copies_never_ends_in_a_collector():
    # The harness would take all its memory, so the collector is not asked.
    statement = Statement('copy_metric(description="x")', {"description": "x"})
    capture = capture_of_metrics(lambda metric: metric.gauge.data_points.add(time_unix_nano=FIRST))
    with pytest.raises(RecursionError):
        reshaped(capture, [statement])
