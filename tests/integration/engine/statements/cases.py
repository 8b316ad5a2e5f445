"""Golden cases of statements and conditions: what a reviewer reads to see what is proved against the collector."""

from typing import Final

# One statement each, of any context: every path is read and set, with values of the right and of the wrong type.
STATEMENTS: Final = (
    # Attributes, behind keys of every kind; what fails halfway leaves an empty value behind.
    'set(resource.attributes["new"], "x")',
    'set(resource.attributes["a"], 1)',
    'set(resource.attributes["a"], true) where resource.attributes["a"] == "app1"',
    'set(resource.attributes["nested"]["deep"]["er"], 1.5)',
    'set(resource.attributes["list"][0], "first")',
    'set(resource.attributes["list"][2]["k"], 1)',
    'set(resource.attributes["new"][2], "third")',
    'set(resource.attributes["a"][0], 1)',
    'set(resource.attributes["t"], Now())',
    'set(resource.attributes["t"], UnixNano(Time("Sep 02 10:00:00", "%b %d %H:%M:%S", "UTC")))',
    'set(resource.attributes["t"], [1, Duration("1s")])',
    'set(resource.attributes["t"], [Duration("1s"), 1])',
    'set(resource.attributes["copied"], resource.attributes["nested"])',
    'set(resource.attributes["m"], {"a": [1, {"b": nil}], "c": resource.attributes["b"]})',
    'set(resource.attributes["m"], {"a": resource.attributes["list"]})',
    'set(resource.attributes["nil"], resource.attributes["nowhere"])',
    'set(resource.attributes, {"only": "this"})',
    'set(resource.attributes, "no map")',
    'set(resource.attributes, resource.attributes["nested"])',
    'set(resource.attributes[resource.attributes["process.executable.name"]], "by name")',
    'set(datapoint.attributes[metric.name], "by name")',
    # Who sent a request: nobody, in a replay; and nobody can be set.
    'set(datapoint.attributes["v"], otelcol.client.metadata)',
    'set(datapoint.attributes["v"], true) where otelcol.client.addr == nil',
    'set(datapoint.attributes["v"], true) where otelcol.client.metadata["a"][0]["b"] == nil',
    'set(datapoint.attributes["v"], true) where otelcol.client.auth.attributes[datapoint.count] == nil',
    'set(datapoint.attributes["v"], true) where otelcol.grpc.metadata[datapoint.count] == nil',
    'set(otelcol.client.addr, resource.attributes["a"])',
    'set(otelcol.client.metadata["a"], nil)',
    'set(otelcol.grpc.metadata, {"a": "b"}) where metric.name == "io"',
    "clear(otelcol.client.addr)",
    'delete_key(otelcol.client.auth.attributes, "a")',
    'merge_maps(resource.attributes, otelcol.grpc.metadata, "upsert")',
    "flatten(otelcol.client.metadata)",
    'append(otelcol.client.metadata, "a")',
    'set(datapoint.attributes["v"], datapoint.value_double)',
    'set(datapoint.attributes["v"], datapoint.value_int)',
    'set(datapoint.attributes["both"], Concat([resource.attributes["a"], metric.name, scope.name], "/"))',
    'set(metric.metadata["m"], metric.name)',
    'set(scope.attributes["s"], resource.schema_url)',
    # Fields.
    'set(resource.schema_url, "https://other")',
    "set(resource.schema_url, 1)",
    "set(resource.dropped_attributes_count, 4294967297)",
    "set(resource.dropped_attributes_count, -1)",
    'set(scope.name, "n")',
    "set(scope.version, scope.name)",
    'set(scope.schema_url, "s")',
    "set(scope.dropped_attributes_count, 7)",
    'set(metric.name, Concat(["x", metric.name], "."))',
    "set(metric.description, metric.unit)",
    'set(metric.unit, "By")',
    "set(metric.unit, 1)",
    "set(metric.type, METRIC_DATA_TYPE_GAUGE)",
    "set(metric.aggregation_temporality, AGGREGATION_TEMPORALITY_DELTA)",
    'set(metric.aggregation_temporality, "delta")',
    "set(metric.is_monotonic, false)",
    "set(metric.is_monotonic, 0)",
    # Points: times, flags, values of either type, and what histograms and summaries have.
    "set(datapoint.time, datapoint.start_time)",
    'set(datapoint.time, TruncateTime(datapoint.time, Duration("7s")))',
    "set(datapoint.time, datapoint.time_unix_nano)",
    "set(datapoint.time_unix_nano, datapoint.time_unix_nano + 1000000000)",
    "set(datapoint.start_time_unix_nano, -1)",
    'set(datapoint.start_time, datapoint.time - Duration("10s"))',
    "set(datapoint.flags, 4294967296 + 1)",
    "set(datapoint.flags, datapoint.flags + 1)",
    "set(datapoint.value_double, datapoint.value_double / 3)",
    "set(datapoint.value_double, 1)",
    "set(datapoint.value_double, Double(datapoint.value_int) * 0.1)",
    "set(datapoint.value_int, datapoint.value_int * 9223372036854775807)",
    "set(datapoint.value_int, Int(datapoint.value_double))",
    "set(datapoint.value_int, 7 / datapoint.value_int)",
    "set(datapoint.value_double, 1.5)",
    "set(datapoint.count, datapoint.count + 1)",
    "set(datapoint.count, -1)",
    "set(datapoint.sum, 2.5)",
    "set(datapoint.sum, datapoint.count)",
    "set(datapoint.bucket_counts, [1, 2, 3])",
    "set(datapoint.bucket_counts, [1, 2.0])",
    "set(datapoint.explicit_bounds, [0.5, 1.5])",
    "set(datapoint.explicit_bounds, datapoint.bucket_counts)",
    "set(datapoint.bucket_counts, datapoint.bucket_counts)",
    "set(datapoint.scale, 2147483648)",
    "set(datapoint.zero_count, datapoint.scale)",
    "set(datapoint.positive.offset, -3)",
    "set(datapoint.negative.bucket_counts, [4])",
    'set(datapoint.attributes["bounds"], datapoint.explicit_bounds)',
    'set(datapoint.attributes["counts"], datapoint.bucket_counts)',
    # Editors take what a path holds and put back what they make of it; where nothing changes, nothing is set.
    'replace_pattern(resource.attributes["nowhere"], "a", "b")',
    'replace_pattern(metric.name, "^(.)", "<$$1>")',
    'replace_pattern(datapoint.attributes["a"], "a", "b", SHA256)',
    'delete_key(resource.attributes, "a")',
    'delete_key(resource.attributes["nested"], "a")',
    'delete_key(resource.attributes["a"], "a")',
    'delete_matching_keys(datapoint.attributes, "^[a-m]")',
    'keep_keys(datapoint.attributes, ["a", "state"])',
    'merge_maps(datapoint.attributes, resource.attributes, "insert")',
    'merge_maps(resource.attributes, resource.attributes, "upsert")',
    'append(resource.attributes["list"], resource.attributes["a"])',
    'clear(resource.attributes["nowhere"])',
    "clear(resource.attributes)",
    "clear(datapoint.value_double)",
    "clear(datapoint.time)",
    "clear(metric.unit)",
    # Parts of points, which are only handed on and counted.
    "set(datapoint.exemplars, datapoint.exemplars) where datapoint.exemplars != nil",
    "set(datapoint.positive, datapoint.negative)",
    "set(datapoint.negative, Coalesce([datapoint.positive, datapoint.exemplars]))",
    "set(datapoint.quantile_values, datapoint.quantile_values)",
    "set(datapoint.quantile_values, datapoint.exemplars)",
    "set(datapoint.exemplars, [])",
    "set(metric.data_points, metric.data_points)",
    "set(metric.data_points, 1)",
    'set(datapoint.attributes["v"], datapoint.exemplars)',
    'set(datapoint.attributes["v"], [datapoint.quantile_values, 1])',
    'set(datapoint.attributes["v"], String(datapoint.positive))',
    'set(datapoint.attributes["v"], Concat([datapoint.exemplars, [datapoint.negative]], "/"))',
    'set(datapoint.attributes["v"], Len(datapoint.exemplars))',
    'set(datapoint.attributes["v"], Len(datapoint.positive))',
    'set(datapoint.attributes["v"], IsList(datapoint.quantile_values))',
    'set(datapoint.attributes["v"], IsList(datapoint.positive))',
    'set(datapoint.attributes["v"], IsEmpty(datapoint.exemplars))',
    'set(metric.metadata["n"], Len(metric.data_points))',
    'append(datapoint.attributes["v"], datapoint.exemplars)',
    'append(datapoint.attributes["v"], TraceID("0102030405060708"))',
    'set(datapoint.cache["e"], datapoint.exemplars)',
)

