"""Whether a condition holds when only some of what it asks is known: yes, no, or it depends.

Rules ask of one process or one metric what a filter does to it, whatever else its telemetry says.
"""

from collections.abc import Callable, Iterable
from typing import Final

from phoenix.ottl.syntax import And, Call, CompareOp, Comparison, Enum, Expression, Literal, Not, Or, Path
from phoenix.telemetry.expressions import ExpressionError, compiled


class Unknown:
    """The one thing that stands for what is not known."""


UNKNOWN: Final = Unknown()
Known = Callable[[Path], object]
"""The value of a path, or UNKNOWN."""


def holds(condition: Expression, known: Known) -> bool | None:
    """Return whether a condition is true; None when what is known does not decide it."""
    match condition:
        case Literal(value=bool()):
            return bool(condition.value)
        case Not():
            inner = holds(condition.operand, known)
            return None if inner is None else not inner
        case And():
            return _all(holds(operand, known) for operand in condition.operands)
        case Or():
            inner = _all(_opposite(holds(operand, known)) for operand in condition.operands)
            return _opposite(inner)
        case Comparison():
            return _compared(condition, known)
        case Call(name="IsMatch"):
            return _matched(condition, known)
        case _:
            return None


def _opposite(value: bool | None) -> bool | None:
    return None if value is None else not value


def _all(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    if False in found:
        return False
    return None if None in found else True


def _compared(comparison: Comparison, known: Known) -> bool | None:
    left, right = _value(comparison.left, known), _value(comparison.right, known)
    if left is UNKNOWN or right is UNKNOWN or comparison.op not in (CompareOp.EQ, CompareOp.NE):
        return None
    # 1 and true are different things in OTTL.
    same = left == right and isinstance(left, bool) == isinstance(right, bool)
    return same if comparison.op is CompareOp.EQ else not same


def _matched(call: Call, known: Known) -> bool | None:
    target, pattern = _value(call.arguments["target"], known), _value(call.arguments["pattern"], known)
    if call.keys or not isinstance(target, str) or not isinstance(pattern, str):
        return None
    try:
        return compiled(pattern).search(target) is not None
    except ExpressionError:
        return None


def _value(expression: Expression, known: Known) -> object:
    if isinstance(expression, Literal | Enum):
        return expression.value
    return known(expression) if isinstance(expression, Path) else UNKNOWN
