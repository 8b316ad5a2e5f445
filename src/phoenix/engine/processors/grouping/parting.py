"""Takes the attributes to group by from points: once per distinct map of attributes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from phoenix.engine.frame import Int32s
from phoenix.engine.pool import Pool
from phoenix.engine.values.codec import write_map
from phoenix.engine.values.map_hash import hashed_map
from phoenix.engine.values.nodes import PointAttributes, ResourceNode
from phoenix.engine.values.value import Map


@dataclass(frozen=True, slots=True)
class Parted:
    """Points and what was taken from each.

    Attributes:
        taken: int32[n], index into `sets`.
        sets: the attributes taken, each combination once.
        left: int32[n], row of the pool: what the point keeps.
    """

    taken: Int32s
    sets: Sequence[Map]
    left: Int32s


def part(pool: Pool[PointAttributes], attributes: Int32s, keys: Sequence[str]) -> Parted:
    """Return points, int32[n] rows of the pool, without the attributes `keys`."""
    if not keys:
        return Parted(np.zeros(len(attributes), dtype=np.int32), [Map()], attributes)
    used = np.zeros(len(pool), dtype=np.bool_)
    used[attributes] = True
    taken = np.zeros(len(used), dtype=np.int32)
    left = np.zeros(len(used), dtype=np.int32)
    numbers: dict[bytes, int] = {}
    sets: list[Map] = []
    for row in np.flatnonzero(used).tolist():
        kept = pool[row]
        found = Map.of((key, kept.get(key)) for key in keys if key in kept)
        for key, _ in found:
            kept = kept.without(key)
        taken[row] = numbers.setdefault(write_map(found), len(numbers))
        if len(numbers) > len(sets):
            sets.append(found)
        left[row] = pool.add(kept) if len(found) else row
    return Parted(taken[attributes], sets, left[attributes])


def reference_resource(node: ResourceNode, taken: Map) -> tuple[ResourceNode, bytes]:
    """Return the resource that points of `node` go to, and what tells it from others in a request.

    It has attributes and nothing else: no schema URL, dropped count or entities (attribute_groups.go).
    """
    attributes = node.attributes
    for key, value in taken:
        attributes = attributes.put(key, value)
    return ResourceNode(attributes), hashed_map(attributes)
