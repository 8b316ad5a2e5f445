"""Takes the attributes to group by from points: once per distinct map of attributes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Int32s
from phoenix.engine.pool import Pool
from phoenix.engine.values.codec import write_map
from phoenix.engine.values.map_hash import hashed_map
from phoenix.engine.values.nodes import PointAttributes, ResourceNode
from phoenix.engine.values.value import Map


@dataclass(frozen=True, slots=True)
class Parted:
    """Attributes and what is taken from them, by their rows of the pool.

    Attributes:
        taken: int32, index into `sets`.
        sets: the attributes taken, each combination once.
        left: int32, row of the pool: what points keep.
    """

    taken: Int32s
    sets: Sequence[Map]
    left: Int32s


def part(pool: Pool[PointAttributes], used: NDArray[np.intp], keys: Sequence[str]) -> Parted:
    """Return the attributes in use, rows of the pool, without the `keys`."""
    taken = np.zeros(len(pool), dtype=np.int32)
    left = np.arange(len(pool), dtype=np.int32)
    if not keys:
        return Parted(taken, [Map()], left)
    numbers: dict[bytes, int] = {}
    sets: list[Map] = []
    for row in used.tolist():
        kept = pool[row]
        found = Map.of((key, kept.get(key)) for key in keys if key in kept)
        for key, _ in found:
            kept = kept.without(key)
        taken[row] = numbers.setdefault(write_map(found), len(numbers))
        if len(numbers) > len(sets):
            sets.append(found)
        left[row] = pool.add(kept) if len(found) else row
    return Parted(taken, sets, left)


def reference_resource(node: ResourceNode, taken: Map) -> tuple[ResourceNode, bytes]:
    """Return the resource that points of `node` go to, and what tells it from others in a request.

    It has attributes and nothing else: no schema URL, dropped count or entities (attribute_groups.go).
    """
    attributes = node.attributes
    for key, value in taken:
        attributes = attributes.put(key, value)
    return ResourceNode(attributes), hashed_map(attributes)
