"""Whose the cells of a program are, and which rows a program visits in which order."""

from collections.abc import Collection, Sequence
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
        order: int64[v, 4]: group, places in the group's rows from the first to behind the last, request; as the
            collector comes to them.
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
    def of(cls, frame: Frame, groups: Sequence[Group], rows: Sequence[Rows], needed: Collection[int]) -> "Visits":
        """Return the visits: request by request, and in each group by group.

        Args:
            frame: whose rows.
            groups: in order.
            rows: by group.
            needed: the levels that have owners.
        """
        order = _order(frame, groups, rows)
        places = np.zeros((len(groups), 4), dtype=np.int64)
        parts: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
        owners, size = [], 0
        for level in Level:
            above = [
                ancestors(frame, LEVELS[group.context], level, chosen) if level in needed else chosen[:0]
                for group, chosen in zip(groups, rows, strict=True)
            ]
            seen = np.zeros(frame.size(level), dtype=np.bool_)
            for found in above:
                seen[found] = True
            owners.append(np.flatnonzero(seen))
            if level not in needed:
                continue
            places_of = np.cumsum(seen, dtype=np.int32) - 1
            for number, found in enumerate(above):
                places[number, level] = size
                parts.append(places_of[found].astype(np.int32))
                size += len(found)
        return cls(rows, order, owners, places, np.concatenate(parts))


def _order(frame: Frame, groups: Sequence[Group], rows: Sequence[Rows]) -> NDArray[np.int64]:
    # Rows ascend and so do their requests: those of one request stand together.
    requests = np.arange(len(frame.arrivals) + 1)
    begins: list[NDArray[np.int64]] = []
    for level in Level:
        requests = np.searchsorted(frame.parent(level), requests)
        begins.append(requests.astype(np.int64))
    order = np.empty((len(frame.arrivals), len(groups), 4), dtype=np.int64)
    order[:, :, 3] = np.arange(len(frame.arrivals))[:, np.newaxis]
    for number, (group, chosen) in enumerate(zip(groups, rows, strict=True)):
        bounds = np.searchsorted(chosen, begins[LEVELS[group.context]])
        order[:, number, 0] = number
        order[:, number, 1], order[:, number, 2] = bounds[:-1], bounds[1:]
    runs = order.reshape(-1, 4)
    return np.ascontiguousarray(runs[runs[:, 1] < runs[:, 2]])


def ancestors(frame: Frame, level: Level, above: Level, rows: Rows) -> Rows:
    """Return the rows of a level above that rows of a level are or are below; none when it is further down."""
    if above > level:
        return rows[:0]
    for below in range(level, above, -1):
        rows = frame.parent(Level(below))[rows].astype(np.intp)
    return rows
