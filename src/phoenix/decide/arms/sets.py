"""Sets of series held against each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.window.model import SeriesSet


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """Two sets of series held against each other.

    A set that was cut off at a cap is the smallest hashes of all, so both are cut at the same hash and what is counted
    is a lower bound.

    Attributes:
        gone: points of each series that only the first set has.
        made: points of each series that only the second set has.
        points: int64[kept, 2], points in either set of each series that both have.
        values: float64[kept, 2], the same for the sums of their values.
        truncated: one of the sets was cut off.
    """

    gone: NDArray[np.int64]
    made: NDArray[np.int64]
    points: NDArray[np.int64]
    values: NDArray[np.float64]
    truncated: bool


def cross(first: SeriesSet, second: SeriesSet) -> Crossing:
    """Return two sets held against each other."""
    cut = _cut([first, second])
    if cut is not None:
        first, second = _until(first, cut), _until(second, cut)
    _, left, right = np.intersect1d(first.hashes, second.hashes, assume_unique=True, return_indices=True)
    return Crossing(
        gone=np.delete(first.points, left),
        made=np.delete(second.points, right),
        points=np.column_stack((first.points[left], second.points[right])),
        values=np.column_stack((first.values[left], second.values[right])),
        truncated=cut is not None,
    )


def _cut(parts: list[SeriesSet]) -> np.uint64 | None:
    """Return the hash up to which every set is complete; None when all are."""
    ends = [part.hashes[-1] for part in parts if part.truncated and len(part.hashes)]
    return min(ends) if ends else None


def _until(part: SeriesSet, cut: np.uint64) -> SeriesSet:
    kept = int(np.searchsorted(part.hashes, cut, side="right"))
    return SeriesSet(part.hashes[:kept], part.points[:kept], part.values[:kept], truncated=True)
