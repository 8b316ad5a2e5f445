"""Every part of a condition or a statement, for rules that look for one kind of it."""

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
    for part in _parts(expression):
        yield from walk(part)


def _parts(expression: Expression) -> tuple[Expression, ...]:
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
