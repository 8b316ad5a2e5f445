"""Lists that only add to what stands above leave what a program leaves, and know when to stay away."""

import numpy as np
import pytest
from tests.support.engine.small_frames import group, resources, run, small_frame

from phoenix.engine.frame import Frame, Level
from phoenix.engine.paths.marks import settled, without
from phoenix.engine.statements.accumulating.running import accumulated
from phoenix.engine.statements.failures import Failures
from phoenix.engine.statements.sequential import memory
from phoenix.engine.statements.sequential.running import run_sequentially

MOST = 2**63 - 1
FRAME = small_frame(
    [("a", [1, 0.5, 2, MOST]), ("b", []), ("c", [float("inf"), float("-inf")])], [("a", [4]), ("d", [-0.0])]
)
N, M = 'resource.attributes["n"]', 'resource.attributes["m"]'
BEGIN, ADD = f"set({N}, 0.0) where {N} == nil", f"set({N}, {N} + datapoint.value_double)"
LISTS = (
    [BEGIN, ADD],
    [BEGIN, f"{ADD} where datapoint.value_double > 0.1"],
    [BEGIN, f"set({N}, {N} + datapoint.value_int)"],
    [f"set({N}, 0) where {N} == nil", f"set({N}, {N} + datapoint.value_int)"],
    [f"set({N}, 0) where {N} == nil", ADD],
    [f"set({N}, 0) where {N} == nil", f"set({N}, {N} + 1)", f"set({N}, {N} + 0.5) where datapoint.value_int == 2"],
    [f"set({N}, datapoint.value_int)", f'set({M}, metric.name) where resource.attributes["name"] == "a"'],
    [f"set({N}, datapoint.value_int) where {N} == nil", f"set({M}, datapoint.value_int * 2)"],
    [f"set({N}, datapoint.value_double / 4.0)", f'set({M}, scope.name) where scope.name == ""'],
    ['set(scope.attributes["n"], datapoint.value_int) where datapoint.flags == 0', 'set(scope.attributes["m"], true)'],
    ['set(scope.attributes["n"], datapoint.value_double) where metric.name == "m"'],
    ['set(metric.metadata["n"], datapoint.value_int)'],
    [f"set({N}, metric.name)"],
    [f"set({M}, scope.name) where false"],
)
# Nothing that adds, or something without a plain outcome.
OTHERS = (
    [f"set({N}, {M})", f"set({M}, 1)"],
    [f"set({N}, 1) where {M} == nil", f"set({M}, 1)"],
    [ADD],
    [f"set({N}, 0) where {N} == nil", f"set({N}, {N} + metric.name)"],
    [f'set({N}, Duration("1s"))'],
    [f"set({N}, datapoint.value_int / datapoint.value_int)"],
    [f"set({N}, datapoint.value_int) where 1 / datapoint.value_int == 1"],
    ['set(resource.attributes["name"]["x"], datapoint.value_int)'],
    ["set(scope.name, metric.name)", f"set({N}, datapoint.value_int)"],
    ['set(datapoint.cache["x"], 1)', f'set({N}, datapoint.cache["x"])'],
    [f"set({N}, {number}) where datapoint.value_int == {number}" for number in range(9)],  # noqa: FURB118, RUF100 each is told apart
)
GONE = {
    "a resource": (Level.RESOURCE, 0),
    "a scope": (Level.SCOPE, 0),
    "a metric": (Level.METRIC, 3),
    "points": (Level.POINT, 0),
}


def said(frame: Frame) -> list[object]:
    frame = settled(frame)
    scopes = [frame.pools.scopes[row].attributes for row in frame.scopes.value.tolist()]
    return [resources(frame), scopes, [frame.pools.metrics[row].metadata for row in frame.metrics.value.tolist()]]


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("gone", ["nothing", *GONE])
@pytest.mark.parametrize("statements", LISTS)
def test_a_walk_leaves_what_a_program_leaves(statements, gone, beside, monkeypatch):
    monkeypatch.setattr(memory, "_MANY", 0 if beside else 512)
    frame = FRAME
    if gone in GONE:
        level, row = GONE[gone]
        frame = FRAME.dropping(level, np.arange(FRAME.size(level)) == row)
    for conditions in ([], ["datapoint.value_int != 2"], ['resource.attributes["name"] == "a"', "metric.name == nil"]):
        found = accumulated(frame, group(*statements, conditions=conditions))
        expected = run_sequentially(frame, [group(*statements, conditions=conditions)], Failures())
        assert found is not None
        assert repr(said(found)) == repr(said(expected))


@pytest.mark.parametrize("statements", OTHERS)
def test_what_has_no_plain_outcome_is_left_to_others(statements):
    assert accumulated(FRAME, group(*statements)) is None


def test_a_mark_holds_where_it_was_set_and_what_was_there_before_elsewhere(monkeypatch):
    monkeypatch.setattr(memory, "_MANY", 0)
    frame, _ = run(FRAME, group(f'set({N}, 7) where metric.name == nil or resource.attributes["name"] != "c"'))
    frame, _ = run(frame, group(f'set({N}, datapoint.value_double) where resource.attributes["name"] != "d"'))
    assert frame.marks.keys() == {"n"}
    assert [it.get("n") for it in resources(frame)] == [0, 7, float("-inf"), 0, 7]
    after, _ = run(frame, group(f"set({M}, true) where {N} == 7"))
    assert after.marks.keys() == {"n"}
    assert [it.get("m") for it in resources(after)] == [None, True, None, None, True]
    assert [it.get("n") for it in resources(without(frame, ["n"]))] == [7, 7, None, 7, 7]


@pytest.mark.parametrize(
    ("statement", "is_left"),
    [
        ('delete_key(resource.attributes, "n")', False),
        ('delete_matching_keys(resource.attributes, "^x")', True),
        ('delete_key(resource.attributes, "n") where resource.attributes["name"] == "a"', None),
        ('keep_keys(resource.attributes, [resource.attributes["name"]])', None),
        (f"set({N}, 1)", None),
        ('set(resource.attributes[resource.attributes["name"]], 1)', None),
        ('set(datapoint.attributes["all"], resource.attributes)', None),
        ('delete_key(resource.attributes["n"], "x")', None),
        ('set(scope.name, "s")', True),
    ],
)
def test_marks_stay_go_or_are_settled(statement, is_left, monkeypatch):
    monkeypatch.setattr(memory, "_MANY", 0)
    marked, _ = run(FRAME, group(f"set({N}, datapoint.value_double)"))
    after, _ = run(marked, group(statement))
    assert bool(after.marks) is bool(is_left)
    assert resources(after) == resources(run(settled(marked), group(statement))[0])
