"""What the collector computes while it reads a condition: literals compared, and what follows from true and false.

It matters for errors as well as for speed: `X and false` never evaluates X (boolean_value.go and compare.go of
pkg/ottl 0.160).
"""

from phoenix.ottl.meaning.literals import is_literal
from phoenix.ottl.syntax import (
    And,
    CompareOp,
    Comparison,
    Enum,
    Expression,
    ListOf,
    Literal,
    MapOf,
    Not,
    Or,
    Span,
)


def compared(op: CompareOp, left: Expression, right: Expression, span: Span) -> Expression:
    """Return the comparison, or its outcome when both sides are literals."""
    if not (is_literal(left) and is_literal(right)):
        return Comparison(op, left, right, span)
    return Literal(_outcome(op, _constant(left), _constant(right)), span)


def negated(operand: Expression, span: Span) -> Expression:
    """Return `not operand`, of true and false the other one."""
    if isinstance(operand, Literal):
        return Literal(not operand.value, span)
    return Not(operand, span)


def all_of(operands: tuple[Expression, ...], span: Span) -> Expression:
    """Return the operands joined by `and`, without those that are true; false if one is."""
    return _joined(operands, span, neutral=True)


def any_of(operands: tuple[Expression, ...], span: Span) -> Expression:
    """Return the operands joined by `or`, without those that are false; true if one is."""
    return _joined(operands, span, neutral=False)


def _joined(operands: tuple[Expression, ...], span: Span, *, neutral: bool) -> Expression:
    if any(isinstance(operand, Literal) and operand.value is not neutral for operand in operands):
        return Literal(not neutral, span)
    left = tuple(operand for operand in operands if not isinstance(operand, Literal))
    if not left:
        return Literal(neutral, span)
    if len(left) == 1:
        return left[0]
    return And(left, span) if neutral else Or(left, span)


def _constant(value: Expression) -> object:
    # Lists and maps become tuples of what tells them apart: types count inside, as Go's DeepEqual has it.
    if isinstance(value, Literal | Enum):
        return value.value
    if isinstance(value, ListOf):
        return "list", tuple(_typed(item) for item in value.items)
    if isinstance(value, MapOf):
        return "map", frozenset((key, _typed(item)) for key, item in dict(value.items).items())
    return "lambda", id(value)


def _typed(value: Expression) -> object:
    constant = _constant(value)
    return type(constant), constant


def _outcome(op: CompareOp, left: object, right: object) -> bool:
    if left is None and right is None:
        return op.of_equals
    if _is_number(left) and _is_number(right):
        if type(left) is not type(right):
            left, right = float(left), float(right)  # type: ignore[arg-type]  # _is_number has looked
        return bool(op.between(left, right))
    if type(left) is not type(right):
        return op is CompareOp.NE
    if isinstance(left, tuple):
        return (left == right) == (op is CompareOp.EQ) if op in (CompareOp.EQ, CompareOp.NE) else False
    return bool(op.between(left, right))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
