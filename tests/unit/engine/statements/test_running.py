"""Lists of statements, however they are run, leave what row by row would have left."""

import numpy as np
import pytest
from tests.support.engine.small_frames import group, points, resources, run, small_frame

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.statements.group import ErrorMode
from phoenix.engine.statements.sequential import values

TWO = small_frame([("a", [1, 5, 2]), ("b", [])], [("a", [4])])


def test_a_list_of_its_own_level_changes_only_that_level():
    frame, _ = run(TWO, group('set(resource.attributes["x"], Concat([resource.attributes["name"], "!"], ""))'))
    assert [it["x"] for it in resources(frame)] == ["a!", "b!", "a!"]
    assert frame.points is TWO.points


def test_what_rows_share_is_changed_once():
    frame, _ = run(TWO, group('set(resource.attributes["x"], 1)'))
    assert frame.resources.value[0] == frame.resources.value[2]
    assert "x" not in dict(TWO.pools.resources[int(TWO.resources.value[0])].attributes.pairs)


def test_rows_add_to_what_earlier_rows_of_their_resource_left():
    statements = (
        'set(resource.attributes["sum"], 0) where resource.attributes["sum"] == nil',
        'set(resource.attributes["sum"], resource.attributes["sum"] + datapoint.value_int)',
    )
    frame, _ = run(TWO, group(*statements))
    assert [it.get("sum") for it in resources(frame)] == [8, None, 4]


def test_functions_of_what_rows_hand_on_run_in_waves():
    frame, _ = run(
        TWO,
        group('set(resource.attributes["all"], Concat([resource.attributes["all"], String(datapoint.value_int)], ""))'),
    )
    assert [it.get("all") for it in resources(frame)] == ["<nil>152", None, "<nil>4"]


def test_a_shared_cache_lives_on_from_request_to_request_and_from_group_to_group():
    count = group('set(datapoint.cache["n"], datapoint.value_int)', shared=True)
    show = group('set(datapoint.attributes["last"], datapoint.cache["n"])', shared=True)
    assert [it["last"] for it in points(run(TWO, count, show)[0])] == [2, 2, 2, 4]
    assert [it.get("last") for it in points(run(TWO, show, count)[0])] == [None, None, None, 2]


def test_maps_in_a_shared_cache_are_copied_when_they_are_set_elsewhere():
    statements = (
        'set(datapoint.cache["now"]["k"], datapoint.value_int)',
        'set(datapoint.cache["before"], datapoint.cache["now"]) where datapoint.value_int == 5',
        'set(datapoint.attributes["before"], datapoint.cache["before"]["k"]) where datapoint.cache["before"] != nil',
    )
    frame, _ = run(TWO, group(*statements, shared=True))
    assert [it.get("before") for it in points(frame)] == [None, 5, 5, 5]


def test_functions_of_what_a_shared_cache_holds_are_called_row_by_row():
    keep = group(
        'set(metric.cache["met"], Concat([metric.cache["met"], "m"], "")) where resource.attributes["name"] == "a"',
        'set(metric.description, metric.cache["met"])',
        'set(metric.metadata["n"], 1) where metric.cache["n"] == nil',
        'set(metric.cache["n"], Len([metric.cache["met"]]))',
        shared=True,
    )
    mark = group(
        'set(datapoint.attributes["at"], String(datapoint.value_int)) where datapoint.cache == {}', shared=True
    )
    own = group('set(metric.cache["k"], 1)', 'set(metric.unit, "own") where metric.cache["met"] == nil')
    frame, _ = run(TWO, mark, keep, own)
    metrics = [frame.pools.metrics[int(value)] for value in frame.metrics.value]
    assert [it.description for it in metrics] == ["<nil>m", "<nil>m", "<nil>mm"]
    assert [dict(it.metadata.pairs).get("n") for it in metrics] == [1, None, None]
    assert {it.unit for it in metrics} == {"own"}


def test_more_keys_than_there_was_room_for_find_room(monkeypatch):
    monkeypatch.setattr(values, "_ROOM", 4)
    many = small_frame([(str(number), [number]) for number in range(60)])
    statements = (
        'set(datapoint.cache["by"][resource.attributes["name"]], datapoint.value_int)',
        'set(datapoint.attributes["own"], datapoint.cache["by"][resource.attributes["name"]])',
        'set(datapoint.attributes["first"], datapoint.cache["by"]["0"])',
    )
    found = points(run(many, group(*statements, shared=True))[0])
    assert [it["own"] for it in found] == list(range(60))
    assert {it["first"] for it in found} == {0}


