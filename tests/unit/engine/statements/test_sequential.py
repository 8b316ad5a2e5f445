"""The kernel's operators are those over single values; what only Python can tell is left to it."""

import json
from itertools import product

import pytest
from tests.support.engine.small_frames import group, points, run, small_frame

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.comparison.rules import compare
from phoenix.engine.scalar.arithmetic import compute, negate
from phoenix.engine.statements import singly
from phoenix.engine.statements.group import ErrorMode
from phoenix.engine.values.value import Map
from phoenix.ottl.syntax import CompareOp, MathOp

ONE = small_frame([("a", [7])])
MOST, LEAST = 2**63 - 1, -(2**63)
NUMBERS = (0, 1, -3, 7, MOST, LEAST, 12345678901, 0.0, -2.5, 1e300)
OTHERS = (True, False, "a", "ä", "b", Map())


def written(value):
    if isinstance(value, Map):
        return "{}"
    if value in (LEAST, 1e300):
        # No literals of OTTL.
        return "(-9223372036854775807 - 1)" if value == LEAST else 'Double("1e300")'
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (bool, str)) else repr(value)


def handed_on(*statements, mode=ErrorMode.IGNORE):
    frame, failures = run(ONE, group(*statements, shared=True, mode=mode))
    return points(frame)[0], failures


def held(left, right):
    return [f'set(datapoint.cache["{key}"], {written(value)})' for key, value in (("l", left), ("r", right))]


@pytest.mark.parametrize(
    ("left", "right"), [*product(NUMBERS, NUMBERS), *product(OTHERS[:3], (1, 1.5)), (1, "a"), (7, -1), (LEAST, -1)]
)
def test_sums_and_products_are_those_over_single_values(left, right):
    names = {op.name: op for op in MathOp}
    results = [
        f'set(datapoint.attributes["{name}"], datapoint.cache["l"] {op.value} datapoint.cache["r"])'
        for name, op in names.items()
    ]
    found, _ = handed_on(*held(left, right), *results)
    for name, op in names.items():
        try:
            expected = repr(compute(left, right, op))
        except OttlRuntimeError:
            expected = repr(None)
        assert repr(found.get(name)) == expected, name


@pytest.mark.parametrize(
    ("left", "right"),
    [
        *product((*NUMBERS[:5], *OTHERS), (1, -2.5, MOST, True, "a", "ä")),
        *((Map(), 1), (1, Map()), (1.5, 1), (2.0, 2), (-2.5, MOST)),
    ],
)
def test_comparisons_are_those_over_single_values(left, right):
    names = {op.name: op for op in CompareOp}
    results = [
        f'set(datapoint.attributes["{name}"], true) where datapoint.cache["l"] {op.value} datapoint.cache["r"]'
        for name, op in names.items()
    ]
    found, _ = handed_on(*held(left, right), *results)
    assert {name for name in names if name in found} == {name for name, op in names.items() if compare(left, right, op)}


@pytest.mark.parametrize("op", CompareOp)
def test_what_is_missing_is_nil(op):
    statement = f'set(datapoint.attributes["x"], true) where datapoint.cache["no"] {op.value} datapoint.cache["none"]'
    found, _ = handed_on(statement, 'set(datapoint.cache["no"], datapoint.cache["none"])')
    assert ("x" in found) is compare(None, None, op)


