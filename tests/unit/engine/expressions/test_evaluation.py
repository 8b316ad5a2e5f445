"""Expressions are worked out in the highest space that holds them, and fail only where they are reached."""

import numpy as np
import pytest
from tests.support.engine.small_frames import small_frame

from phoenix.engine.columns import CONSTANT, Coded, Numbers, Space
from phoenix.engine.errors import NotColumnarError
from phoenix.engine.expressions.calling import as_coded, failures
from phoenix.engine.expressions.evaluation import Evaluation
from phoenix.engine.expressions.rows import Rows
from phoenix.engine.frame import Level
from phoenix.engine.paths.reading import Telemetry
from phoenix.engine.values.value import Map
from phoenix.ottl.dialect import TRANSFORM_STATEMENTS
from phoenix.ottl.language import parse_condition, parse_value
from phoenix.ottl.syntax import And, Context, Literal

FRAME = small_frame([("a", [1, 5.5, 2]), ("b", [])], [("a", [-4])])
POINTS = Space(Level.POINT)


def evaluation():
    return Evaluation(FRAME, Context.DATAPOINT, Telemetry())


def value(text):
    return evaluation().column(parse_value(text, Context.DATAPOINT, TRANSFORM_STATEMENTS))


def truth(text):
    return evaluation().truth(parse_condition(text, Context.DATAPOINT, TRANSFORM_STATEMENTS))


def shown(column):
    held = as_coded(Rows(FRAME), column)
    return [held.values[code] for code in held.codes]


@pytest.mark.parametrize(
    ("text", "space"),
    [
        ('Concat(["a", "b"], "")', CONSTANT),
        ('resource.attributes["name"]', Space(Level.RESOURCE, by_value=True)),
        ('Concat([resource.attributes["name"], "!"], "")', Space(Level.RESOURCE, by_value=True)),
        ('Concat([resource.attributes["name"], metric.name], "")', Space(Level.METRIC)),
        ("Now()", Space(Level.RESOURCE)),
        ("datapoint.value_int + 1", POINTS),
        ('Concat([metric.name, datapoint.attributes["x"]], "")', POINTS),
    ],
)
def test_columns_stay_as_high_as_they_can(text, space):
    assert value(text).space == space


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("datapoint.value_int * 2", [2, 0, 4, -8]),
        ("datapoint.value_double / 2", [0.0, 2.75, 0.0, 0.0]),
        ("datapoint.value_int + datapoint.value_double", [1.0, 5.5, 2.0, -4.0]),
        ("-datapoint.value_int", [-1, 0, -2, 4]),
        ("-(datapoint.value_double)", [-0.0, -5.5, -0.0, -0.0]),
        ("Double(datapoint.value_int)", [1.0, 0.0, 2.0, -4.0]),
        ("Int(datapoint.value_double)", [0, 5, 0, 0]),
        ("UnixNano(datapoint.time) - datapoint.time_unix_nano", [0, 0, 0, 0]),
        ('ParseJSON("{\\"a\\": 1}")["a"]', [1.0]),
        ('{"v": datapoint.value_int}', [Map.of([("v", v)]) for v in (1, 0, 2, -4)]),
    ],
)
def test_values_are_those_of_go(text, values):
    assert list(map(repr, shown(value(text)))) == list(map(repr, values))


def test_division_by_zero_fails_where_it_happens():
    column = value("7 / datapoint.value_int")
    assert isinstance(column, Numbers)
    assert failures(Rows(FRAME), column).true.tolist() == [True, False, True, True]
    mixed = value("(datapoint.value_int + datapoint.value_double) / datapoint.value_int")
    assert failures(Rows(FRAME), mixed).true.tolist() == [True, False, True, True]


@pytest.mark.parametrize(
    ("text", "true", "failed"),
    [
        ("datapoint.value_int > 1", [0, 0, 1, 0], None),
        ("datapoint.value_double >= 5.5 or datapoint.value_int == -4", [0, 1, 0, 1], None),
        ("7 / datapoint.value_int > 2", [1, 0, 1, 0], [0, 1, 0, 0]),
        ("datapoint.value_int > 0 and 7 / datapoint.value_int > 2", [1, 0, 1, 0], [0, 0, 0, 0]),
        ("datapoint.value_int == 0 or 7 / datapoint.value_int > 2", [1, 1, 1, 0], [0, 0, 0, 0]),
        ("7 / datapoint.value_int > 2 or datapoint.value_int == 0", [1, 0, 1, 0], [0, 1, 0, 0]),
        ("not (7 / datapoint.value_int > 2)", [0, 0, 0, 1], [0, 1, 0, 0]),
        ('datapoint.value_int != "a" and datapoint.value_int != nil', [1, 1, 1, 1], None),
        ("datapoint.time == datapoint.time_unix_nano", [0, 0, 0, 0], None),
        ('datapoint.time - datapoint.start_time > Duration("1s")', [1, 1, 1, 1], None),
    ],
)
def test_conditions_stop_where_the_collector_stops(text, true, failed):
    found = truth(text)
    assert found.true.astype(int).tolist() == true
    assert (None if found.failed is None else found.failed.astype(int).tolist()) == failed


def test_a_converter_that_gives_no_boolean_is_no_condition():
    found = truth('Bool("true") and Bool(resource.attributes["none"])')
    assert found.failed is not None
    assert "bool" in found.why


def test_true_and_false_written_out_are_known():
    assert evaluation().truth(Literal(value=True)).true.tolist() == [True]
    assert evaluation().truth(And((Literal(value=True), Literal(value=False)))).true.tolist() == [False]


@pytest.mark.parametrize("text", ["UUID()", "UUIDv7()"])
def test_what_no_column_holds_is_refused(text):
    with pytest.raises(NotColumnarError):
        value(text)


def test_equal_rows_are_worked_out_once():
    column = value('Concat([resource.attributes["name"], "!"], "")')
    assert isinstance(column, Coded)
    assert column.codes.dtype == np.int32
    assert sorted(filter(None, map(str, column.values[1:]))) == ["a!", "b!"]