# What stands behind `where`, in front of `set(datapoint.attributes["hit"], true)`.
CONDITIONS: Final = (
    "datapoint.exemplars == datapoint.exemplars",
    "datapoint.positive == datapoint.negative",
    "datapoint.quantile_values != nil",
    "datapoint.positive <= datapoint.positive",
    "metric.data_points == nil",
    "Len(metric.data_points) > 1",
    'resource.attributes["a"] == "app1"',
    'resource.attributes["a"] == nil or resource.attributes["b"] != nil',
    'resource.attributes["nested"]["a"] == nil',
    'resource.attributes["list"][1] == nil',
    'resource.attributes["b"] == 1',
    'resource.attributes["b"] >= 1.0',
    'resource.attributes["b"] < "a"',
    'resource.attributes["list"] == ["a", 1]',
    'resource.attributes["nested"] == {}',
    'datapoint.attributes["a"] == resource.attributes["a"]',
    "datapoint.value_double > 10",
    "datapoint.value_double != datapoint.value_double",
    "datapoint.value_int <= 9007199254740993.0",
    "datapoint.value_double == nil",
    "datapoint.value_int + datapoint.value_double >= 20",
    "-datapoint.value_int < 0 and -(datapoint.value_double) < -1.5",
    'datapoint.time > datapoint.start_time and datapoint.time - datapoint.start_time > Duration("1m")',
    "datapoint.time == datapoint.time_unix_nano",
    "datapoint.start_time_unix_nano == 0 or datapoint.flags == FLAG_NO_RECORDED_VALUE",
    "metric.type == METRIC_DATA_TYPE_SUM and metric.is_monotonic == true",
    "metric.aggregation_temporality == AGGREGATION_TEMPORALITY_DELTA or metric.unit == nil",
    'not (scope.name == "process" and scope.version < "2")',
    'IsMatch(resource.attributes["a"], "^app") and HasPrefix(resource.attributes["a"], "app1")',
    'HasPrefix(resource.attributes["nowhere"], "a") or true',
    'HasPrefix(resource.attributes["nowhere"], "a") or metric.name == "memory"',
    'metric.name == "memory" or HasPrefix(resource.attributes["nowhere"], "a")',
    'metric.name == "memory" and not HasPrefix(resource.attributes["nowhere"], "a")',
    '1 / datapoint.value_int > 0 or metric.name == "memory"',
    'Coalesce([resource.attributes["nowhere"], resource.attributes["a"], 1 / 0]) == "app1"',
    'ParseJSON("{\\"a\\": [1, 2]}")["a"][1] == 2 and ParseJSON("{}")["a"] == nil',
    "Now() > datapoint.time",
    "datapoint.bucket_counts == nil or datapoint.explicit_bounds == [1.0, 5.0]",
    "datapoint.count > 2 or datapoint.scale == 1",
    # Slices of Go have no order, and are equal to no list of telemetry.
    'datapoint.bucket_counts <= datapoint.bucket_counts or Split("a", ",") < Split("b", ",")',
    'datapoint.explicit_bounds != resource.attributes["list"] and datapoint.bucket_counts != Split("a", ",")',
)

