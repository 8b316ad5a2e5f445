"""What a meter may ask of a month: of measured telemetry, of the rest of an account, and of both together."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Protocol

from phoenix.core.units import HOURS_PER_MONTH, SECONDS_PER_HOUR
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.periods import Moments, Period

SECONDS_PER_MONTH = HOURS_PER_MONTH * SECONDS_PER_HOUR
MINUTES_PER_MONTH = HOURS_PER_MONTH * 60

# So many sums of moments are worked out; of more moments only some, evenly spread over their order, are taken.
_MOST_MOMENTS = 400


class Quantities(Protocol):
    """A month of telemetry in every quantity that vendors meter. What nobody knows is unknown, never zero."""

    def series(self, period: Period) -> Range:
        """Return the series a month has under a vendor's period."""
        ...

    def moments(self, period: Period) -> Moments | None:
        """Return the counts of series that `series` sums up."""
        ...

    def minutes(self) -> Moments | None:
        """Return the points a minute at the moments of a month."""
        ...

    def points(self) -> Range:
        """Return the points of a month."""
        ...

    def otlp_bytes(self) -> Range:
        """Return the uncompressed OTLP bytes of a month: values, attributes, resource attributes."""
        ...

    def json_bytes(self) -> Range:
        """Return the bytes of a month as one flat JSON object a point."""
        ...

    def names(self, more_points_than: int) -> Range:
        """Return the metric names that have more points than this in a month."""
        ...


def points_per_minute(quantities: Quantities, percentile: int | None) -> Range:
    """Return the percentile of the points a minute of a month, or their mean."""
    minutes = quantities.minutes()
    return Range.unknown() if minutes is None else minutes.summed_up(percentile)


@dataclass(frozen=True, slots=True)
class Together:
    """Measured telemetry beside the rest of an account: percentiles and maxima are those of the sum.

    How peaks of the two fall together is not known, so every moment of one is set beside every moment of the other.
    """

    rest: Quantities
    added: Quantities

    def series(self, period: Period) -> Range:
        """Return the series of both."""
        counts = self.moments(period)
        return Range.unknown() if counts is None else counts.summed_up(period.percentile)

    def moments(self, period: Period) -> Moments | None:
        """Return the counts of both, added up."""
        return _both(self.rest.moments(period), self.added.moments(period))

    def minutes(self) -> Moments | None:
        """Return the points a minute of both, added up."""
        return _both(self.rest.minutes(), self.added.minutes())

    def points(self) -> Range:
        """Return the points of both."""
        return self.rest.points() + self.added.points()

    def otlp_bytes(self) -> Range:
        """Return the OTLP bytes of both."""
        return self.rest.otlp_bytes() + self.added.otlp_bytes()

    def json_bytes(self) -> Range:
        """Return the JSON-like bytes of both."""
        return self.rest.json_bytes() + self.added.json_bytes()

    def names(self, more_points_than: int) -> Range:
        """Return the names of both: none of the measured ones is taken to be among the rest."""
        return self.rest.names(more_points_than) + self.added.names(more_points_than)


def _both(rest: Moments | None, added: Moments | None) -> Moments | None:
    if rest is None or added is None:
        return None
    high = None if rest.high is None or added.high is None else _sums(rest.high, added.high)
    return Moments(_sums(rest.low, added.low), _sums(rest.likely, added.likely), high, added.rule, added.arrived)


def _sums(rest: tuple[Decimal, ...], added: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    return tuple(sum(pair, Decimal(0)) for pair in product(_fewer(rest), _fewer(added)))


def _fewer(counts: tuple[Decimal, ...]) -> tuple[Decimal, ...]:
    distinct = counts if len(set(counts)) > 1 else counts[:1]
    if len(distinct) <= _MOST_MOMENTS:
        return distinct
    ordered, step = sorted(distinct), len(distinct) / _MOST_MOMENTS
    return tuple(ordered[int((place + 0.5) * step)] for place in range(_MOST_MOMENTS))
