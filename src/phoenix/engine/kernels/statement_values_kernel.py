"""Values of statements inside a kernel: a tag and 64 bits. What operators do with them (pkg/ottl 0.160).

Text is its rank among all texts there are, so ranks are compared; a map is a handle (`statement_maps_kernel`); what has
no other tag is a row of a table that stays outside.
"""

from typing import Any, Final

from phoenix.telemetry.codec.jit import inner

NIL, BOOL, INT, DOUBLE, TEXT, OTHER, MAP, FAILED, ABSENT, TIME, DURATION = range(11)
# Row of the outside table that holds empty bytes, which equal nil.
EMPTY_BYTES: Final = 0
EQ, NE, LT, LE, GE, GT = range(6)
ADD, SUBTRACT, MULTIPLY, DIVIDE = range(4)
# Reasons of failures; those that columns bring come after.
ODD_OPERANDS, DIVIDED_BY_ZERO, ODD_INDEX, ODD_VALUE, NO_BOOLEAN = range(5)
REASONS: Final = (
    "operands must be int64 or float64",
    "attempted to divide by 0",
    "the value does not support this index",
    "unsupported type for set operation",
    "a condition must be a boolean",
)

_LOW: Final = 0xFFFFFFFF
_HALF: Final = 0x80000000
_BITS: Final = 32


@inner
def wrapped(high: Any, low: Any) -> Any:
    """Return the int64 of two halves of 32 bits; what is above them is lost."""
    high &= _LOW
    if high >= _HALF:
        high -= _LOW + 1
    return (high << _BITS) | low


@inner
def add(left: Any, right: Any) -> Any:
    """Return the sum, wrapped."""
    low = (left & _LOW) + (right & _LOW)
    return wrapped((left >> _BITS) + (right >> _BITS) + (low >> _BITS), low & _LOW)


@inner
def opposite(number: Any) -> Any:
    """Return the number with the other sign; the least one is its own opposite."""
    return add(~number, 1)


@inner
def multiply(left: Any, right: Any) -> Any:
    """Return the product, wrapped: 16 bits of the right at a time."""
    low, high = left & _LOW, (left >> _BITS) & _LOW
    total = 0
    for step in range(4):
        piece = (right >> (16 * step)) & 0xFFFF
        first, second = low * piece, high * piece
        shift = 16 * step
        if shift == 0:
            part = wrapped(second + (first >> _BITS), first & _LOW)
        elif shift < _BITS:
            first_low = (first & 0xFFFF) << 16
            part = wrapped((first >> 16) + ((second & _LOW) << 16 & _LOW), first_low & _LOW)
        elif shift == _BITS:
            part = wrapped(first & _LOW, 0)
        else:
            part = wrapped((first & 0xFFFF) << 16, 0)
        total = add(total, part)
    return total


@inner
def quotient(left: Any, right: Any) -> Any:
    """Return left / right, cut towards zero; right is not 0."""
    if right == -1:
        return opposite(left)
    found = left // right
    if left % right != 0 and (left < 0) != (right < 0):
        found += 1
    return found


@inner
def ordered(left: Any, right: Any, op: Any) -> Any:
    """Return whether a comparison of two numbers of one type holds."""
    if op == EQ:
        return left == right
    if op == NE:
        return left != right
    if op == LT:
        return left < right
    if op == LE:
        return left <= right
    if op == GE:
        return left >= right
    return left > right


@inner
def compared(tags: Any, bits: Any, doubles: Any, at: Any, op: Any) -> Any:
    """Return 1 or 0 for a comparison of the two values at the top of the stack, -1 where only Python can tell."""
    left, right = tags[at], tags[at + 1]
    left_nil = left == NIL or (left == OTHER and bits[at] == EMPTY_BYTES)
    right_nil = right == NIL or (right == OTHER and bits[at + 1] == EMPTY_BYTES)
    if left_nil or right_nil:
        if left_nil and right_nil:
            return 1 if op in (EQ, LE, GE) else 0
        return 1 if op == NE else 0
    if left == right:
        if left in (OTHER, MAP):
            return -1
        if left == DOUBLE:
            return 1 if ordered(doubles[at], doubles[at + 1], op) else 0
        return 1 if ordered(bits[at], bits[at + 1], op) else 0
    if left == INT and right == DOUBLE:
        return 1 if ordered(float(bits[at]), doubles[at + 1], op) else 0
    if left == DOUBLE and right == INT:
        return 1 if ordered(doubles[at], float(bits[at + 1]), op) else 0
    return 1 if op == NE else 0


@inner
def computed(tags: Any, bits: Any, doubles: Any, at: Any, op: Any) -> None:
    """Put the result of an operation on the two values at the top of the stack in the place of the left."""
    left, right = tags[at], tags[at + 1]
    if left == FAILED:
        return
    if right == FAILED:
        tags[at], bits[at] = FAILED, bits[at + 1]
        return
    if left == INT and right == INT:
        if op == DIVIDE and bits[at + 1] == 0:
            tags[at], bits[at] = FAILED, DIVIDED_BY_ZERO
        elif op == ADD:
            bits[at] = add(bits[at], bits[at + 1])
        elif op == SUBTRACT:
            bits[at] = add(bits[at], opposite(bits[at + 1]))
        elif op == MULTIPLY:
            bits[at] = multiply(bits[at], bits[at + 1])
        else:
            bits[at] = quotient(bits[at], bits[at + 1])
        return
    if left not in (INT, DOUBLE) or right not in (INT, DOUBLE):
        tags[at], bits[at] = FAILED, ODD_OPERANDS
        return
    one = float(bits[at]) if left == INT else float(doubles[at])
    two = float(bits[at + 1]) if right == INT else float(doubles[at + 1])
    tags[at] = DOUBLE
    if op == ADD:
        doubles[at] = one + two
    elif op == SUBTRACT:
        doubles[at] = one - two
    elif op == MULTIPLY:
        doubles[at] = one * two
    elif two == 0.0:
        tags[at], bits[at] = FAILED, DIVIDED_BY_ZERO
    else:
        doubles[at] = one / two
