"""Which points of one capture the points of another were made of, for whoever judges what became of the first.

Known where a pipeline was evaluated in columns; a collector does not tell.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Origins:
    """The points that each point of an output came from.

    Attributes:
        offsets: int64[N + 1], N the points of the output: point i came from `rows[offsets[i]:offsets[i + 1]]`.
        rows: int64[...], rows of the input's points.
    """

    offsets: NDArray[np.int64]
    rows: NDArray[np.int64]

    @classmethod
    def one_each(cls, rows: NDArray[np.int64]) -> Self:
        """Return the origins of points that came from one point each, or from none: -1."""
        known = rows >= 0
        return cls(np.concatenate([np.zeros(1, np.int64), np.cumsum(known, dtype=np.int64)]), rows[known])

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the row of the input's point and of the output's point, for each of the first in the second."""
        return self.rows, np.repeat(np.arange(len(self)), np.diff(self.offsets))

    def taken(self, rows: NDArray[np.int64]) -> Self:
        """Return the origins of some of the output's points, in another order."""
        counts = np.diff(self.offsets)[rows]
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], counts)
        return type(self)(offsets, self.rows[np.repeat(self.offsets[rows], counts) + within])

    def against(self, other: Self, points: int) -> Self | None:
        """Return the origins of the same output in another output of the same input instead.

        A point of the input that is no part of the other output is no origin; None when the other output folded points
        or took one twice, so that nobody can say which of its points stands for one of the input.

        Args:
            other: of the other output.
            points: how many the input has.
        """
        if (np.diff(other.offsets) > 1).any() or len(np.unique(other.rows)) < len(other.rows):
            return None
        place = np.full(points, -1, dtype=np.int64)
        rows_in, rows_out = other.pairs()
        place[rows_in] = rows_out
        found = place[self.rows]
        known = found >= 0
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(known, dtype=np.int64)])
        return type(self)(before[self.offsets], found[known])
