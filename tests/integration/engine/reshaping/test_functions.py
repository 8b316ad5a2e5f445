"""Every reshaping function with every option, on awkward telemetry, equals the collector."""

from functools import cache

import pytest
from tests.support.reshaping.running import Statement, config_of, described, reshaped
from tests.support.reshaping.telemetry import DOUBLES, PLAIN, Awkward

from phoenix.telemetry.diff import diff

SEEDS = range(3)
FUNCTIONS = ("sum", "mean", "min", "max", "median", "count")
BOUNDS = {
    "powers of two": (0.0, 1.0, 2.0, 4.0, 8.0),
    "one": (1.0,),
    "roots": (0.5, 0.7071067811865476, 1.4142135623730951, 3.0),
}


def _aggregate(function, written, **attributes):
    text = f'aggregate_on_attributes("{function}"{written})'
    return Statement(text, {"aggregation_function": function, **attributes})


def _rename(function):
    return Statement(
        f'aggregate_on_attribute_value("{function}", "state", ["user", "system", ""], "all")',
        {
            "aggregation_function": function,
            "attribute": "state",
            "values": ("user", "system", ""),
            "new_value": "all",
        },
    )


def _explicit(distribution, bounds):
    return Statement(
        f'convert_exponential_histogram_to_histogram("{distribution}", [{", ".join(map(str, bounds))}])',
        {"distribution_fn": distribution, "explicit_bounds": bounds},
    )


def _merge(target, **method):
    written = f'"{target}"' if isinstance(target, str) else target
    options = "".join(f', "{name}"' for name in method.values())
    return Statement(f"merge_histogram_buckets({written}{options})", {"target_value": target, **method})


CASES = {
    **{f"{function} of all attributes": [_aggregate(function, "")] for function in FUNCTIONS},
    **{f"{function} of no attribute": [_aggregate(function, ", []", attributes=())] for function in FUNCTIONS},
    **{
        f"{function} of one attribute": [_aggregate(function, ', ["state", "none"]', attributes=("state", "none"))]
        for function in FUNCTIONS
    },
    **{f"{function} over values": [_rename(function)] for function in FUNCTIONS},
    "sum of what was scaled": [
        Statement("scale_metric(0.5)", {"multiplier": 0.5}),
        _aggregate("sum", ', ["state"]', attributes=("state",)),
    ],
    "copy under a name": [Statement('copy_metric(name="x")', {"name": "x"}, "sum")],
    "copy under all names": [
        Statement('copy_metric("x", "", "u")', {"name": "x", "description": "", "unit": "u"}, "histogram")
    ],
    "copy under a name of its own": [
        Statement("copy_metric(metric.description)", {"name": described}, "summary"),
        Statement('scale_metric(2.0, "k")', {"multiplier": 2.0, "unit": "k"}, "q"),
    ],
    "copy of a copy": [
        Statement('copy_metric(name="x")', {"name": "x"}, "gauge"),
        Statement('copy_metric(name="y")', {"name": "y"}, "x"),
        Statement('convert_gauge_to_sum("delta", true)', {"string_agg_temp": "delta", "monotonic": True}, "y"),
    ],
    "copy that fails half-way": [
        Statement('copy_metric("x", metric.cache["no"])', {"name": "x", "description": None}, "sum")
    ],
    "scale": [Statement("scale_metric(0.3)", {"multiplier": 0.3})],
    "scale beyond integers": [Statement('scale_metric(10000000000.0, "ms")', {"multiplier": 1e10, "unit": "ms"})],
    "scale to a unit of its own": [
        Statement("scale_metric(1.5, metric.description)", {"multiplier": 1.5, "unit": described})
    ],
    "scale to no unit": [Statement('scale_metric(2.0, metric.cache["no"])', {"multiplier": 2.0, "unit": None})],
    "sum to gauge": [Statement("convert_sum_to_gauge()")],
    "gauge to delta": [
        Statement('convert_gauge_to_sum("delta", true)', {"string_agg_temp": "delta", "monotonic": True})
    ],
    "gauge to cumulative": [
        Statement('convert_gauge_to_sum("cumulative", false)', {"string_agg_temp": "cumulative", "monotonic": False})
    ],
    "count out of all": [Statement("extract_count_metric(true)", {"monotonic": True})],
    "count under no suffix": [
        Statement('extract_count_metric(false, "")', {"monotonic": False, "suffix": ""}, "summary")
    ],
    "sum out of all": [Statement("extract_sum_metric(false)", {"monotonic": False})],
    "sum under a suffix": [Statement('extract_sum_metric(true, ".s")', {"monotonic": True, "suffix": ".s"})],
    "count of summaries": [
        Statement('convert_summary_count_val_to_sum("delta", true)', {"string_agg_temp": "delta", "monotonic": True})
    ],
    "count of summaries under a suffix": [
        Statement(
            'convert_summary_count_val_to_sum("cumulative", false, "")',
            {"string_agg_temp": "cumulative", "monotonic": False, "suffix": ""},
        )
    ],
    "sum of summaries": [
        Statement(
            'convert_summary_sum_val_to_sum("cumulative", false)',
            {"string_agg_temp": "cumulative", "monotonic": False},
        )
    ],
    "sum of summaries under a suffix": [
        Statement(
            'convert_summary_sum_val_to_sum("delta", true, ".s")',
            {"string_agg_temp": "delta", "monotonic": True, "suffix": ".s"},
        )
    ],
    "quantiles": [Statement("convert_summary_quantile_val_to_gauge()")],
    "quantiles in an attribute that stands": [
        Statement('convert_summary_quantile_val_to_gauge("state", "_q")', {"attribute_key": "state", "suffix": "_q"})
    ],
    **{
        f"percentile {written}": [Statement(f"extract_percentile_metric({written})", {"percentile": float(written)})]
        for written in ("50.0", "99.9", "0.00001", "1.5", "99.99999")
    },
    "percentile under a suffix": [
        Statement('extract_percentile_metric(75.0, "_x")', {"percentile": 75.0, "suffix": "_x"})
    ],
    "percentile under no suffix": [
        Statement('extract_percentile_metric(75.0, "")', {"percentile": 75.0, "suffix": ""}, "exponential")
    ],
    **{
        f"exponential to {name} by {distribution}": [_explicit(distribution, bounds)]
        for distribution in ("upper", "midpoint", "uniform")
        for name, bounds in BOUNDS.items()
    },
    "exponential to bounds so wide that chance has no say": [_explicit("random", (1e9, 1e10))],
    "take a bound away": [_merge(1.0)],
    "take a bound away that text says": [_merge("10", method="remove_explicit_bound")],
    "take a bound away that is not there": [_merge(3.0, method="remove_explicit_bound")],
    "at most one bucket": [_merge(1, method="limit_buckets")],
    "at most two buckets": [_merge(2.0, method="limit_buckets")],
    "at most many buckets": [_merge(9223372036854775807, method="limit_buckets")],
}


@cache
def _capture(seed, doubles):
    return Awkward(seed, doubles).capture()


@pytest.mark.parametrize("name", CASES)
def test_equals_the_collector(name, harness):
    statements = CASES[name]
    for seed in SEEDS:
        capture = _capture(seed, PLAIN if "median" in name else DOUBLES)
        expected = harness.evaluate(config_of(statements, "ignore"), capture)
        found = diff(expected, reshaped(capture, statements).capture)
        assert found.equal, (seed, found.counts, [held.words for held in found.differences[:5]])
