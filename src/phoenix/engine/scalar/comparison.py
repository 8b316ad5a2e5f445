"""Comparing two values: pkg/ottl/compare.go of 0.160, every branch.

Values of different types are never equal and never ordered; only int and double meet. nil equals nil, and so do empty
bytes, which pdata hands out as a nil slice.
"""

from typing import TypeVar

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.scalar.lists import Counts, Doubles
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.ids import Id
from phoenix.engine.values.lists import Anys, Strings
from phoenix.engine.values.value import Duration, Map, Time, Value
from phoenix.ottl.syntax import CompareOp

T = TypeVar("T", int, float, bytes)

_HOLDS_FOR_EQUAL = frozenset({CompareOp.EQ, CompareOp.LE, CompareOp.GE})


def compare(left: Value, right: Value, op: CompareOp) -> bool:
    """Return what the comparison says."""
    if _is_nil(left) and _is_nil(right):
        return op in _HOLDS_FOR_EQUAL
    match left, right:
        case (bool(), bool()) | (int(), int()) if isinstance(left, bool) == isinstance(right, bool):
            return ordered(left, right, op)
        case (int() | float(), int() | float()) if not isinstance(left, bool) and not isinstance(right, bool):
            return ordered(float(left), float(right), op)
        case str(), str():
            return ordered(write_text(left), write_text(right), op)
        case bytes(), bytes() if left and right:
            return ordered(left, right, op)
        case (Time(), Time()) | (Duration(), Duration()):
            return ordered(left.ns, right.ns, op)
        case (Map(), Map()) | (tuple(), tuple()) | (Id(), Id()):
            return _unordered(left, right, op)
        case _:
            return op is CompareOp.NE


def ordered(left: T, right: T, op: CompareOp) -> bool:
    """Return what the comparison says of two values of one ordered type; NaN is only ever unequal."""
    match op:
        case CompareOp.EQ:
            return left == right
        case CompareOp.NE:
            return left != right
        case CompareOp.LT:
            return left < right
        case CompareOp.LE:
            return left <= right
        case CompareOp.GE:
            return left >= right
        case CompareOp.GT:
            return left > right


def equal(left: Value, right: Value) -> bool:
    """Return whether two values in a map or a list are equal (pcommon.Value.Equal): same type, same value, no order."""
    match left, right:
        case Map(), Map():
            return len(left) == len(right) and all(key in right and equal(held, right.get(key)) for key, held in left)
        case tuple(), tuple():
            return len(left) == len(right) and all(map(equal, left, right))
        case _:
            return type(left) is type(right) and left == right


def _is_nil(value: Value) -> bool:
    return value is None or value == b""


def _unordered(left: Value, right: Value, op: CompareOp) -> bool:
    if op not in (CompareOp.EQ, CompareOp.NE):
        return False
    return _same(left, right) == (op is CompareOp.EQ)


def _same(left: Value, right: Value) -> bool:
    if _is_plain(left) or _is_plain(right):
        if type(left) is type(right):
            # Go panics: it does not compare slices.
            raise NotColumnarError("comparing two lists that a function or a histogram made")
        return False
    if isinstance(left, Anys) and isinstance(right, Anys):
        return len(left) == len(right) and all(map(_same_item, left, right))
    if isinstance(left, Anys) or isinstance(right, Anys):
        # A list written out holds pcommon.Map where the other, made raw, holds a Go map: reflect.DeepEqual says no.
        written, raw = (left, right) if isinstance(left, Anys) else (right, left)
        assert isinstance(written, tuple)  # noqa: S101 narrowed above
        assert isinstance(raw, tuple)  # noqa: S101 narrowed above
        return len(written) == len(raw) and all(map(_same_raw, written, raw))
    return equal(left, right)


def _is_plain(value: Value) -> bool:
    return isinstance(value, (Strings, Counts, Doubles))


def _same_item(left: Value, right: Value) -> bool:
    if isinstance(left, Anys) and isinstance(right, Anys):
        return _same(left, right)
    if isinstance(left, (Map, tuple)) or isinstance(right, (Map, tuple)):
        raise NotColumnarError("comparing two lists that hold maps or lists of telemetry")
    return equal(left, right)


def _same_raw(written: Value, raw: Value) -> bool:
    if isinstance(written, Anys):
        return isinstance(raw, tuple) and len(written) == len(raw) and all(map(_same_raw, written, raw))
    return not isinstance(written, (Map, tuple)) and equal(written, raw)
