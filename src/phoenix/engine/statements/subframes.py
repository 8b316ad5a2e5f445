"""A few rows of a frame as a frame of their own, each below parents of its own, and their way back.

The rows of one wave have no parent in common from the hot level down, so there every level has one row for each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from phoenix.engine.frame import Frame, Level, NodeTable, PointTable

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Subframe:
    """Rows of a context taken out.

    Attributes:
        frame: them alone, with what is above them.
        rows: by level, from the resources to the context: which row of the whole frame each row is.
    """

    frame: Frame
    rows: Sequence[Rows]

    @classmethod
    def of(cls, whole: "Workbench", level: Level, rows: Rows) -> "Subframe":
        """Return the rows of a level of the whole, ascending."""
        chosen: list[Rows] = [rows]
        parents: list[NDArray[np.int32]] = []
        for above in range(level, 0, -1):
            found, which = np.unique(whole.frame.parent(Level(above))[chosen[0]], return_inverse=True)
            parents.insert(0, which.astype(np.int32))
            chosen.insert(0, found.astype(np.intp))
        parents.insert(0, whole.frame.parent(Level.RESOURCE)[chosen[0]])
        tables = [NodeTable(parents[at], whole.values[at][chosen[at]]) for at in range(min(level + 1, 3))]
        tables += [NodeTable(_NONE, _NONE)] * (3 - len(tables))
        points = whole.points_of(chosen[3], parents[3]) if level is Level.POINT else whole.points_of(_NO_ROWS, _NONE)
        resources, scopes, metrics = tables
        source, pools = whole.frame.source, whole.frame.pools
        return cls(Frame(source, whole.frame.arrivals, resources, scopes, metrics, points, pools), chosen)


class Workbench:
    """A frame whose values are written to, a few rows at a time.

    Args:
        frame: left as it is.
    """

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.values = [frame.value(level).copy() for level in (Level.RESOURCE, Level.SCOPE, Level.METRIC)]
        self._points: dict[str, NDArray[Any]] = {
            field.name: getattr(frame.points, field.name) for field in fields(PointTable)
        }
        self._copied: set[str] = set()

    def points_of(self, rows: Rows, metric: NDArray[np.int32]) -> PointTable:
        """Return some points below the metrics given."""
        columns = {name: column[rows] for name, column in self._points.items() if name != "metric"}
        return PointTable(metric=metric, **columns)

    def put(self, before: Subframe, after: Frame) -> None:
        """Write back what a subframe has become."""
        for index, rows in enumerate(before.rows[:3]):
            self.values[index][rows] = after.value(Level(index))
        if len(before.rows) <= Level.POINT:
            return
        for name in self._points:
            made, old = getattr(after.points, name), getattr(before.frame.points, name)
            if name == "metric" or made is old:
                continue
            if name not in self._copied:
                self._points[name] = self._points[name].copy()
                self._copied.add(name)
            self._points[name][before.rows[Level.POINT]] = made

    def done(self) -> Frame:
        """Return the frame with all that was written."""
        frame = self.frame
        for level, value in zip((Level.RESOURCE, Level.SCOPE, Level.METRIC), self.values, strict=True):
            frame = frame.with_value(level, value)
        return frame.with_(points=replace(frame.points, **self._points))


_NONE = np.zeros(0, dtype=np.int32)
_NO_ROWS = np.zeros(0, dtype=np.intp)
