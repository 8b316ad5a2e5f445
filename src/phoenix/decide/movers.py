"""Where a saving comes from: series and points by metric and by process name, the largest first. Called by what-if."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.loss.observed import Observed, observe
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.processes import EXECUTABLE_NAME

NO_PROCESS = "(no process)"


@dataclass(frozen=True, slots=True)
class Mover:
    """One metric or one process name, before and after.

    Attributes:
        name: the metric's name, or the executable's.
        series_before, series_after: distinct series.
        points_before, points_after: points.
    """

    name: str
    series_before: int
    series_after: int
    points_before: int
    points_after: int

    @property
    def series_saved(self) -> int:
        """How many series fewer; negative where there are more."""
        return self.series_before - self.series_after

    @property
    def points_saved(self) -> int:
        """How many points fewer; negative where there are more."""
        return self.points_before - self.points_after

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "series": {"before": self.series_before, "after": self.series_after},
            "points": {"before": self.points_before, "after": self.points_after},
        }


@dataclass(frozen=True, slots=True)
class Movers:
    """The largest savings by metric and by process name."""

    metrics: tuple[Mover, ...]
    processes: tuple[Mover, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "metrics": [mover.as_dict() for mover in self.metrics],
            "processes": [mover.as_dict() for mover in self.processes],
        }


def movers(before: Capture | Observed, after: Capture | Observed, *, limit: int | None = 10) -> Movers:
    """Return what saves most: by series, then points, then name.

    Processes are told apart by executable name, as people name them; what is no process is summed under one name.
    A group that a pipeline made counts under the name it was given.
    """
    sides = (observe(before), observe(after))
    by_metric = [
        _counts(side, side.metric, {row: metric.name for row, metric in side.metrics.items()}) for side in sides
    ]
    by_process = [
        _counts(
            side,
            side.resource,
            {row: str(resource.get(EXECUTABLE_NAME, NO_PROCESS)) for row, resource in side.resources.items()},
        )
        for side in sides
    ]
    return Movers(_ranked(by_metric[0], by_metric[1], limit), _ranked(by_process[0], by_process[1], limit))


def _counts(side: Observed, rows: NDArray[np.int32], names: Mapping[int, str]) -> dict[str, tuple[int, int]]:
    """Return series and points by name, given the name of each distinct row."""
    size = max(names, default=-1) + 1
    series = np.bincount(rows, minlength=size)
    points = np.bincount(rows, weights=side.points, minlength=size).astype(np.int64)
    counts: dict[str, tuple[int, int]] = {}
    for row, name in names.items():
        already = counts.get(name, (0, 0))
        counts[name] = (already[0] + int(series[row]), already[1] + int(points[row]))
    return counts


def _ranked(
    before: Mapping[str, tuple[int, int]], after: Mapping[str, tuple[int, int]], limit: int | None
) -> tuple[Mover, ...]:
    nothing = (0, 0)
    found = []
    for name in before.keys() | after.keys():
        (series_before, points_before), (series_after, points_after) = (
            before.get(name, nothing),
            after.get(name, nothing),
        )
        found.append(Mover(name, series_before, series_after, points_before, points_after))
    found.sort(key=lambda mover: (-mover.series_saved, -mover.points_saved, mover.name))
    return tuple(found[:limit])
