"""Lists that only add to what stands above, and the numbers they leave beside the pool, against the collector."""

import pytest
from tests.integration.engine.statements.outcomes import agree, config

from phoenix.engine.evaluator import ColumnarEvaluator
from phoenix.engine.statements import running as lists
from phoenix.engine.statements.accumulating.running import accumulated
from phoenix.engine.statements.sequential import memory

A, B = 'resource.attributes["sum"]', 'resource.attributes["n"]'
SET_A, SUM_A = f"set({A}, 0.0) where {A} == nil", f"set({A}, {A} + datapoint.value_double)"
NAMED = 'metric.name == "cpu"'

# Lists that are run by walking the tree, if nothing in them fails.
LISTS = (
    [SET_A, SUM_A],
    [f"{SET_A} and {NAMED}", f"{SUM_A} where {NAMED}", f"set({B}, datapoint.value_int) where not ({NAMED})"],
    [f"set({A}, 0) where {A} == nil", f"set({A}, {A} + datapoint.value_int)"],
    [f"set({A}, 0) where {A} == nil", f"set({A}, {A} + 1)"],
    [f"set({A}, 9223372036854775807) where {A} == nil", f"set({A}, {A} + datapoint.value_int)"],
    [f"set({A}, 0) where {A} == nil", SUM_A],
    [SET_A, f"set({A}, {A} + datapoint.value_int)"],
    [SET_A, f"set({A}, {A} + datapoint.value_double / 3.0) where datapoint.value_double > 0.5"],
    [SET_A, SUM_A, f"set({A}, datapoint.value_int) where {NAMED}", f"set({A}, {A} + 0.1)"],
    [f"set({A}, datapoint.value_double) where {A} == nil", SUM_A],
    [f"set({A}, datapoint.value_double)", f'set({B}, datapoint.attributes["a"])', f"set({B}, datapoint.value_int)"],
    [f'set({A}, datapoint.attributes["a"]) where {A} == nil', f"set({B}, nil)"],
    [f"set({A}, metric.name) where datapoint.value_double > 1", f"set({A}, datapoint.value_int)"],
    ['set(scope.attributes["s"], datapoint.value_double)', 'set(scope.attributes["t"], metric.unit)'],
    [
        f"set({A}, 1) where {A} == nil",
        f'set({A}, {A} + 2) where metric.type == METRIC_DATA_TYPE_SUM and scope.name != ""',
    ],
    ['set(metric.metadata["last"], datapoint.value_int) where datapoint.flags == 0'],
    # These fail somewhere, or hold what only Python knows.
    [SUM_A],
    ['set(resource.attributes["a"], resource.attributes["a"] + datapoint.value_double)'],
    [SET_A, f"set({A}, {A} + metric.name)"],
    [f'set({A}, Duration("1s"))'],
    [f'set({A}, datapoint.attributes["list"])'],
    [f"set({A}, datapoint.value_int / datapoint.value_int)"],
    [f"{SUM_A} where {A} == nil"],
)
# What comes behind numbers beside the pool.
LATER = (
    [f"set({B}, true) where {A} > 1.0", f"set(datapoint.value_double, {A} * 2.0) where {A} != nil"],
    [f'delete_key(resource.attributes, "sum") where {A} > 1.0'],
    ['delete_key(resource.attributes, "sum")', f'set({B}, "none") where {A} == nil'],
    ['keep_matching_keys(resource.attributes, "^s")'],
    ['keep_keys(resource.attributes, [metric.name, "sum"]) where metric.name == "cpu"'],
    ['delete_matching_keys(resource.attributes, resource.attributes["a"])'],
    [SUM_A],
    [f"set({A}, 1) where {A} < 2", f"set({B}, {A} + 1)"],
    [f'set({A}["deep"], 1)', f'set({B}, {A}["deep"])'],
    ['set(datapoint.attributes["all"], resource.attributes)'],
    [f"set({B}, resource.attributes[metric.name])"],
    [f'set(resource.attributes["text"], Concat([String({A}), metric.name], "/"))'],
    [f'copy_metric(name="copied") where {A} > 1.0 and metric.name != "copied"'],
    [{"shared_cache": True, "statements": [f'set(datapoint.cache["n"], {A})', f'set({B}, datapoint.cache["n"])']}],
    [f"append({B}, {A})", 'set(datapoint.attributes["n"], resource.attributes["n"])'],
)


@pytest.fixture(scope="module")
def both(harness):
    return harness, ColumnarEvaluator()


@pytest.fixture
def beside(monkeypatch):
    """However few numbers there are, they stand beside the pool."""
    monkeypatch.setattr(memory, "_MANY", 0)


@pytest.mark.parametrize("mode", ["ignore", "propagate"])
@pytest.mark.parametrize(
    "conditions", [[], ['resource.attributes["process.executable.name"] != nil', "datapoint.flags > 1"]]
)
@pytest.mark.parametrize("statements", LISTS)
def test_rows_give_what_they_give_in_the_collector(both, odd_capture, statements, conditions, mode):
    group = {"statements": statements, "conditions": conditions}
    assert agree(both, {"transform": {"error_mode": mode, "metric_statements": [group]}}, odd_capture)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("first", [LISTS[0], LISTS[1], LISTS[6]])
def test_numbers_beside_the_pool_are_attributes_like_others(both, odd_capture, first, later):
    processors = {
        "filter/before": {"metric_conditions": ["datapoint.value_int == 1"]},
        "transform/first": {"metric_statements": first},
        "filter/between": {"metric_conditions": [f"{A} < 0.5", f'resource.attributes["b"] == 1 and {B} != nil']},
        "transform/later": {"metric_statements": later},
        "filter/after": {"metric_conditions": [f"{A} >= 100.0 or {B} == true"]},
    }
    assert agree(both, processors, odd_capture)


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize("processor", ["groupbyattrs", "batch", "resource", "metricstransform", "nothing"])
def test_other_processors_see_numbers_beside_the_pool(both, odd_capture, processor):
    settings = {
        "groupbyattrs": {"keys": ["a"]},
        "batch": {},
        "resource": {"attributes": [{"key": "twice", "from_attribute": "sum", "action": "insert"}]},
        "metricstransform": {"transforms": [{"include": "cpu", "action": "update", "new_name": "cpu2"}]},
    }
    processors = {"transform": {"metric_statements": LISTS[0]}}
    processors |= {processor: settings[processor]} if processor in settings else {}
    assert agree(both, processors, odd_capture)


def test_a_list_that_adds_needs_no_program(both, reference_capture, monkeypatch):
    done = []

    def noted(*given):
        done.append(accumulated(*given))
        return done[-1]

    monkeypatch.setattr(lists, "accumulated", noted)
    both[1].run(config({"transform": {"metric_statements": LISTS[1]}}), reference_capture)
    assert [frame is not None for frame in done] == [True]
