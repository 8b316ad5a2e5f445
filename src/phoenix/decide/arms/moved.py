"""Where a live saving comes from: metrics and executables, the largest first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from phoenix.decide.arms.model import PairedWindow
from phoenix.telemetry.window.model import WindowMeasure

# Series and points of each name in one window; points are None where windows do not count them.
_Counts = Mapping[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class LiveMover:
    """One metric or one executable in both arms.

    Attributes:
        name: of the metric or executable.
        baseline_series, candidate_series: the mean in a window of a host.
        baseline_points, candidate_points: of all windows; None for executables, whose points windows do not count.
    """

    name: str
    baseline_series: float
    candidate_series: float
    baseline_points: int | None
    candidate_points: int | None

    def as_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return {
            "name": self.name,
            "series_per_window": {"baseline": self.baseline_series, "candidate": self.candidate_series},
            "points": {"baseline": self.baseline_points, "candidate": self.candidate_points},
        }


def metric_movers(pairs: Sequence[PairedWindow], *, limit: int | None = 10) -> tuple[LiveMover, ...]:
    """Return what saves most by metric: by series, then points, then name."""
    return _movers(pairs, lambda it: {name: (part.series, part.points) for name, part in it.metrics.items()}, limit)


def process_movers(pairs: Sequence[PairedWindow], *, limit: int | None = 10) -> tuple[LiveMover, ...]:
    """Return what saves most by executable: by series, then name."""
    return _movers(pairs, lambda it: {name: (part.series, None) for name, part in it.processes.items()}, limit)


def _movers(
    pairs: Sequence[PairedWindow], counts: Callable[[WindowMeasure], _Counts], limit: int | None
) -> tuple[LiveMover, ...]:
    before, after = (_summed([counts(window) for window in side]) for side in _sides(pairs))
    found = []
    for name in before.keys() | after.keys():
        (old, old_points), (new, new_points) = before.get(name, (0, None)), after.get(name, (0, None))
        if old_points is not None or new_points is not None:
            old_points, new_points = old_points or 0, new_points or 0
        found.append(LiveMover(name, old / len(pairs), new / len(pairs), old_points, new_points))
    found.sort(key=lambda it: (it.candidate_series - it.baseline_series, _grown(it), it.name))
    return tuple(found[:limit])


def _sides(pairs: Sequence[PairedWindow]) -> tuple[list[WindowMeasure], list[WindowMeasure]]:
    return [pair.baseline for pair in pairs], [pair.candidate for pair in pairs]


def _summed(windows: Sequence[_Counts]) -> dict[str, tuple[int, int | None]]:
    found: dict[str, tuple[int, int | None]] = {}
    for window in windows:
        for name, (series, points) in window.items():
            had, had_points = found.get(name, (0, None))
            found[name] = (had + series, points if had_points is None else had_points + (points or 0))
    return found


def _grown(mover: LiveMover) -> int:
    return (mover.candidate_points or 0) - (mover.baseline_points or 0)
