"""A month of measured telemetry, as far as it can be told from what was seen. Called by every meter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.periods import Moments, Period, moments
from phoenix.decide.pricing.usage.quantities import SECONDS_PER_MONTH
from phoenix.decide.pricing.usage.sightings import Sightings

# Columns of a stream's tallies.
POINTS: Final = 0
OTLP_BYTES: Final = 1
JSON_BYTES: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """What one recording, or one host, sent in each slot of time.

    Attributes:
        times: int64[t], the beginnings of the slots.
        seconds: time that a slot stands for in a month: the pipeline's interval for a single scrape.
        tallies: int64[t, M, 3], points, OTLP bytes and JSON-like bytes by metric.
    """

    times: NDArray[np.int64]
    seconds: float
    tallies: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Usage:
    """A month as vendors would meter it, of what was measured.

    Attributes:
        metrics: names, in the order of the numbers that `sightings` and streams use.
        sightings: which series were seen when; None when series are not known.
        streams: what was sent; None when a month of it is not known.
        hosts: hosts that were measured.
        wanted_hosts: hosts that the month is told for.
        share: of the sightings, where a choice of metrics cannot be told series by series.
    """

    metrics: tuple[str, ...]
    sightings: Sightings | None
    streams: tuple[Stream, ...] | None
    hosts: int = 1
    wanted_hosts: int | None = None
    share: Decimal = Decimal(1)

    @classmethod
    def unknown(cls) -> Self:
        """Return the usage of which nothing is known."""
        return cls((), None, None)

    @property
    def factor(self) -> Decimal:
        """How many times what was measured the month is."""
        return Decimal(1) if self.wanted_hosts is None else Decimal(self.wanted_hosts) / self.hosts

    def for_hosts(self, hosts: int | None) -> "Usage":
        """Return the month of so many hosts like those measured; None for these alone."""
        return replace(self, wanted_hosts=hosts)

    def only(self, names: Sequence[str]) -> "Usage":
        """Return the usage of these metrics alone."""
        kept = np.array([number for number, name in enumerate(self.metrics) if name in set(names)], dtype=np.int64)
        if len(kept) == len(self.metrics):
            return self
        sightings, share = self.sightings, self.share
        if sightings is not None and len(sightings.metric) == len(sightings.series):
            sightings = sightings.of_metrics(kept)
        else:
            share *= self._share(kept)
        chosen = np.zeros(len(self.metrics), dtype=np.int64)
        chosen[kept] = 1
        streams = self.streams and tuple(
            replace(stream, tallies=stream.tallies * chosen[None, :, None]) for stream in self.streams
        )
        return replace(self, sightings=sightings, streams=streams, share=share)

    def series(self, period: Period) -> Range:
        """Return the series a month has under a vendor's period."""
        counts = self.moments(period)
        return Range.unknown() if counts is None else counts.summed_up(period.percentile)

    def moments(self, period: Period) -> Moments | None:
        """Return the counts that `series` sums up; None when series are not known."""
        if self.sightings is None or not self.sightings.slots:
            return None
        return moments(self.sightings, period).times(self.factor * self.share)

    def minutes(self) -> Moments | None:
        """Return the points a minute in each slot, all streams together; a slot that a stream lacks is as its mean."""
        if not self.streams:
            return None
        times = np.unique(np.concatenate([stream.times for stream in self.streams]))
        total = np.zeros(len(times))
        for stream in self.streams:
            rates = stream.tallies[:, :, POINTS].sum(axis=1) * (60 / stream.seconds)
            filled = np.full(len(times), rates.mean())
            filled[np.searchsorted(times, stream.times)] = rates
            total += filled
        rates_seen = tuple(Decimal(str(round(rate, 6))) * self.factor for rate in total.tolist())
        return Moments((min(rates_seen),), rates_seen, (max(rates_seen),))

    def points(self) -> Range:
        """Return the points of a month."""
        return self._month(POINTS)

    def otlp_bytes(self) -> Range:
        """Return the uncompressed OTLP bytes of a month."""
        return self._month(OTLP_BYTES)

    def json_bytes(self) -> Range:
        """Return the JSON-like bytes of a month."""
        return self._month(JSON_BYTES)

    def names(self, more_points_than: int) -> Range:
        """Return the metric names with more points than this in a month; more hosts bring no more names."""
        if not self.streams:
            return Range.unknown()
        months = [_month(stream, stream.tallies[:, :, POINTS]) for stream in self.streams]
        sums = [sum((month[number] for month in months), Decimal(0)) for number in range(len(self.metrics))]
        return Range.exactly(sum(points * self.factor > more_points_than for points in sums))

    @cached_property
    def _points_by_metric(self) -> NDArray[np.float64]:
        """float64[M]: how much of the telemetry is of each metric, by points, where series do not tell."""
        tallies = [stream.tallies[:, :, POINTS].sum(axis=0) for stream in self.streams or ()]
        return np.sum(tallies, axis=0).astype(np.float64) if tallies else np.zeros(len(self.metrics))

    def _share(self, kept: NDArray[np.int64]) -> Decimal:
        whole = float(self._points_by_metric.sum())
        return Decimal(str(round(float(self._points_by_metric[kept].sum()) / whole, 6))) if whole else Decimal(0)

    def _month(self, column: int) -> Range:
        """Return a month of average slots; at least and at most, as if all were the smallest or the largest."""
        if not self.streams:
            return Range.unknown()
        low = likely = high = Decimal(0)
        for stream in self.streams:
            slots = stream.tallies[:, :, column].sum(axis=1)
            factor = Decimal(SECONDS_PER_MONTH) / Decimal(str(stream.seconds)) * self.factor
            low += int(slots.min()) * factor
            high += int(slots.max()) * factor
            likely += int(slots.sum()) * factor / len(slots)
        return Range(low, likely, high)


def _month(stream: Stream, tallies: NDArray[np.int64]) -> list[Decimal]:
    """Return a month of each metric."""
    factor = Decimal(SECONDS_PER_MONTH) / Decimal(str(stream.seconds)) / len(stream.times)
    return [count * factor for count in tallies.sum(axis=0).tolist()]
