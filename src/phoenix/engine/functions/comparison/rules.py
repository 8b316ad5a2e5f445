"""Comparing two values by OTTL's rules (pkg/ottl/compare.go, 0.160).

Int and double compare as doubles; nil equals only nil, and empty bytes; of other pairs of types none is anything to the
other but unequal. Lists and maps are equal or not, deeply, where 1 and 1.0 differ.
"""

from typing import Any, Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.ids import Id
from phoenix.engine.values.lists import Anys, Counts, Doubles, Strings
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value
from phoenix.ottl.syntax import CompareOp

# Go's own slices of these kinds cannot be compared: one beside another kind is unequal, beside its own a crash.
_INCOMPARABLE: Final = (Strings, Counts, Doubles)


def compare(left: Value, right: Value, op: CompareOp) -> bool:
    """Return what `left op right` says.

    Raises:
        NotColumnarError: the collector would crash: Go does not compare two slices of its own.
    """
    left, right = _nil_if_empty_bytes(left), _nil_if_empty_bytes(right)
    if left is None and right is None:
        return op.of_equals
    if left is None or right is None:
        return op is CompareOp.NE
    ordered = _ordered(left, right)
    if ordered is not None:
        return bool(op.between(*ordered))
    if op not in (CompareOp.EQ, CompareOp.NE):
        return False
    return _alike(left, right) == (op is CompareOp.EQ)


def equal(left: Value, right: Value) -> bool:
    """Return what `left == right` says."""
    return compare(left, right, CompareOp.EQ)


def _nil_if_empty_bytes(value: Value) -> Value:
    # pdata copies empty bytes to a nil slice, which compareByte takes for nil.
    return None if value == b"" and isinstance(value, bytes) else value


def _ordered(left: Value, right: Value) -> tuple[Any, Any] | None:
    # The pair as Python orders it; None when the two have no order.
    match left, right:
        case bool(), bool():
            return left, right
        case (bool(), _) | (_, bool()):
            return None
        case int(), int():
            return left, right
        case ((int() | float()), (int() | float())):
            return float(left), float(right)
        case str(), str():
            return write_text(left), write_text(right)
        case bytes(), bytes():
            return left, right
        case (Time(), Time()) | (Duration(), Duration()):
            return left.ns, right.ns  # type: ignore[union-attr]
        case _:
            return None


def _alike(left: Value, right: Value) -> bool:
    if isinstance(left, _INCOMPARABLE) or isinstance(right, _INCOMPARABLE):
        if type(left) is type(right):
            what = "two results of Split" if isinstance(left, Strings) else "two lists of a histogram"
            raise NotColumnarError(f"comparing {what}, which makes a collector crash,")
        return False
    match left, right:
        case (Map(), Map()) | (tuple(), tuple()):
            written_out = isinstance(left, Anys) or isinstance(right, Anys)
            return deeply_equal(left, right) if written_out else _equal_in_pdata(left, right)
        case (Id(), Id()) | (Pdata(), Pdata()):
            # Two parts are always of one point.
            return left == right
        case _:
            return False


def _equal_in_pdata(left: Value, right: Value) -> bool:
    # Value.Equal of pdata: of a key that stands twice the first value is looked up.
    match left, right:
        case Map(), Map():
            return len(left) == len(right) and all(
                key in right and _equal_in_pdata(held, right.get(key)) for key, held in left
            )
        case tuple(), tuple():
            return len(left) == len(right) and all(map(_equal_in_pdata, left, right))
        case _:
            return type(left) is type(right) and left == right


def deeply_equal(left: Value, right: Value) -> bool:
    """Return what reflect.DeepEqual says of two values as AsRaw gives them: maps are Go's, the last of a key counts.

    Raises:
        NotColumnarError: both are lists written out that hold telemetry's own maps or lists.
    """
    match left, right:
        case Map(), Map():
            mine, others = dict(left.pairs), dict(right.pairs)
            return mine.keys() == others.keys() and all(deeply_equal(held, others[key]) for key, held in mine.items())
        case tuple(), tuple():
            return len(left) == len(right) and all(
                _equal_items(*pair, isinstance(left, Anys), isinstance(right, Anys))
                for pair in zip(left, right, strict=True)
            )
        case _:
            return type(left) is type(right) and left == right


def _equal_items(left: Value, right: Value, left_written: bool, right_written: bool) -> bool:
    # In a list written out, telemetry's maps and lists stay what they are; AsRaw makes Go's of them.
    mine, others = left_written and _is_pdata(left), right_written and _is_pdata(right)
    if mine and others:
        raise NotColumnarError("comparing lists written out that hold maps or lists of telemetry")
    return not (mine or others) and deeply_equal(left, right)


def _is_pdata(item: Value) -> bool:
    return isinstance(item, Map) or type(item) is tuple
