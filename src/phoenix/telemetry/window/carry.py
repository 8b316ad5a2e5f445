"""What a meter remembers of a stream from one window to the next: the last value of each counter."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Carry:
    """The counters of a stream as they stood when its last window ended.

    Attributes:
        series: uint64, ascending.
        time: int64, of the last point of each.
        start: int64, its start time.
        bits: int64, its value.
        is_int: bool, the value is an integer.
        since: time of the first point of the window before, nanoseconds; None before the first window.
    """

    series: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, dtype=np.uint64))
    time: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    start: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    bits: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    is_int: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, dtype=np.bool_))
    since: int | None = None

    def __len__(self) -> int:
        return len(self.series)

    def find(self, series: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return the row of each series, and whether there is one."""
        if not len(self):
            return np.zeros(len(series), dtype=np.int64), np.zeros(len(series), dtype=np.bool_)
        row = np.minimum(np.searchsorted(self.series, series), len(self) - 1)
        return row, self.series[row] == series

    def renewed(self, newer: "Carry", *, oldest: int, most: int) -> "Carry":
        """Return this with `newer` over it, without what was last seen before `oldest`, and the latest `most` of it."""
        old = ~np.isin(self.series, newer.series, assume_unique=True) & (self.time >= oldest)
        series = np.concatenate([self.series[old], newer.series])
        time = np.concatenate([self.time[old], newer.time])
        kept = np.arange(len(series)) if len(series) <= most else np.argsort(-time, kind="stable")[:most]
        order = kept[np.argsort(series[kept])]
        return Carry(
            series[order],
            time[order],
            np.concatenate([self.start[old], newer.start])[order],
            np.concatenate([self.bits[old], newer.bits])[order],
            np.concatenate([self.is_int[old], newer.is_int])[order],
            newer.since,
        )
