"""The kernels that give rows with equal keys one number, in the order first seen: what `engine.series` is made of."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel

_PRIME = 0x7FFFFFFF


def numbered(keys: NDArray[np.int64], more: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return the numbers of rows.

    Args:
        keys: what a row says.
        more: the rest of what it says; or empty, when that is all.

    Returns:
        int32[n], the number of each row, and int64[count], the row where each number stands first.
    """
    # Memory that is never written is never taken from the system, so room for the worst case costs nothing.
    size = len(keys)
    numbers, first = np.empty(size, dtype=np.int32), np.empty(size, dtype=np.int64)
    slots, following = np.zeros(1 << (2 * size + 1).bit_length(), dtype=np.int32), np.zeros(size, dtype=np.int32)
    count = _number(keys, more, Found(numbers, first, slots, following), process_key())
    return numbers, first[:count].copy()


class Found(NamedTuple):
    """What is filled in.

    Attributes:
        numbers: int32[n], the number of each row.
        first: int64[n], the row where a number stands first.
        slots: int32[a power of two], 0 or a number + 1.
        following: int32[n], the number that came after a number last time.
    """

    numbers: NDArray[np.int32]
    first: NDArray[np.int64]
    slots: NDArray[np.int32]
    following: NDArray[np.int32]


@inner
def _digest(key: np.int64, point: np.int64, square: np.int64) -> np.int64:
    low, high, sign = key & _PRIME, (key >> 31) & _PRIME, (key >> 62) & 3
    digest = low + high * point + sign * square
    digest = (digest & _PRIME) + (digest >> 31)
    return np.int64((digest & _PRIME) + (digest >> 31))


@inner
def _slot(key: np.int64, more: np.int64, secret: NDArray[np.int64], mask: np.int64) -> np.int64:
    # Polynomials over a prime field at points of this process's own, so no telemetry can be made that meets here.
    digest = _digest(key, np.int64(secret[0]), np.int64(secret[1])) + _digest(
        more, np.int64(secret[2]), np.int64(secret[3])
    )
    digest = (digest & _PRIME) + (digest >> 31)
    product = digest * np.int64(secret[4])
    return np.int64((product ^ (product >> 31)) & mask)


@kernel
def _number(keys: NDArray[np.int64], more: NDArray[np.int64], found: Found, secret: NDArray[np.int64]) -> int:
    numbers, first, slots, following = found.numbers, found.first, found.slots, found.following
    count, last = 0, 0
    has_more = len(more) > 0
    mask = np.int64(len(slots) - 1)
    for row in range(len(keys)):
        key = keys[row]
        rest = more[row] if has_more else np.int64(0)
        if row > 0:
            # Telemetry repeats itself: what came after this one the last time mostly comes again.
            guess = following[last]
            place = first[guess]
            if keys[place] == key and (not has_more or more[place] == rest):
                numbers[row] = guess
                last = guess
                continue
        slot = _slot(key, rest, secret, mask)
        while slots[slot] != 0:
            place = first[slots[slot] - 1]
            if keys[place] == key and (not has_more or more[place] == rest):
                break
            slot = (slot + 1) & mask
        if slots[slot] == 0:
            first[count] = row
            count += 1
            slots[slot] = count
        number = slots[slot] - 1
        numbers[row] = number
        following[last] = number
        last = number
    return count