def test_the_first_request_that_fails_is_named():
    statement = 'set(datapoint.attributes["x"], 1 / (datapoint.value_int - 4))'
    _, failures = run(TWO, group(statement, mode=ErrorMode.PROPAGATE))
    assert failures.request == 1
    assert statement in failures.why
    assert "divide by 0" in failures.why
    assert run(TWO, group(statement))[1].request is None


@pytest.mark.parametrize("shared", [False, True])
def test_a_failure_among_rows_that_hand_on_is_that_of_its_request(shared):
    names = "datapoint.cache" if shared else "resource.attributes"
    statement = f'set({names}["x"], 1 / (datapoint.value_int - 4))'
    _, failures = run(TWO, group(statement, mode=ErrorMode.PROPAGATE, shared=shared))
    assert failures.request == 1


def test_rows_that_are_dropped_run_nothing():
    dropped = TWO.dropping(2, np.array([True, True, False]))  # type: ignore[arg-type]  # Level is an int
    frame, _ = run(dropped, group('set(resource.attributes["n"], datapoint.value_int)'))
    assert [it.get("n") for it in resources(frame)] == [None, None, 4]


def test_a_list_that_never_ends_is_refused():
    endless = group('copy_metric(name=Concat([metric.name, "x"], "")) where metric.name != nil')
    with pytest.raises(NotColumnarError, match="makes a metric of every metric"):
        run(small_frame([("a", [1])]), endless)


def test_numbers_of_many_nodes_stand_beside_the_pool_and_are_still_read():
    many = small_frame([(str(number), [number / 2]) for number in range(3000)])
    before = len(many.pools.resources)
    frame, _ = run(many, group('set(resource.attributes["v"], datapoint.value_double)'))
    assert len(many.pools.resources) == before
    frame, _ = run(
        frame,
        group('set(resource.attributes["high"], true) where resource.attributes["v"] > 1499.0'),
        group('delete_key(resource.attributes, "v")'),
    )
    found = resources(frame)
    assert [it for it in found if "v" in it] == []
    assert [it["name"] for it in found if "high" in it] == ["2999"]


def test_rows_that_change_nothing_are_passed_over_only_while_nothing_changes():
    frame = small_frame([("a", [1, 1, 5, 1, 5, 5]), ("b", [1, 5])], [("a", [5, 1]), ("c", [1, 7, 1])])
    statements = (
        'set(datapoint.cache["open"], true) where datapoint.value_int == 5',
        'set(datapoint.cache["n"], 0) where datapoint.cache["n"] == nil',
        'set(datapoint.cache["n"], datapoint.cache["n"] + 1) where datapoint.cache["open"] == true',
        'set(datapoint.cache["open"], false) where datapoint.value_int == 7',
    )
    show = group('set(datapoint.attributes["n"], datapoint.cache["n"])', shared=True)
    found, _ = run(frame, group(*statements, shared=True), show)
    assert [it["n"] for it in points(found)] == [6] * 8 + [10] * 5
    latch = group('set(datapoint.cache["on"], datapoint.value_int) where datapoint.cache["on"] != 5', shared=True)
    found, _ = run(frame, latch, group('set(datapoint.attributes["on"], datapoint.cache["on"])', shared=True))
    assert {it["on"] for it in points(found)} == {5}


def test_rows_that_fail_are_never_passed_over():
    statement = 'set(datapoint.cache["x"], 1) where 1 / (datapoint.value_int - 4) == 9 and datapoint.cache["x"] == nil'
    frame = small_frame([("a", [1, 1, 2])], [("a", [2, 1, 4])])
    assert run(frame, group(statement, mode=ErrorMode.PROPAGATE, shared=True))[1].request == 1


def test_rows_may_read_more_columns_than_are_remembered():
    conditions = " and ".join(f"datapoint.value_int != {number}" for number in range(20))
    statement = f'set(datapoint.cache["n"], 1) where datapoint.cache["n"] != 2 and {conditions}'
    frame = small_frame([("a", [30, 30, 3, 30])])
    found, _ = run(
        frame, group(statement, shared=True), group('set(datapoint.attributes["n"], datapoint.cache["n"])', shared=True)
    )
    assert [it["n"] for it in points(found)] == [1] * 4
