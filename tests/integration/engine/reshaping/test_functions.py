"""Every reshaping function with every option, on awkward telemetry, equals the collector."""

from functools import cache

import pytest
from tests.support.reshaping.running import Statement, config_of
from tests.support.reshaping.telemetry import DOUBLES, PLAIN, Awkward

from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.telemetry.diff import diff

SEEDS = range(3)
FUNCTIONS = ("sum", "mean", "min", "max", "median", "count")
BOUNDS = {
    "powers of two": "0.0, 1.0, 2.0, 4.0, 8.0",
    "one": "1.0",
    "roots": "0.5, 0.7071067811865476, 1.4142135623730951, 3.0",
}


def _aggregate(function, written=""):
    return Statement(f'aggregate_on_attributes("{function}"{written})')


CASES = {
    **{f"{function} of all attributes": [_aggregate(function)] for function in FUNCTIONS},
    **{f"{function} of no attribute": [_aggregate(function, ", []")] for function in FUNCTIONS},
    **{f"{function} of one attribute": [_aggregate(function, ', ["state", "none"]')] for function in FUNCTIONS},
    **{
        f"{function} over values": [
            Statement(f'aggregate_on_attribute_value("{function}", "state", ["user", "system", ""], "all")')
        ]
        for function in FUNCTIONS
    },
    "sum of what was scaled": [Statement("scale_metric(0.5)"), _aggregate("sum", ', ["state"]')],
    "copy under a name": [Statement('copy_metric(name="x")', "sum")],
    "copy under all names": [Statement('copy_metric("x", "", "u")', "histogram")],
    "copy under a name of its own": [
        Statement("copy_metric(metric.description)", "summary"),
        Statement('scale_metric(2.0, "k")', "q"),
    ],
    "copy of a copy": [
        Statement('copy_metric(name="x")', "gauge"),
        Statement('copy_metric(name="y")', "x"),
        Statement('convert_gauge_to_sum("delta", true)', "y"),
    ],
    "copy that fails half-way": [Statement('copy_metric("x", metric.cache["no"])', "sum")],
    "copy that is aggregated": [Statement('copy_metric(name="x")', "sum"), _aggregate("sum", ", []")],
    "scale": [Statement("scale_metric(0.3)")],
    "scale beyond integers": [Statement('scale_metric(10000000000.0, "ms")')],
    "scale to a unit of its own": [Statement("scale_metric(1.5, metric.description)")],
    "scale to no unit": [Statement('scale_metric(2.0, metric.cache["no"])')],
    "sum to gauge": [Statement("convert_sum_to_gauge()")],
    "gauge to delta": [Statement('convert_gauge_to_sum("delta", true)')],
    "gauge to cumulative": [Statement('convert_gauge_to_sum("cumulative", false)')],
    "count out of all": [Statement("extract_count_metric(true)")],
    "count under no suffix": [Statement('extract_count_metric(false, "")', "summary")],
    "sum out of all": [Statement("extract_sum_metric(false)")],
    "sum under a suffix": [Statement('extract_sum_metric(true, ".s")')],
    "count of summaries": [Statement('convert_summary_count_val_to_sum("delta", true)')],
    "count of summaries under a suffix": [Statement('convert_summary_count_val_to_sum("cumulative", false, "")')],
    "sum of summaries": [Statement('convert_summary_sum_val_to_sum("cumulative", false)')],
    "sum of summaries under a suffix": [Statement('convert_summary_sum_val_to_sum("delta", true, ".s")')],
    "quantiles": [Statement("convert_summary_quantile_val_to_gauge()")],
    "quantiles in an attribute that stands": [Statement('convert_summary_quantile_val_to_gauge("state", "_q")')],
    **{
        f"percentile {written}": [Statement(f"extract_percentile_metric({written})")]
        for written in ("50.0", "99.9", "0.00001", "1.5", "99.99999")
    },
    "percentile under a suffix": [Statement('extract_percentile_metric(75.0, "_x")')],
    "percentile under no suffix": [Statement('extract_percentile_metric(75.0, "")', "exponential")],
    **{
        f"exponential to {name} by {distribution}": [
            Statement(f'convert_exponential_histogram_to_histogram("{distribution}", [{bounds}])')
        ]
        for distribution in ("upper", "midpoint", "uniform")
        for name, bounds in BOUNDS.items()
    },
    "exponential to bounds so wide that chance has no say": [
        Statement('convert_exponential_histogram_to_histogram("", [1000000000.0, 10000000000.0])')
    ],
    "take a bound away": [Statement("merge_histogram_buckets(1.0)")],
    "take a bound away that text says": [Statement('merge_histogram_buckets("10", "remove_explicit_bound")')],
    "take a bound away that is not there": [Statement('merge_histogram_buckets(3.0, "remove_explicit_bound")')],
    "take the bound away that a point names": [Statement('merge_histogram_buckets(datapoint.attributes["cpu"])')],
    "at most one bucket": [Statement('merge_histogram_buckets(1, "limit_buckets")')],
    "at most two buckets": [Statement('merge_histogram_buckets(2.0, "limit_buckets")')],
    "at most many buckets": [Statement('merge_histogram_buckets(9223372036854775807, "limit_buckets")')],
    "at most as many buckets as it has points": [
        Statement('merge_histogram_buckets(datapoint.count, "limit_buckets")')
    ],
}


@cache
def _capture(seed, doubles):
    return Awkward(seed, doubles).capture()


@pytest.mark.parametrize("name", CASES)
def test_equals_the_collector(name, harness):
    statements = CASES[name]
    for seed in SEEDS:
        capture = _capture(seed, PLAIN if "median" in name else DOUBLES)
        config = config_of(statements, "ignore")
        found = diff(harness.evaluate(config, capture), ColumnarEvaluator().evaluate(config, capture))
        assert found.equal, (seed, found.counts, [held.words for held in found.differences[:5]])
