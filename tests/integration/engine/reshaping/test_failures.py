"""Where the collector reports an error, crashes or does not start, the engine says so too."""

import pytest
from tests.support.reshaping.running import Statement, config_of
from tests.support.reshaping.telemetry import Awkward, attributes_of, capture_of_metrics

from phoenix.collector.errors import ConfigRefusedError, EvaluationFailedError, UnsupportedComponentError
from phoenix.engine.evaluator import ColumnarEvaluator

SUM_OF_ALL = Statement('aggregate_on_attributes("sum")')
FAILING = {
    "aggregating summaries": (Statement(SUM_OF_ALL.text, "summary"), "Summary"),
    "scaling exponential histograms": (Statement("scale_metric(2.0)", "exponential"), "exponential histograms"),
    "scaling what has no type": (Statement("scale_metric(2.0)", "untyped"), "not supported"),
    "scaling to no unit": (Statement('scale_metric(2.0, metric.cache["no"])', "gauge"), "could not get unit"),
    "counts of gauges": (Statement("extract_count_metric(true)", "gauge"), "got Gauge"),
    "sums of what has no temporality": (Statement("extract_sum_metric(true)", "histogram"), "Histogram"),
    "a copy under no name": (Statement('copy_metric("x", metric.cache["no"])', "sum"), "nil"),
    "a limit of half a bucket": (
        Statement('merge_histogram_buckets(Double("0.5"), "limit_buckets")'),
        "positive integer",
    ),
    "a bound that is nil": (Statement('merge_histogram_buckets(datapoint.attributes["none"])'), "must not be nil"),
    "percentiles of buckets without bounds": (Statement("extract_percentile_metric(50.0)", "m0"), "malformed"),
}
REFUSED = (
    'aggregate_on_attributes("first")',
    'aggregate_on_attribute_value("p99", "a", ["b"], "c")',
    'convert_gauge_to_sum("unspecified", true)',
    'convert_summary_sum_val_to_sum("", true)',
    "extract_percentile_metric(0.0)",
    "extract_percentile_metric(100.0)",
    'convert_exponential_histogram_to_histogram("lower", [1.0])',
    'convert_exponential_histogram_to_histogram("upper", [])',
    'merge_histogram_buckets(1.0, "halve")',
    "merge_histogram_buckets(nil)",
    'merge_histogram_buckets(0, "limit_buckets")',
    'merge_histogram_buckets(1.5, "limit_buckets")',
)


def _awkward(name):
    if name.startswith("percentiles"):
        return capture_of_metrics(lambda metric: metric.histogram.data_points.add(count=1, bucket_counts=[1, 0]))
    return Awkward(1).capture()


@pytest.mark.parametrize("name", FAILING)
def test_an_error_of_the_collector_is_reported_with_its_reason(name, harness):
    statement, reason = FAILING[name]
    capture, config = _awkward(name), config_of([statement])
    with pytest.raises(EvaluationFailedError) as expected:
        harness.evaluate(config, capture)
    with pytest.raises(EvaluationFailedError, match=reason) as found:
        ColumnarEvaluator().evaluate(config, capture)
    assert found.value.details["request"] == expected.value.details["request"]


@pytest.mark.parametrize("text", REFUSED)
def test_arguments_that_the_collector_does_not_start_with_are_refused(text, harness):
    config, capture = config_of([Statement(text)]), capture_of_metrics()
    for evaluator in (harness, ColumnarEvaluator()):
        with pytest.raises(ConfigRefusedError):
            evaluator.evaluate(config, capture)


def test_a_histogram_added_to_one_of_fewer_buckets_crashes_a_collector(harness):
    def fill(metric):
        for bounds in ((1.0,), (1.0, 2.0)):
            point = metric.histogram.data_points.add(
                count=1, explicit_bounds=bounds, bucket_counts=[1] * (len(bounds) + 1)
            )
            point.attributes.extend(attributes_of([("a", float("nan"))]))

    capture, config = capture_of_metrics(fill), config_of([SUM_OF_ALL])
    with pytest.raises(EvaluationFailedError, match="index out of range"):
        harness.evaluate(config, capture)
    with pytest.raises(UnsupportedComponentError, match="fewer buckets"):
        ColumnarEvaluator().evaluate(config, capture)


def test_a_bucket_without_bounds_crashes_a_collector_that_spreads_it(harness):
    def fill(metric):
        point = metric.exponential_histogram.data_points.add(count=1, scale=-1100)
        point.positive.bucket_counts.append(1)

    capture = capture_of_metrics(fill)
    config = config_of([Statement('convert_exponential_histogram_to_histogram("uniform", [1.0])')])
    with pytest.raises(EvaluationFailedError, match="index out of range"):
        harness.evaluate(config, capture)
    with pytest.raises(UnsupportedComponentError, match="crashes"):
        ColumnarEvaluator().evaluate(config, capture)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('convert_exponential_histogram_to_histogram("random", [1.0, 2.0])', '"random"'),
        # The harness would take all its memory, so the collector is not asked.
        ('copy_metric(description="x")', "every metric it has made"),
    ],
)
def test_what_chance_decides_and_what_never_ends_is_refused_by_name(text, reason):
    with pytest.raises(UnsupportedComponentError, match=reason):
        ColumnarEvaluator().evaluate(config_of([Statement(text)]), Awkward(1).capture())
