"""Maps inside a kernel: what a shared cache holds below its keys.

All entries of all maps stand in one hash table keyed by map and text. A map that several places hold is copied before
one of them changes it; what no place holds any more stays until the end. Entries are never taken out.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.kernels.statement_values_kernel import ABSENT, MAP, NIL
from phoenix.telemetry.codec.jit import inner, kernel

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