# Lists whose rows see what earlier rows wrote; each item is a group or a flat list.
HANDED_ON: Final = (
    # A mark, a sum, a maximum, the last and the first on a parent.
    ['set(resource.attributes["busy"], true) where datapoint.value_double > 10'],
    [
        'set(resource.attributes["sum"], 0.0) where resource.attributes["sum"] == nil',
        'set(resource.attributes["sum"], resource.attributes["sum"] + datapoint.value_double)',
    ],
    [
        (
            'set(resource.attributes["most"], datapoint.value_int) '
            'where resource.attributes["most"] == nil or datapoint.value_int > resource.attributes["most"]'
        ),
    ],
    ['set(resource.attributes["last"], metric.name)'],
    ['set(resource.attributes["first"], metric.name) where resource.attributes["first"] == nil'],
    ["set(scope.name, metric.name)", "set(metric.description, scope.name)"],
    ['set(metric.unit, datapoint.attributes["a"])', 'set(datapoint.attributes["unit"], metric.unit)'],
    ['set(resource.attributes["n"], datapoint.value_int / datapoint.value_int)'],
    ['set(resource.attributes["x"], Duration("1s"))', 'set(datapoint.attributes["x"], resource.attributes["x"])'],
    # Functions of what is handed on go in waves.
    ['set(resource.attributes["all"], Concat([resource.attributes["all"], metric.name], ","))'],
    ['append(resource.attributes["list"], datapoint.value_int)', 'delete_key(resource.attributes, "a")'],
    ['merge_maps(resource.attributes, datapoint.attributes, "upsert")'],
    ["set(resource.attributes[metric.name], datapoint.value_double)"],
    ['set(metric.name, Concat([scope.name, metric.name], "."))', 'replace_pattern(scope.name, "^", "s")'],
)