@pytest.mark.parametrize("value", NUMBERS)
def test_signs_change(value):
    found, _ = handed_on(
        f'set(datapoint.cache["v"], {written(value)})', 'set(datapoint.attributes["m"], -(datapoint.cache["v"]))'
    )
    assert repr(found["m"]) == repr(negate(value))


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('datapoint.cache["t"] == true and datapoint.cache["n"] == 2', True),
        ('datapoint.cache["t"] == false and datapoint.cache["n"] / 0 == 1', False),
        ('datapoint.cache["t"] == true and datapoint.cache["n"] / 0 == 1', False),
        ('datapoint.cache["t"] == true or datapoint.cache["n"] / 0 == 1', True),
        ('datapoint.cache["n"] / 0 == 1 or datapoint.cache["t"] == true', False),
        ('not (datapoint.cache["n"] / 0 == 1)', False),
        ('not (datapoint.cache["t"] == false)', True),
        ('datapoint.cache["t"] == true and metric.name == "m"', True),
        ('datapoint.cache["m"]["a"]["b"] == 1 and datapoint.cache["m"]["no"]["b"] == nil', True),
        ('datapoint.cache["m"]["a"]["b"]["c"] == nil', False),
        ('datapoint.cache["m"][metric.name] == "named"', True),
        ('datapoint.cache["no"]["a"] == nil', True),
        ('datapoint.cache["n"]["a"] == nil', False),
        ('datapoint.cache["n"] / 0 + 1 == 1 or datapoint.cache["t"] == true', False),
        ('1 + datapoint.cache["n"] / 0 == 1 or datapoint.cache["t"] == true', False),
        ('1 == datapoint.cache["n"] / 0 or datapoint.cache["t"] == true', False),
        ('-(datapoint.cache["text"]) == 1 or datapoint.cache["t"] == true', False),
        ('datapoint.cache["t"] == true and not ToUpperCase(metric.name)', False),
    ],
)
def test_conditions_stop_where_the_collector_stops(condition, holds):
    statements = (
        'set(datapoint.cache["t"], true)',
        'set(datapoint.cache["n"], 2)',
        'set(datapoint.cache["text"], "t")',
        'set(datapoint.cache["m"]["a"]["b"], 1)',
        'set(datapoint.cache["m"][metric.name], "named")',
    )
    found, _ = handed_on(*statements, f'set(datapoint.attributes["x"], true) where {condition}')
    assert found.get("x", False) is holds


@pytest.mark.parametrize(
    ("conditions", "mode", "acts", "fails"),
    [
        (['datapoint.cache["no"] == true', 'datapoint.cache["no"] == nil'], ErrorMode.PROPAGATE, True, False),
        (['datapoint.cache["no"] == true', 'metric.name == "other"'], ErrorMode.PROPAGATE, False, False),
        (["1 / datapoint.flags == 1", 'datapoint.cache["no"] == nil'], ErrorMode.IGNORE, True, False),
        (["1 / datapoint.flags == 1", 'datapoint.cache["no"] == nil'], ErrorMode.PROPAGATE, False, True),
    ],
)
def test_any_condition_of_a_group_is_enough(conditions, mode, acts, fails):
    statements = ('set(datapoint.attributes["x"], true)', 'set(datapoint.cache["no"], "seen")')
    frame, failures = run(ONE, group(*statements, conditions=conditions, shared=True, mode=mode))
    assert (points(frame)[0].get("x", False), failures.request is not None) == (acts, fails)


@pytest.mark.parametrize(
    "statement",
    [
        'set(datapoint.attributes["x"], datapoint.cache["n"] / 0)',
        'set(datapoint.attributes["x"], true) where datapoint.cache["n"] / 0 == 1',
        'set(datapoint.time_unix_nano, datapoint.cache["t"])',
        'set(datapoint.value_double, datapoint.cache["n"])',
        'set(metric.name, datapoint.cache["n"])',
        'set(datapoint.cache["n"]["deep"], 1)',
        'set(datapoint.cache["m"]["n"]["deep"], 1)',
        'set(datapoint.cache["m"]["n"]["deep"]["er"], 1)',
        'set(datapoint.cache["m"]["n"], Duration("1s"))',
        'set(datapoint.cache["m"][datapoint.value_double], 1)',
        'set(datapoint.cache["x"], Duration("1s"))',
        'set(datapoint.cache["m"]["d"], Duration("1s"))',
    ],
)
def test_a_failure_ends_the_request_when_errors_are_propagated(statement):
    before = (
        'set(datapoint.cache["n"], 2)',
        'set(datapoint.cache["t"], "text")',
        'set(datapoint.cache["m"]["n"], 1)',
    )
    assert handed_on(*before, statement, mode=ErrorMode.PROPAGATE)[1].request == 0
    found, failures = handed_on(*before, statement, 'set(datapoint.attributes["after"], 1)')
    assert (found, failures.request) == ({"after": 1}, None)


