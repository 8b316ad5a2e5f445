"""Conditions that are decided before any telemetry is seen: parts whose errors can therefore never be reached.

Follows pkg/ottl/boolean_value.go and literal_getter.go of 0.160: comparisons of literals fold, and so do `and`, `or`
and `not` around them, whatever stands beside.
"""

from phoenix.engine.scalar.comparison import compare
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.value import Value
from phoenix.ottl.syntax import And, Comparison, Enum, Expression, ListOf, Literal, Not, Or


class NotLiteralError(Exception):
    """An expression is no literal."""


def folded(expression: Expression) -> bool | None:
    """Return what a condition always is; None when it depends on telemetry."""
    match expression:
        case Literal(value=bool() as value):
            return value
        case Comparison():
            try:
                return compare(literal_value(expression.left), literal_value(expression.right), expression.op)
            except NotLiteralError:
                return None
        case Not():
            inner = folded(expression.operand)
            return None if inner is None else not inner
        case And() | Or():
            decisive = isinstance(expression, Or)
            parts = [folded(operand) for operand in expression.operands]
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        case _:
            return None


def literal_value(expression: Expression) -> Value:
    """Return the value of a literal.

    Raises:
        NotLiteralError: it is none. A map written out counts as none, since it only ever holds telemetry's values.
    """
    match expression:
        case Literal():
            return expression.value
        case Enum():
            return expression.value
        case ListOf():
            return Anys(map(literal_value, expression.items))
        case _:
            raise NotLiteralError
