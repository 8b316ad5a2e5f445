"""Which series were seen when: sets over time that can be united, from a capture or from stored windows."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.errors import CadenceInvalidError


@dataclass(frozen=True, eq=False)
class Sightings:
    """Pairs of a series and a slot of time in which it was seen, each once, by series and then by time.

    Gaps, which are slots that nobody measured, are left out of time: they are neither empty nor filled.

    Attributes:
        seconds: width of a slot.
        times: int64, ascending, each once: the beginnings of the slots that were measured, whatever was seen in them.
        series: uint64[n], hash of the series' identity.
        time: int64[n], the beginning of the slot.
        metric: int32[n], number of the series' metric; empty when nobody knows.
        source: int32[n], number of the process, or whatever sent the series; empty when nobody knows.
        lasting: bool[n], the source carries no id of its own, such as a group that processes are summed into: when it
            comes again it is the same; empty when nobody knows.
        series_a_source: series that come and go together, those of a process, on average.
        scrape_seconds: how often the pipeline will scrape, where the slots are single scrapes that came faster.
    """

    seconds: float
    times: NDArray[np.int64]
    series: NDArray[np.uint64]
    time: NDArray[np.int64]
    metric: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    source: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, dtype=np.int32))
    lasting: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    series_a_source: float = 1.0
    scrape_seconds: float | None = None

    @cached_property
    def told(self) -> dict[Any, Any]:
        """What `periods.moments` has found already, by period."""
        return {}

    @property
    def slots(self) -> int:
        """How many slots were measured."""
        return len(self.times)

    @cached_property
    def place(self) -> NDArray[np.int64]:
        """int64[n]: the number of each sighting's slot among those measured."""
        return np.searchsorted(self.times, self.time).astype(np.int64)

    @cached_property
    def first(self) -> NDArray[np.bool_]:
        """bool[n]: the sighting is the first of its series."""
        first = np.ones(len(self.series), dtype=np.bool_)
        first[1:] = self.series[1:] != self.series[:-1]
        return first

    @cached_property
    def number(self) -> NDArray[np.int64]:
        """int64[n]: 0, 1, ... for each sighting's series, by hash."""
        numbers: NDArray[np.int64] = np.cumsum(self.first, dtype=np.int64) - 1
        return numbers

    @property
    def count(self) -> int:
        """How many series were seen."""
        return int(np.count_nonzero(self.first))

    @property
    def thinned(self) -> bool:
        """Whether the pipeline will scrape more slowly than was looked here."""
        return self.scrape_seconds is not None and self.scrape_seconds > self.seconds

    def mean_a_slot(self) -> float:
        """Return the series of an average slot."""
        return len(self.series) / self.slots if self.slots else 0.0

    def arrivals(self) -> NDArray[np.bool_]:
        """Return bool[count]: the series came after the beginning.

        Some say nothing at a first scrape, since a rate or a delta needs two: what a source of the first scrape says
        from the second on is no arrival.
        """
        place = self.place[self.first]
        if not len(self.source):
            return place > 0
        source = self.source[self.first]
        early = np.zeros(int(source.max()) + 1, dtype=np.bool_)
        early[source[place == 0]] = True
        return place > np.where(early[source], 1, 0)

    def renewed(self) -> NDArray[np.bool_]:
        """Return bool[count]: the series came after the beginning, and others like it will never be the same one."""
        arrivals = self.arrivals()
        return arrivals & ~self.lasting[self.first] if len(self.lasting) else arrivals

    def weights(self) -> NDArray[np.float64]:
        """Return float64[count]: the chance that the pipeline's own, slower scrapes meet each series.

        One that was there at the beginning or at the end may have lived long: it counts whole.
        """
        if self.scrape_seconds is None or not self.thinned or not self.count:
            return np.ones(self.count)
        number = self.number
        seen = np.bincount(number, minlength=self.count)
        edge = np.zeros(self.count, dtype=np.bool_)
        edge[number[(self.place == self.place.min()) | (self.place == self.slots - 1)]] = True
        chance = np.minimum(1.0, seen * self.seconds / self.scrape_seconds)
        return np.where(edge, 1.0, chance)

    def of_metrics(self, numbers: NDArray[np.int64]) -> Self:
        """Return the sightings of these metrics alone; only where metrics are known."""
        kept = np.isin(self.metric, numbers)
        source = self.source[kept] if len(self.source) else self.source
        chosen, sources = len(np.unique(self.series[kept])), len(np.unique(source))
        return replace(
            self,
            series=self.series[kept],
            time=self.time[kept],
            metric=self.metric[kept],
            source=source,
            lasting=self.lasting[kept] if len(self.lasting) else self.lasting,
            series_a_source=max(1.0, chosen / sources) if sources else self.series_a_source,
        )

    def __or__(self, other: Self) -> "Sightings":
        """Return everything that either saw, each once. Metrics and sources are then no longer known.

        Raises:
            CadenceInvalidError: their slots differ in width.
        """
        if self.seconds != other.seconds:
            raise CadenceInvalidError(f"slots of {self.seconds:g} s and {other.seconds:g} s have no union")
        series = np.concatenate([self.series, other.series])
        time = np.concatenate([self.time, other.time])
        kept = distinct_pairs(series, time)
        return Sightings(
            self.seconds,
            np.union1d(self.times, other.times),
            series[kept],
            time[kept],
            series_a_source=max(self.series_a_source, other.series_a_source),
            scrape_seconds=self.scrape_seconds,
        )


def distinct_pairs(series: NDArray[np.uint64], time: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a row of each distinct pair, by series and then by time."""
    order = np.lexsort((time, series))
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (np.diff(series[order]) != 0) | (np.diff(time[order]) != 0)
    rows: NDArray[np.int64] = order[fresh]
    return rows
