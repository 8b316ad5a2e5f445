"""Cells tell which statements have to do with each other."""

import pytest

from phoenix.engine.frame import Level
from phoenix.engine.statements.cells import Cell, cell_of, reads_of_statement, writes_of_statement
from phoenix.ottl.dialect import TRANSFORM_STATEMENTS
from phoenix.ottl.language import parse_statement
from phoenix.ottl.syntax import Context, Literal, Path

X = Cell(Level.RESOURCE, "attributes", ("x",))


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        (X, True),
        (Cell(Level.RESOURCE, "attributes"), True),
        (Cell(Level.RESOURCE, "attributes", ("x", "deep")), True),
        (Cell(Level.RESOURCE, "attributes", ("y",)), False),
        (Cell(Level.RESOURCE, "schema_url"), False),
        (Cell(Level.RESOURCE, ""), True),
        (Cell(Level.SCOPE, "attributes", ("x",)), False),
    ],
)
def test_cells_overlap_when_one_is_part_of_the_other(other, overlaps):
    assert X.overlaps(other) is other.overlaps(X) is overlaps


def test_times_and_values_have_two_names():
    assert cell_of(Path(Context.DATAPOINT, "time")) == cell_of(Path(Context.DATAPOINT, "time_unix_nano"))
    assert cell_of(Path(Context.DATAPOINT, "value_int")) == cell_of(Path(Context.DATAPOINT, "value_double"))


def test_a_key_that_is_worked_out_is_any_key():
    path = Path(Context.RESOURCE, "attributes", (Literal("x"), Path(Context.METRIC, "name")))
    assert cell_of(path) == X
    assert str(cell_of(path)) == 'resource.attributes["x"]'


def test_set_reads_the_keys_of_its_target_and_not_the_target():
    text = 'set(resource.attributes["x"][metric.name], scope.name) where metric.unit == "a"'
    statement = parse_statement(text, None, TRANSFORM_STATEMENTS)
    assert set(map(str, reads_of_statement(statement))) == {"metric.unit", "metric.name", "scope.name"}
    assert list(writes_of_statement(statement)) == [X]


def test_other_editors_read_their_target():
    statement = parse_statement('delete_key(resource.attributes, "x")', None, TRANSFORM_STATEMENTS)
    assert Cell(Level.RESOURCE, "attributes") in list(reads_of_statement(statement))
