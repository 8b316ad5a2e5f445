"""Every part of a condition or a statement, for whoever looks for one kind of it."""

from collections.abc import Iterator

from phoenix.ottl.syntax import (
    And,
    Arithmetic,
    Call,
    Comparison,
    Expression,
    Lambda,
    ListOf,
    MapOf,
    Negative,
    Not,
    Or,
    Path,
)


def walk(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and all below it, in the order of the text."""
    yield expression
    for part in parts_of(expression):
        yield from walk(part)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """Return the expressions right inside an expression."""
    match expression:
        case Path():
            return expression.keys
        case Call():
            return (*expression.arguments.values(), *expression.keys)
        case Arithmetic() | Comparison():
            return (expression.left, expression.right)
        case Negative() | Not():
            return (expression.operand,)
        case And() | Or():
            return expression.operands
        case ListOf():
            return expression.items
        case MapOf():
            return tuple(value for _, value in expression.items)
        case Lambda():
            return (expression.body,)
        case _:
            return ()