# Caches that rows and requests share.
SHARED: Final = (
    # A latch, a counter, the latest by key, a map that is replaced while another place still holds it.
    [
        {
            "shared_cache": True,
            "statements": [
                'set(datapoint.attributes["first"], true) where datapoint.cache["seen"] == nil',
                'set(datapoint.cache["seen"], true)',
            ],
        }
    ],
    [
        {
            "shared_cache": True,
            "statements": [
                'set(metric.cache["n"], 0) where metric.cache["n"] == nil',
                'set(metric.cache["n"], metric.cache["n"] + 1)',
                'set(metric.description, "third") where metric.cache["n"] == 3',
                'set(metric.metadata["n"], metric.cache["n"])',
            ],
        }
    ],
    [
        {
            "shared_cache": True,
            "statements": [
                'set(datapoint.attributes["before"], datapoint.cache["by"][metric.name])',
                'set(datapoint.cache["by"][metric.name], datapoint.value_double)',
                'set(datapoint.cache["by"]["deep"][metric.name], datapoint.value_int)',
                'set(datapoint.attributes["deep"], datapoint.cache["by"]["deep"]["memory"])',
            ],
        }
    ],
    [
        {
            "shared_cache": True,
            "conditions": ['metric.name == "cpu.time" or metric.name == "memory"'],
            "statements": [
                'set(datapoint.cache["before"], datapoint.cache["now"]) where datapoint.cache["open"] != true',
                'set(datapoint.cache["now"], {}) where datapoint.cache["open"] != true',
                'set(datapoint.cache["open"], true)',
                (
                    'set(datapoint.attributes["was"], datapoint.cache["before"][metric.name]) '
                    'where datapoint.cache["before"] != nil'
                ),
                'set(datapoint.cache["now"][metric.name], datapoint.time_unix_nano)',
            ],
        },
        {"shared_cache": True, "statements": ['set(datapoint.cache["open"], false)']},
    ],
    # A whole cache behind keys that are worked out; caches of two contexts are two.
    [
        {
            "shared_cache": True,
            "statements": [
                'set(datapoint.attributes["was"], datapoint.cache[metric.name])',
                "set(datapoint.cache[metric.name], datapoint.value_int)",
            ],
        },
        {
            "shared_cache": True,
            "statements": ['set(metric.description, "none") where metric.cache["cpu.time"] == nil'],
        },
    ],
    # Integers that wrap, divisions by zero, texts that are ordered, failures in the middle.
    [
        {
            "shared_cache": True,
            "statements": [
                'set(datapoint.cache["i"], 9223372036854775807) where datapoint.cache["i"] == nil',
                'set(datapoint.cache["i"], datapoint.cache["i"] * 3 + datapoint.value_int - 1)',
                'set(datapoint.cache["q"], datapoint.cache["i"] / datapoint.value_int)',
                (
                    'set(datapoint.cache["least"], metric.name) '
                    'where datapoint.cache["least"] == nil or metric.name < datapoint.cache["least"]'
                ),
                'set(datapoint.attributes["i"], -datapoint.cache["i"])',
                'set(datapoint.attributes["q"], datapoint.cache["q"])',
                'set(datapoint.attributes["least"], datapoint.cache["least"])',
                'set(datapoint.value_int, datapoint.cache["q"]) where not (datapoint.cache["q"] > 5)',
                'set(datapoint.time_unix_nano, datapoint.cache["i"]["no"])',
            ],
        }
    ],
)