def test_points_are_written_and_read_back():
    statements = (
        'set(datapoint.cache["v"], datapoint.value_int)',
        'set(datapoint.value_double, 1.5) where datapoint.cache["v"] == 7',
        'set(datapoint.attributes["int"], datapoint.value_int)',
        'set(datapoint.attributes["double"], datapoint.value_double)',
        "set(datapoint.time, datapoint.start_time)",
        'set(datapoint.attributes["time"], datapoint.time_unix_nano)',
        "set(datapoint.value_int, 3) where datapoint.value_double == 1.5",
        'set(datapoint.attributes["again"], datapoint.value_double)',
    )
    frame, _ = run(ONE, group(*statements, shared=True))
    assert points(frame) == [{"int": 0, "double": 1.5, "time": 0, "again": 0.0}]
    assert (frame.points.bits.tolist(), frame.points.time.tolist()) == ([3], [0])


def test_maps_within_maps_grow_in_place():
    keys = ('["a"]["b"]["c"]', '["a"]["b"]["d"]', '["a"]["e"]', '["a"]["b"]["c"]')
    sets = [f'set(datapoint.cache["m"]{key}, {number})' for number, key in enumerate(keys)]
    found, _ = handed_on(*sets, 'set(datapoint.attributes["m"], datapoint.cache["m"])')
    inner = Map.of([("c", 3), ("d", 1)])
    assert found["m"] == Map.of([("a", Map.of([("b", inner), ("e", 2)]))])


def test_maps_come_back_as_they_were_set():
    statements = (
        'set(datapoint.cache["m"], {"a": {"b": 1}, "l": [1]})',
        'set(datapoint.cache["copy"], datapoint.cache["m"])',
        'set(datapoint.cache["m"]["a"]["c"], 2.5)',
        'set(datapoint.attributes["m"], datapoint.cache["m"])',
        'set(datapoint.attributes["copy"], datapoint.cache["copy"])',
        'set(datapoint.attributes["bytes"], datapoint.cache["bytes"])',
        'set(datapoint.cache["bytes"], 0x6162)',
        'set(datapoint.attributes["bytes"], datapoint.cache["bytes"])',
    )
    found, _ = handed_on(*statements)
    inner = Map.of([("b", 1)])
    assert found["copy"] == Map.of([("a", inner), ("l", (1,))])
    assert dict(found["m"].pairs) == {"a": inner.put("c", 2.5), "l": (1,)}
    assert found["bytes"] == b"ab"


@pytest.mark.parametrize(
    "statement",
    [
        'set(datapoint.attributes["x"], true) where datapoint.cache["l"] == [1]',
        'set(datapoint.attributes["x"], true) where datapoint.cache["m"] == {}',
        'set(datapoint.attributes["x"], datapoint.cache["l"][0])',
        'set(datapoint.cache["l"]["k"], 1)',
        'set(datapoint.cache["m"]["l"]["k"], 1)',
        'set(datapoint.cache["m"][0], 1)',
        (
            'set(datapoint.attributes["x"], true) where datapoint.cache["l"] != nil and '
            'datapoint.time - datapoint.start_time > Duration("1s")'
        ),
        'set(datapoint.attributes["x"], datapoint.cache)',
        "set(datapoint.cache, {})",
        'delete_key(datapoint.cache, "l")',
        'set(datapoint.attributes["x"], [datapoint.cache["l"]])',
        'set(datapoint.flags, 1) where datapoint.cache["l"] != nil',
    ],
)
def test_what_only_python_can_tell_is_done_row_by_row_if_there_are_few(statement, monkeypatch):
    before = (
        'set(datapoint.cache["l"], [1])',
        'set(datapoint.cache["m"], {"l": [1]})',
        "set(datapoint.time, datapoint.start_time)",
    )
    handed_on(*before, statement)
    monkeypatch.setattr(singly, "MOST_ROWS", 0)
    with pytest.raises(NotColumnarError):
        handed_on(*before, statement)
