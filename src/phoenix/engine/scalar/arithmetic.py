"""Sums, products and signs of two values: pkg/ottl/math.go of 0.160. Integers wrap as Go's do; n / 0 is an error."""

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.values.value import Duration, Time, Value
from phoenix.ottl.syntax import MathOp

_SIGN = 1 << 63
_LONGEST = Duration(_SIGN - 1)
_SHORTEST = Duration(-_SIGN)


def wrap(number: int) -> int:
    """Return the int64 that Go's arithmetic leaves of an integer."""
    return (number + _SIGN) % (2 * _SIGN) - _SIGN


def negate(value: Value) -> Value:
    """Return `-value`.

    Raises:
        OttlRuntimeError: it is no number.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise OttlRuntimeError("unsupported unary minus operation")
    return wrap(-value) if isinstance(value, int) else -value


def compute(left: Value, right: Value, op: MathOp) -> Value:
    """Return `left op right`.

    Raises:
        OttlRuntimeError: no such operation on these types, or a division by zero.
    """
    match left, right:
        case bool(), _:
            raise OttlRuntimeError("a boolean must be int64, float64, time.Time or time.Duration")
        case ((int() | float()), (int() | float())) if not isinstance(right, bool):
            return _number(left, right, op)
        case Time(), _:
            return _with_time(left, right, op)
        case Duration(), _:
            return _with_duration(left, right, op)
        case _:
            raise OttlRuntimeError("operands of arithmetic must be int64, float64, time.Time or time.Duration")


def _number(left: float, right: float, op: MathOp) -> int | float:
    if op is MathOp.DIVIDE:
        return _quotient(left, right)
    if not (isinstance(left, int) and isinstance(right, int)):
        left, right = float(left), float(right)
    match op:
        case MathOp.ADD:
            made = left + right
        case MathOp.SUBTRACT:
            made = left - right
        case _:
            made = left * right
    return wrap(made) if isinstance(made, int) else made


def _quotient(left: float, right: float) -> int | float:
    if right == 0:
        raise OttlRuntimeError("attempted to divide by 0")
    if isinstance(left, int) and isinstance(right, int):
        size = abs(left) // abs(right)
        return wrap(size if (left < 0) == (right < 0) else -size)
    return float(left) / float(right)


def _with_time(left: Time, right: Value, op: MathOp) -> Value:
    match op, right:
        case MathOp.ADD, Duration():
            return Time(left.ns + right.ns, left.zone)
        case MathOp.SUBTRACT, Duration():
            return Time(left.ns + wrap(-right.ns), left.zone)
        case MathOp.SUBTRACT, Time():
            apart = left.ns - right.ns
            return _LONGEST if apart >= _SIGN else _SHORTEST if apart < -_SIGN else Duration(apart)
        case _:
            raise OttlRuntimeError("a time.Time takes a time.Duration, or a time.Time to be subtracted")


def _with_duration(left: Duration, right: Value, op: MathOp) -> Value:
    match op, right:
        case MathOp.ADD, Duration():
            return Duration(wrap(left.ns + right.ns))
        case MathOp.ADD, Time():
            return Time(right.ns + left.ns, right.zone)
        case MathOp.SUBTRACT, Duration():
            return Duration(wrap(left.ns - right.ns))
        case _:
            raise OttlRuntimeError("a time.Duration takes a time.Duration, or a time.Time to be added")
