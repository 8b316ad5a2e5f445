"""Interning inside the kernels: a hash table over byte strings that compares bytes, so it is exact."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.wire import Bytes, Int

_BEGIN, _HASH = 0, 1


class Interner(NamedTuple):
    """Distinct byte strings in the order first seen; string i is `data[entries[i, 0]:entries[i + 1, 0]]`.

    Attributes:
        data: uint8[room], the strings one after the other; behind them the one being built.
        entries: int64[most + 2, 2], where string i begins and its hash; the row after the last string says where the
            next is to begin, and the last row how many there are.
        slots: int32[a power of two], 0 or the string's number + 1.
    """

    data: Bytes
    entries: NDArray[np.int64]
    slots: NDArray[np.int32]


def new_interner(most: int, room: int) -> Interner:
    """Return an empty interner for at most `most` strings of `room` bytes together.

    Memory that is never written is never taken from the system, so generous bounds cost nothing.
    """
    return Interner(
        data=np.empty(room, dtype=np.uint8),
        entries=np.zeros((most + 2, 2), dtype=np.int64),
        slots=np.zeros(1 << (2 * most + 1).bit_length(), dtype=np.int32),
    )


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
def _hash(data: Bytes, start: Int, size: Int) -> Int:
    # Four bytes at a time. Both factors are below 2**32 and 2**31, so in int64 the product cannot overflow.
    digest = np.int64(size)
    at = start
    for _ in range(size >> 2):
        word = (
            np.int64(data[np.uint64(at)])
            | np.int64(data[np.uint64(at + 1)]) << 8
            | np.int64(data[np.uint64(at + 2)]) << 16
            | np.int64(data[np.uint64(at + 3)]) << 24
        )
        product = (digest ^ word) * 0x4F1BBCDD
        digest = (product ^ (product >> 32)) & 0xFFFFFFFF
        at += 4
    for _ in range(size & 3):
        product = (digest ^ np.int64(data[np.uint64(at)])) * 0x4F1BBCDD
        digest = (product ^ (product >> 32)) & 0xFFFFFFFF
        at += 1
    return digest


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
    digest = _hash(data, start, size)
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