# What a kernel cannot do is parted from the rest; a cache that no one sets is empty.
PARTED: Final = (
    [
        {
            "shared_cache": True,
            "statements": [
                'set(datapoint.cache["n"], datapoint.value_int)',
                'replace_pattern(resource.attributes["a"], "a", "bb")',
                'set(datapoint.attributes["n"], datapoint.cache["n"])',
                "delete_matching_keys(scope.attributes, metric.name)",
            ],
        }
    ],
    [
        {
            "shared_cache": True,
            "conditions": ['datapoint.cache["x"] == nil'],
            "statements": [
                'set(resource.attributes["all"], Concat([resource.attributes["all"], metric.name], ","))',
                'flatten(resource.attributes) where datapoint.cache["y"] == nil',
                'set(metric.description, "d")',
            ],
        }
    ],
    [
        'set(otelcol.client.addr, resource.attributes["x"]) where resource.attributes["x"] != nil',
        'set(resource.attributes["x"], metric.name)',
    ],
    [
        'set(resource.attributes["x"], Concat([resource.attributes["x"], metric.name], ""))',
        'set(scope.attributes["y"], metric.name)',
        'set(metric.description, Concat([metric.name, "!"], ""))',
        'aggregate_on_attributes("sum", []) where metric.type == METRIC_DATA_TYPE_SUM',
    ],
)

# What no kernel can do and nothing parts is run row by row, if there is little of it.
SINGLY: Final = (
    [
        {
            "shared_cache": True,
            "statements": [
                'set(datapoint.cache["all"], Concat([datapoint.cache["all"], metric.name], ","))',
                'set(datapoint.attributes["all"], datapoint.cache["all"])',
                'set(resource.attributes["seen"], Len(datapoint.cache["all"])) where datapoint.value_int != 0',
                'replace_pattern(datapoint.cache["all"], "cpu", "c") where metric.name == "io"',
            ],
        },
        {"statements": ['set(datapoint.cache["own"], 1)', 'set(datapoint.attributes["own"], datapoint.cache)']},
        {
            "shared_cache": True,
            "context": "metric",
            "statements": [
                'set(cache["last"], metadata)',
                'set(description, "has") where HasPrefix(name, "c") and cache["last"] != nil',
                "delete_matching_keys(cache, unit)",
            ],
        },
        {"shared_cache": True, "statements": ['set(datapoint.attributes["size"], Len(datapoint.cache))']},
    ],
    [
        {
            "shared_cache": True,
            "statements": [
                "set(resource.cache, resource.attributes)",
                'merge_maps(resource.attributes, resource.cache, "insert")',
                'set(resource.attributes["was"], resource.cache["before"])',
                'set(resource.cache["before"], Keys(resource.cache))',
            ],
        }
    ],
)

# A cache of each row's own is a variable.
OWN_CACHE: Final = (
    ['set(datapoint.cache["x"], datapoint.value_double * 2)', 'set(datapoint.value_double, datapoint.cache["x"])'],
    [
        'merge_maps(datapoint.cache, resource.attributes, "upsert")',
        'set(datapoint.attributes["a"], datapoint.cache["a"])',
        'delete_key(datapoint.cache, "a")',
        'set(datapoint.attributes["gone"], true) where datapoint.cache["a"] == nil',
    ],
    ['set(metric.cache["a"]["b"], metric.name)', 'set(metric.description, metric.cache["a"]["b"])'],
    ['set(datapoint.cache["t"], Now())', 'set(datapoint.attributes["t"], true) where datapoint.cache["t"] == nil'],
    ['set(datapoint.cache, {"a": 1})', 'set(datapoint.attributes["a"], datapoint.cache["a"])'],
    [
        'set(datapoint.cache["x"], resource.attributes["a"])',
        'replace_pattern(datapoint.cache["x"], "a", "b")',
        'set(datapoint.attributes["x"], datapoint.cache["x"])',
    ],
)

