"""Values of statements inside a kernel: a tag and 64 bits. What operators do with them (pkg/ottl 0.160).

Text is its rank among all texts there are, so ranks are compared; a map is a handle; what has no other tag is a row
of a table that stays outside.

Maps are what a shared cache holds below its keys. All entries of all maps stand in one hash table keyed by map and
text. A map that several places hold is copied before one of them changes it; what no place holds any more stays until
the end. Entries are never taken out.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner, kernel

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


# Where a map's counts stand in `Maps.counts`: how many maps there are, how many entries.
MAPS, ENTRIES = 0, 1
_FREE: Final = -1
_SPREAD_MAP, _SPREAD_KEY = 40_503, 30_011


class Maps(NamedTuple):
    """All maps.

    Attributes:
        counts: int64[2].
        holders: int64[maps], how many places hold each map.
        first: int64[maps], the entry put last, -1 for none.
        owner: int64[entries], the map of each entry.
        key: int64[entries], text.
        tag: int64[entries].
        bits: int64[entries].
        next: int64[entries], the entry of the same map put before.
        table: int64[power of two], entries by hash, -1 for none.
    """

    counts: NDArray[np.int64]
    holders: NDArray[np.int64]
    first: NDArray[np.int64]
    owner: NDArray[np.int64]
    key: NDArray[np.int64]
    tag: NDArray[np.int64]
    bits: NDArray[np.int64]
    next: NDArray[np.int64]
    table: NDArray[np.int64]


@inner
def find(maps: Any, owner: Any, key: Any) -> Any:
    """Return the entry of a key, or -1 minus the free place in the table where it belongs."""
    mask = len(maps.table) - 1
    place = (owner * _SPREAD_MAP + key * _SPREAD_KEY) & mask
    while True:
        entry = maps.table[place]
        if entry == _FREE:
            return -1 - place
        if maps.owner[entry] == owner and maps.key[entry] == key:
            return entry
        place = (place + 1) & mask


@inner
def has_room(maps: Any, entries: Any) -> Any:
    """Return whether so many maps and entries more find room."""
    return maps.counts[MAPS] + entries < len(maps.holders) and maps.counts[ENTRIES] + entries < len(maps.owner)


@inner
def new_map(maps: Any) -> Any:
    """Return a new map, which no place holds yet."""
    made = maps.counts[MAPS]
    maps.counts[MAPS] = made + 1
    maps.holders[made] = 0
    maps.first[made] = _FREE
    return made


@inner
def put(maps: Any, owner: Any, key: Any, tag: Any, bits: Any) -> None:
    """Let a key of a map hold a value; a map that it held before loses a holder, one that it holds now gains one."""
    entry = find(maps, owner, key)
    if tag == MAP:
        maps.holders[bits] += 1
    if entry >= 0:
        if maps.tag[entry] == MAP:
            maps.holders[maps.bits[entry]] -= 1
    else:
        place = -1 - entry
        entry = maps.counts[ENTRIES]
        maps.counts[ENTRIES] = entry + 1
        maps.table[place] = entry
        maps.owner[entry] = owner
        maps.key[entry] = key
        maps.next[entry] = maps.first[owner]
        maps.first[owner] = entry
    maps.tag[entry] = tag
    maps.bits[entry] = bits


@inner
def size_of(maps: Any, owner: Any) -> Any:
    """Return how many entries a map has."""
    count = 0
    entry = maps.first[owner]
    while entry != _FREE:
        count += 1
        entry = maps.next[entry]
    return count


@inner
def copied(maps: Any, owner: Any) -> Any:
    """Return a new map with the same entries."""
    made = new_map(maps)
    entry = maps.first[owner]
    while entry != _FREE:
        put(maps, made, maps.key[entry], maps.tag[entry], maps.bits[entry])
        entry = maps.next[entry]
    return made


@inner
def write(cells: Any, maps: Any, cell: Any, tag: Any, bits: Any) -> None:
    """Let a cell hold a value; maps gain and lose holders as in `put`."""
    if tag == MAP:
        maps.holders[bits] += 1
    if cells.tags[cell] == MAP:
        maps.holders[cells.bits[cell]] -= 1
    cells.tags[cell], cells.bits[cell], cells.changed[cell] = tag, bits, True


@inner
def own_map(cells: Any, maps: Any, cell: Any) -> Any:
    """Return the map of a cell, made or copied so that no one else has it; -1 when the cell holds something else."""
    tag = cells.tags[cell]
    if tag in (NIL, ABSENT):
        owner = new_map(maps)
    elif tag != MAP:
        return -1
    elif maps.holders[cells.bits[cell]] > 1:
        owner = copied(maps, cells.bits[cell])
    else:
        return cells.bits[cell]
    write(cells, maps, cell, MAP, owner)
    return owner


@inner
def own_map_below(maps: Any, owner: Any, key: Any) -> Any:
    """Return the same for what a key of a map holds."""
    entry = find(maps, owner, key)
    if entry < 0 or maps.tag[entry] == NIL:
        below = new_map(maps)
    elif maps.tag[entry] != MAP:
        return -1
    elif maps.holders[maps.bits[entry]] > 1:
        below = copied(maps, maps.bits[entry])
    else:
        return maps.bits[entry]
    put(maps, owner, key, MAP, below)
    return below


def grown(maps: Maps, room: int) -> Maps:
    """Return the same maps with more room."""
    size = 16
    while size < 2 * room:
        size *= 2
    # By numpy: compiled, an assignment of a slice brings along what formats its error, seconds of compiling.
    held = {name: _with_room(getattr(maps, name), room) for name in Maps._fields[1:-1]}
    made = Maps(counts=maps.counts.copy(), table=np.full(size, _FREE, dtype=np.int64), **held)
    _enter(made)
    return made


def _with_room(column: NDArray[np.int64], room: int) -> NDArray[np.int64]:
    made = np.zeros(room, dtype=np.int64)
    made[: len(column)] = column
    return made


@kernel
def _enter(maps: Maps) -> None:
    # Into a table in which nothing is entered yet.
    for entry in range(maps.counts[ENTRIES]):
        place = -1 - find(maps, maps.owner[entry], maps.key[entry])
        maps.table[place] = entry
