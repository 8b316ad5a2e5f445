"""Interning inside the kernels: a hash table over byte strings that compares bytes, so it is exact.

The hash is a polynomial over a prime field at a point that each process draws for itself (Carter and Wegman, 1979):
two strings of n bytes share one with a chance of n / 3 in 2**31 at most, whoever chose them. So no input can be made
that meets in a few slots and turns interning quadratic.
"""

import secrets
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.wire import Bytes, Int

_BEGIN, _HASH = 0, 1
_PRIME = 0x7FFFFFFF


class Interner(NamedTuple):
    """Distinct byte strings in the order first seen; string i is `data[entries[i, 0]:entries[i + 1, 0]]`.

    Attributes:
        data: uint8[room], the strings one after the other; behind them the one being built.
        entries: int64[most + 2, 2], where string i begins and its hash; the row after the last string says where the
            next is to begin, and the last row how many there are.
        slots: int32[a power of two], 0 or the string's number + 1.
        key: int64[5], the point at which the polynomial is taken and its powers, and what scatters the value.
    """

    data: Bytes
    entries: NDArray[np.int64]
    slots: NDArray[np.int32]
    key: NDArray[np.int64]


def new_interner(most: int, room: int) -> Interner:
    """Return an empty interner for at most `most` strings of `room` bytes together.

    Memory that is never written is never taken from the system, so generous bounds cost nothing.
    """
    return Interner(
        data=np.empty(room, dtype=np.uint8),
        entries=np.zeros((most + 2, 2), dtype=np.int64),
        slots=np.zeros(1 << (2 * most + 1).bit_length(), dtype=np.int32),
        key=process_key(),
    )


@cache
def process_key() -> NDArray[np.int64]:
    """Return the key of this process; the numbers that strings get don't depend on it."""
    return new_key(1 + secrets.randbelow(_PRIME - 1), secrets.randbits(30))


def new_key(point: int, scatter: int) -> NDArray[np.int64]:
    """Return a key: `point` is from 1 to 2**31 - 2, `scatter` below 2**30."""
    return np.array([*(pow(point, power, _PRIME) for power in (1, 2, 3, 4)), scatter | 1], dtype=np.int64)


@inner
def count(table: Interner) -> Int:
    """Return how many strings there are."""
    return np.int64(table.entries[len(table.entries) - 1, 0])


@inner
def begin(table: Interner) -> Int:
    """Return where the next string is to be built in `table.data`."""
    return np.int64(table.entries[count(table), _BEGIN])


@inner
def start_of(table: Interner, number: Int) -> Int:
    """Return where a string begins in `table.data`."""
    return np.int64(table.entries[number, _BEGIN])


@inner
def append(table: Interner, to: Int, data: Bytes, start: Int, stop: Int) -> Int:
    """Copy `data[start:stop]` behind what is built so far; return the end of it."""
    target = table.data
    for i in range(stop - start):
        target[np.uint64(to + i)] = data[np.uint64(start + i)]
    return to + stop - start


@inner
def append_byte(table: Interner, to: Int, byte: Int) -> Int:
    """Put one byte behind what is built so far; return the end of it."""
    table.data[to] = byte
    return to + 1


@inner
def append_varint(table: Interner, to: Int, value: Int) -> Int:
    """Put a non-negative varint behind what is built so far; return the end of it."""
    while value >= 0x80:
        table.data[to] = (value & 0x7F) | 0x80
        to += 1
        value >>= 7
    table.data[to] = value
    return to + 1


@inner
def _word(data: Bytes, at: Int) -> Int:
    return (
        np.int64(data[np.uint64(at)]) | np.int64(data[np.uint64(at + 1)]) << 8 | np.int64(data[np.uint64(at + 2)]) << 16
    )


@inner
def _reduced(number: Int) -> Int:
    # Below 2**63 to at most the prime and a little: enough for the next product not to overflow.
    number = (number & _PRIME) + (number >> 31)
    return (number & _PRIME) + (number >> 31)


@inner
def digest_of(data: Bytes, start: Int, size: Int, key: NDArray[np.int64]) -> Int:
    """Return the hash of `data[start:start + size]`, 31 bits."""
    # Words of three bytes, each below the prime, are the coefficients, the size the first; four at a time by Horner.
    point, second, third, fourth = np.int64(key[0]), np.int64(key[1]), np.int64(key[2]), np.int64(key[3])
    digest: Int = np.int64(size) & _PRIME
    at = start
    for _ in range(size // 12):
        head = _word(data, at) * third + _word(data, at + 3) * second + _word(data, at + 6) * point
        digest = _reduced(digest * fourth + head + _word(data, at + 9))
        at += 12
    for _ in range(size % 12 // 3):
        digest = _reduced(digest * point + _word(data, at))
        at += 3
    for _ in range(size % 3):
        digest = _reduced(digest * point + np.int64(data[np.uint64(at)]))
        at += 1
    # So that strings that differ a little don't stand in neighbouring slots.
    product = digest * np.int64(key[4])
    return (product ^ (product >> 31)) & _PRIME


@inner
def _same(data: Bytes, left: Int, right: Int, size: Int) -> bool:
    for i in range(size):  # noqa: SIM110 numba compiles no generator
        if data[np.uint64(left + i)] != data[np.uint64(right + i)]:
            return False
    return True


@inner
def intern(table: Interner, stop: Int) -> tuple[Int, bool]:
    """Return (number of the string built up to `stop`, whether it is new)."""
    data, entries, slots = table.data, table.entries, table.slots
    last = count(table)
    start = entries[last, _BEGIN]
    size = stop - start
    digest = digest_of(data, start, size, table.key)
    mask = len(slots) - 1
    slot = digest & mask
    while slots[slot] != 0:
        number = np.int64(slots[slot]) - 1
        left = entries[number, _BEGIN]
        if (
            entries[number, _HASH] == digest
            and entries[number + 1, _BEGIN] - left == size
            and _same(data, left, start, size)
        ):
            return number, False
        slot = (slot + 1) & mask
    slots[slot] = last + 1
    entries[last, _HASH] = digest
    entries[last + 1, _BEGIN] = stop
    entries[len(entries) - 1, 0] = last + 1
    return last, True