# Metric functions in lists: the metrics a list makes run the whole list, too.
MAKING: Final = (
    ['copy_metric(name="copied") where metric.name == "memory"', 'set(metric.description, "both")'],
    [
        'copy_metric(name=Concat([metric.name, "x"], "")) where not HasSuffix(metric.name, "xx")',
        'set(metric.unit, "1") where HasSuffix(metric.name, "x")',
    ],
    ['set(metric.cache["n"], metric.name)', "extract_sum_metric(true)", 'set(metric.description, metric.cache["n"])'],
    ['aggregate_on_attributes("sum", ["state"]) where metric.type == METRIC_DATA_TYPE_SUM', 'set(metric.unit, "u")'],
    [
        'scale_metric(2.0) where metric.name == "memory"',
        'set(resource.attributes["m"], true) where metric.name == "io"',
    ],
    [
        'convert_summary_count_val_to_sum("delta", true)',
        'set(metric.metadata["m"], 1) where metric.name == "io"',
    ],
    ["merge_histogram_buckets(1.0)", 'set(datapoint.attributes["x"], 1)'],
)

# A list that asks about all points of a metric, and hands on what it writes.
ASKING_BELOW: Final = (
    [
        {
            "context": "metric",
            "conditions": ['HasAttrKeyOnDatapoint("a")', "Len(metric.data_points) == 2"],
            "statements": ['set(resource.attributes["x"], Concat([resource.attributes["x"], metric.name], ""))'],
        }
    ],
    ['set(resource.attributes["n"], Len(metric.data_points))', 'aggregate_on_attributes("sum", [])'],
    [
        'set(datapoint.attributes["n"], Len(metric.data_points))',
        'append(resource.attributes["x"], metric.name) where Len(metric.data_points) > 1',
    ],
)

# Metric functions among statements that hand on what they write: what is made has its turn behind what was there.
GROWING: Final = (
    ["scale_metric(2.0)", 'set(resource.attributes["unit"], metric.unit)'],
    [
        'set(scope.attributes["n"], resource.attributes["last"])',
        'copy_metric(name=Concat([metric.name, "x"], "")) where not HasSuffix(metric.name, "xx")',
        'set(resource.attributes["last"], metric.name)',
    ],
    [
        'set(metric.description, resource.attributes["last"]) where resource.attributes["last"] != metric.name',
        "extract_count_metric(true)",
        'append(resource.attributes["last"], metric.name)',
        "delete_key(resource.attributes, metric.name)",
    ],
    [
        'set(scope.name, Concat([scope.name, metric.name], "/")) where Len(scope.name) < 20',
        'aggregate_on_attributes("sum", [])',
        "extract_sum_metric(false)",
        'convert_summary_quantile_val_to_gauge() where scope.name != ""',
    ],
    ['convert_summary_count_val_to_sum("delta", true)', 'set(datapoint.attributes["a"], 1)'],
    [
        "set(datapoint.count, datapoint.count + 1)",
        'convert_summary_count_val_to_sum("cumulative", false) where datapoint.count > 3',
        'set(datapoint.attributes["v"], metric.name)',
        'convert_summary_sum_val_to_sum("delta", true, ".s")',
    ],
    [
        'set(metric.name, Concat([metric.name, "z"], "")) where Len(metric.name) < 20',
        'convert_summary_sum_val_to_sum("delta", true)',
        "keep_keys(datapoint.attributes, [metric.name])",
    ],
    [
        "merge_histogram_buckets(resource.attributes[metric.name])",
        'merge_histogram_buckets(2, "limit_buckets") where datapoint.count > 3',
        'set(resource.attributes["latency"], 1.0)',
    ],
    [
        {
            "conditions": ['resource.attributes["last"] == nil', "datapoint.count > 0"],
            "statements": [
                'set(resource.attributes["last"], datapoint.count)',
                'convert_summary_count_val_to_sum("delta", true)',
            ],
        }
    ],
    [
        {
            "shared_cache": True,
            "statements": [
                'set(metric.metadata["seen"], metric.cache["all"])',
                "extract_sum_metric(true)",
                'set(metric.cache["all"], Concat([metric.cache["all"], metric.name], ","))',
            ],
        }
    ],
)
