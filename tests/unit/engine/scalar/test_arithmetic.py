"""Arithmetic of single values is Go's."""

import pytest

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.scalar.arithmetic import compute, negate, wrap
from phoenix.engine.values.value import Duration, Time
from phoenix.ottl.syntax import MathOp

MOST, LEAST = 2**63 - 1, -(2**63)
ADD, SUBTRACT, MULTIPLY, DIVIDE = MathOp


@pytest.mark.parametrize(
    ("left", "op", "right", "made"),
    [
        (1, ADD, 2, 3),
        (MOST, ADD, 1, LEAST),
        (LEAST, SUBTRACT, 1, MOST),
        (MOST, MULTIPLY, 3, MOST - 2),
        (7, DIVIDE, -2, -3),
        (-7, DIVIDE, 2, -3),
        (LEAST, DIVIDE, -1, LEAST),
        (1, ADD, 0.5, 1.5),
        (1.0, DIVIDE, 4, 0.25),
        (Time(5), ADD, Duration(2), Time(7)),
        (Time(5), SUBTRACT, Duration(2), Time(3)),
        (Time(5), SUBTRACT, Time(2), Duration(3)),
        (Time(2**64), SUBTRACT, Time(0), Duration(MOST)),
        (Time(-(2**64)), SUBTRACT, Time(0), Duration(LEAST)),
        (Duration(1), ADD, Time(2, "Local"), Time(3, "Local")),
        (Duration(MOST), ADD, Duration(1), Duration(LEAST)),
        (Duration(3), SUBTRACT, Duration(5), Duration(-2)),
    ],
)
def test_operations_give_what_go_gives(left, op, right, made):
    found = compute(left, right, op)
    assert found == made
    assert type(found) is type(made)


@pytest.mark.parametrize(
    ("left", "op", "right"),
    [
        (1, DIVIDE, 0),
        (1.0, DIVIDE, -0.0),
        (None, ADD, 1),
        (1, ADD, None),
        (True, ADD, 1),
        (1, ADD, True),
        ("a", ADD, "b"),
        (Time(1), ADD, Time(1)),
        (Time(1), MULTIPLY, Duration(1)),
        (Duration(1), SUBTRACT, Time(1)),
        (Duration(1), DIVIDE, Duration(1)),
        (1, ADD, Duration(1)),
    ],
)
def test_other_operations_are_errors(left, op, right):
    with pytest.raises(OttlRuntimeError):
        compute(left, right, op)


def test_signs_change():
    assert negate(LEAST) == LEAST
    assert str(negate(0.0)) == "-0.0"
    assert wrap(2**64 + 1) == 1
    for value in (True, "a", None):
        with pytest.raises(OttlRuntimeError):
            negate(value)
