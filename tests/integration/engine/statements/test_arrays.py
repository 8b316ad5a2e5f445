"""Columns that are arrays of numbers do what the collector does, where they meet what is no such number."""

import pytest
from tests.integration.engine.statements.outcomes import agree

from phoenix.engine.paths import writing

LISTS = {
    "times cut to steps that are none": [
        'set(datapoint.attributes["zero"], UnixNano(TruncateTime(datapoint.time, Duration("0s"))))',
        'set(datapoint.attributes["back"], UnixNano(TruncateTime(datapoint.time, Duration("-7s"))))',
    ],
    "numbers that are of the type that is asked for": [
        'set(datapoint.attributes["int"], Int(datapoint.flags))',
        'set(datapoint.attributes["double"], Double(Double(datapoint.flags)))',
    ],
    "signs of what has none": [
        'set(datapoint.attributes["time"], -(datapoint.time))',
        'set(datapoint.attributes["duration"], Nanoseconds(-(datapoint.time - datapoint.start_time)))',
        'set(datapoint.attributes["text"], -(metric.name))',
    ],
    "integers over integers": [
        'set(datapoint.cache["v"], datapoint.flags)',
        'set(datapoint.cache["v"], datapoint.time_unix_nano) where metric.name == "memory"',
        'set(datapoint.attributes["v"], datapoint.cache["v"] + 1)',
    ],
    "doubles over integers": [
        'set(datapoint.cache["v"], datapoint.flags - 3)',
        'set(datapoint.cache["v"], Double(datapoint.flags) * 0.5 - 1.25) where metric.name == "memory"',
        'set(datapoint.attributes["minus"], -(datapoint.cache["v"]))',
        'set(datapoint.attributes["half"], datapoint.cache["v"] / 2)',
        'set(datapoint.attributes["parts"], 7 / datapoint.cache["v"])',
        'set(datapoint.attributes["int"], Int(datapoint.cache["v"]))',
        'set(datapoint.attributes["above"], true) where datapoint.cache["v"] > -2',
    ],
    "values of either type over each other": [
        'set(datapoint.cache["v"], datapoint.value_int)',
        'set(datapoint.cache["v"], datapoint.value_double) where datapoint.value_double > 10',
        'set(datapoint.attributes["v"], datapoint.cache["v"])',
        'set(datapoint.attributes["minus"], -(datapoint.cache["v"]))',
    ],
    "texts over numbers": [
        'set(datapoint.cache["v"], datapoint.flags)',
        'set(datapoint.cache["v"], metric.name) where metric.name == "memory"',
        'set(datapoint.attributes["v"], datapoint.cache["v"])',
        'set(datapoint.attributes["sum"], datapoint.cache["v"] + 1)',
    ],
    "fields of histograms from what is nothing or something else": [
        *("clear(datapoint.bucket_counts)", "clear(datapoint.explicit_bounds)", "clear(datapoint.count)"),
        *("clear(datapoint.positive.bucket_counts)", "clear(datapoint.scale)", "clear(datapoint.sum)"),
        *("set(datapoint.bucket_counts, metric.name)", "set(datapoint.explicit_bounds, metric.name)"),
        *("set(datapoint.explicit_bounds, [1, 2])", 'set(datapoint.explicit_bounds, Split("1,2", ","))'),
        *("set(datapoint.bucket_counts, datapoint.explicit_bounds)", "set(datapoint.bucket_counts, [true])"),
    ],
    "fields of nodes from nothing": [
        *("clear(scope.name)", "clear(resource.schema_url)", "clear(resource.dropped_attributes_count)"),
        *("clear(metric.is_monotonic)", "clear(metric.aggregation_temporality)", "clear(metric.metadata)"),
        "clear(scope.attributes)",
    ],
    "a map into itself": [
        'merge_maps(datapoint.attributes, datapoint.attributes, "insert")',
        'merge_maps(datapoint.attributes, datapoint.attributes, "update")',
        'merge_maps(datapoint.attributes, datapoint.attributes, "upsert")',
    ],
    "zones of this machine": [
        'set(datapoint.attributes["t"], UnixNano(Time("2026-01-02 03:04", "%F %R", "Local")))',
    ],
}
CONDITIONS = (
    "datapoint.flags == true or datapoint.flags != metric.name",
    "datapoint.time == datapoint.flags or datapoint.time != nil",
    "datapoint.flags + datapoint.time_unix_nano > 5 and datapoint.flags + 0.5 < 2",
    'datapoint.value_int == datapoint.attributes["a"] or datapoint.value_int > true',
    "datapoint.time - datapoint.start_time == datapoint.time_unix_nano - datapoint.start_time_unix_nano",
)


@pytest.mark.parametrize("mode", ["ignore", "propagate"])
@pytest.mark.parametrize("statements", LISTS.values(), ids=list(LISTS))
def test_statements_do_what_the_collector_does(harness, columnar, odd_capture, statements, mode):
    processors = {"transform": {"error_mode": mode, "metric_statements": statements}}
    assert agree((harness, columnar), processors, odd_capture)


@pytest.mark.parametrize("statements", LISTS.values(), ids=list(LISTS))
def test_statements_do_the_same_where_values_are_only_promised(harness, columnar, odd_capture, statements, monkeypatch):
    # As they are with much telemetry; what is set is then read, set again and taken away.
    monkeypatch.setattr(writing, "_MANY", 0)
    after = [
        'set(datapoint.attributes["v"], datapoint.attributes["minus"]) where datapoint.attributes["v"] != nil',
        'set(datapoint.attributes["a"], datapoint.flags) where datapoint.attributes["a"] != nil',
        'set(datapoint.attributes["a"], datapoint.value_double)',
        'set(datapoint.attributes["deep"], datapoint.attributes["a"]["b"])',
        'delete_key(datapoint.attributes, "v") where datapoint.attributes["a"] == 1',
    ]
    processors = {"transform/a": {"metric_statements": statements}, "transform/b": {"metric_statements": after}}
    assert agree((harness, columnar), processors, odd_capture)


def test_conditions_hold_where_the_collector_says_so(harness, columnar, odd_capture):
    statements = [
        f'set(datapoint.attributes["c{number}"], true) where {text}' for number, text in enumerate(CONDITIONS)
    ]
    assert agree((harness, columnar), {"transform": {"metric_statements": statements}}, odd_capture)
