"""Numbers the metric nodes by the attributes of their points: equal numbers have the same attributes in one order."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.intern import process_key
from phoenix.telemetry.codec.jit import inner, kernel
from phoenix.telemetry.codec.wire import Int

_PRIME = 0x7FFFFFFF


class _Table(NamedTuple):
    # What is read: first, identities, gone (empty for none). What is filled: numbers, offsets, members. The hash table.
    first: NDArray[np.int64]
    identities: NDArray[np.int32]
    gone: NDArray[np.bool_]
    numbers: NDArray[np.int32]
    offsets: NDArray[np.int64]
    members: NDArray[np.int32]
    slots: NDArray[np.int32]
    seed: NDArray[np.int64]


def number_tuples(
    first: NDArray[np.int64], identities: NDArray[np.int32], gone: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
    """Return the number of each metric's tuple, and what each tuple holds.

    Args:
        first: int64[M + 1], where the points of each metric begin.
        identities: int32[N], what tells the points of one metric apart.
        gone: bool[N], points that are not there; empty for none.

    Returns:
        int32[M]; int64[T + 1] and int32[...]: tuple t holds `members[offsets[t]:offsets[t + 1]]`.
    """
    metrics = len(first) - 1
    keys = process_key()
    table = _Table(
        first,
        identities,
        gone,
        np.empty(metrics, dtype=np.int32),
        np.zeros(metrics + 1, dtype=np.int64),
        # Memory that is never written is never taken from the system.
        np.empty(len(identities), dtype=np.int32),
        np.zeros(1 << (2 * metrics + 1).bit_length(), dtype=np.int32),
        np.array([int(keys[0]) & _PRIME, int(keys[1]) & _PRIME], dtype=np.int64),
    )
    count = _number(table)
    return table.numbers, table.offsets[: count + 1].copy(), table.members[: table.offsets[count]].copy()


@inner
def _same(members: NDArray[np.int32], old: Int, new: Int, length: Int) -> bool:
    same = True
    for at in range(length):
        same &= members[old + at] == members[new + at]
    return same


@inner
def _write(table: _Table, metric: Int, begin: Int) -> tuple[Int, Int]:
    # What a tuple would hold is written behind the last one, and stays when it is new. Returns its end and its digest.
    end, digest, masked = begin, table.seed[1], len(table.gone) > 0
    for row in range(table.first[metric], table.first[metric + 1]):
        if not (masked and table.gone[row]):
            table.members[end] = table.identities[row]
            end += 1
            digest = (digest * table.seed[0] + table.identities[row] + 1) % _PRIME
    return end, digest


@inner
def _find(table: _Table, begin: Int, end: Int, digest: Int) -> tuple[Int, Int]:
    # Returns the number from 1 of a tuple, 0 when it is new, and the slot.
    mask = np.int64(len(table.slots) - 1)
    slot = (digest ^ (digest >> 15)) & mask
    found = np.int64(table.slots[slot])
    while found > 0:
        known = table.offsets[found - 1]
        if table.offsets[found] - known == end - begin and _same(table.members, known, begin, end - begin):
            break
        slot = (slot + 1) & mask
        found = np.int64(table.slots[slot])
    return found, slot


@kernel
def _number(table: _Table) -> Int:
    count = np.int64(0)
    for metric in range(len(table.numbers)):
        begin = table.offsets[count]
        end, digest = _write(table, metric, begin)
        found, slot = _find(table, begin, end, digest)
        if found == 0:
            count += 1
            table.offsets[count] = end
            table.slots[slot] = count
            found = count
        table.numbers[metric] = found - 1
    return count
