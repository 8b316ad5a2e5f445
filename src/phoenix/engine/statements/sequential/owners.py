"""Whose the cells of a program are, and which rows a program visits in which order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level
from phoenix.engine.paths.fields import LEVELS
from phoenix.engine.statements.group import Group

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Visits:
    """The rows that a program runs for.

    Attributes:
        rows: by group, its rows that may do anything, ascending.
        order: int64[v, 3]: group, place in the group's rows, request; as the collector comes to them.
        owners: by level, the rows that visited rows are or are below, ascending.
        places: int64[groups, 4], where the owners of a group's rows begin in the next; by level.
        owner: int32[...], places in `owners`.
    """

    rows: Sequence[Rows]
    order: NDArray[np.int64]
    owners: Sequence[Rows]
    places: NDArray[np.int64]
    owner: NDArray[np.int32]

    @classmethod
    def of(cls, frame: Frame, groups: Sequence[Group], rows: Sequence[Rows]) -> "Visits":
        """Return the visits: request by request, and in each group by group."""
        orders = []
        for number, (group, chosen) in enumerate(zip(groups, rows, strict=True)):
            requests = frame.spread(frame.resources.parent, Level.RESOURCE, LEVELS[group.context])[chosen]
            column = np.full(len(chosen), number, dtype=np.int64)
            orders.append(np.stack([column, np.arange(len(chosen)), requests.astype(np.int64)], axis=1))
        order = np.concatenate(orders)
        if len(groups) > 1:
            order = order[np.lexsort((order[:, 0], order[:, 2]))]
        above = [_ancestors(frame, LEVELS[group.context], chosen) for group, chosen in zip(groups, rows, strict=True)]
        owners = [_union([found[level] for found in above if level < len(found)]) for level in range(4)]
        places = np.zeros((len(groups), 4), dtype=np.int64)
        parts: list[NDArray[np.int32]] = []
        size = 0
        for number, found in enumerate(above):
            for level, ancestors in enumerate(found):
                places[number, level] = size
                parts.append(np.searchsorted(owners[level], ancestors).astype(np.int32))
                size += len(ancestors)
        return cls(rows, np.ascontiguousarray(order), owners, places, np.concatenate(parts))


def _ancestors(frame: Frame, level: Level, rows: Rows) -> list[Rows]:
    found = [rows]
    for below in range(level, 0, -1):
        found.insert(0, frame.parent(Level(below))[found[0]].astype(np.intp))
    return found


def _union(parts: Sequence[Rows]) -> Rows:
    if not parts:
        return np.zeros(0, dtype=np.intp)
    return np.unique(np.concatenate(parts))
