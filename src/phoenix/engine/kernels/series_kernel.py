"""The kernels that give rows with equal keys one number, in the order first seen: what `engine.series` is made of."""

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel

_PRIME = 0x7FFFFFFF


def numbered(keys: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Return (int32[n], the number of each key; int64[count], the row where each number stands first)."""
    # Memory that is never written is never taken from the system, so room for the worst case costs nothing.
    numbers = np.empty(len(keys), dtype=np.int32)
    first = np.empty(len(keys), dtype=np.int64)
    slots = np.zeros(1 << (2 * len(keys) + 1).bit_length(), dtype=np.int32)
    count = _number(keys, numbers, first, slots, process_key())
    return numbers, first[:count].copy()


@inner
def _slot(key: np.int64, secret: NDArray[np.int64], mask: np.int64) -> np.int64:
    # Two polynomials over a prime field at points of this process's own, so no telemetry can be made that meets here.
    low, high, sign = key & _PRIME, (key >> 31) & _PRIME, (key >> 62) & 3
    digest = low + high * np.int64(secret[0]) + sign * np.int64(secret[1])
    digest = (digest & _PRIME) + (digest >> 31)
    digest = (digest & _PRIME) + (digest >> 31)
    product = digest * np.int64(secret[4])
    return np.int64((product ^ (product >> 31)) & mask)


@kernel
def _number(
    keys: NDArray[np.int64],
    numbers: NDArray[np.int32],
    first: NDArray[np.int64],
    slots: NDArray[np.int32],
    secret: NDArray[np.int64],
) -> int:
    count = 0
    mask = np.int64(len(slots) - 1)
    for row in range(len(keys)):
        key = keys[row]
        if row > 0 and key == keys[row - 1]:
            numbers[row] = numbers[row - 1]
            continue
        slot = _slot(key, secret, mask)
        while slots[slot] != 0 and keys[first[slots[slot] - 1]] != key:
            slot = (slot + 1) & mask
        if slots[slot] == 0:
            first[count] = row
            count += 1
            slots[slot] = count
        numbers[row] = slots[slot] - 1
    return count
