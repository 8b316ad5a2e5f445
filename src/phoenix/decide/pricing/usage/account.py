"""The rest of an account: what else the user sends, which decides the tier that one more host is priced in."""

from dataclasses import dataclass
from decimal import Decimal

from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.periods import Moments, Period
from phoenix.decide.pricing.usage.quantities import MINUTES_PER_MONTH


@dataclass(frozen=True, slots=True)
class AccountUsage:
    """A month of everything else the account sends. None is "not told", and what needs it is unknown.

    Attributes:
        series: active series at moments evenly spread over the month; one value when they hardly move.
        points_per_minute: likewise.
        points_per_month: in all; from `points_per_minute` when only that is told.
        otlp_bytes_per_month, json_bytes_per_month: uncompressed; as one flat JSON object a point.
        metric_names: distinct names.
        hosts: that the vendor counts, which bring allowances.
    """

    series_counts: tuple[Decimal, ...] | None = None
    points_per_minute: tuple[Decimal, ...] | None = None
    points_per_month: Decimal | None = None
    otlp_bytes_per_month: Decimal | None = None
    json_bytes_per_month: Decimal | None = None
    metric_names: Decimal | None = None
    hosts: Decimal | None = None

    def series(self, period: Period) -> Range:
        """Return the account's series under a vendor's period."""
        counts = self.moments(period)
        return Range.unknown() if counts is None else counts.summed_up(period.percentile)

    def moments(self, _period: Period) -> Moments | None:
        """Return the counts told, whatever the period: they are a vendor's own."""
        return _told(self.series_counts)

    def minutes(self) -> Moments | None:
        """Return the points a minute told, or an average month's."""
        if self.points_per_minute is None and self.points_per_month is not None:
            return _told((self.points_per_month / MINUTES_PER_MONTH,))
        return _told(self.points_per_minute)

    def points(self) -> Range:
        """Return the points of a month told, or those of its minutes."""
        if self.points_per_month is None and self.points_per_minute is not None:
            mean = sum(self.points_per_minute, Decimal(0)) / len(self.points_per_minute)
            return Range.exactly(mean * MINUTES_PER_MONTH)
        return _exactly(self.points_per_month)

    def otlp_bytes(self) -> Range:
        """Return the OTLP bytes told."""
        return _exactly(self.otlp_bytes_per_month)

    def json_bytes(self) -> Range:
        """Return the JSON-like bytes told."""
        return _exactly(self.json_bytes_per_month)

    def names(self, _more_points_than: int) -> Range:
        """Return the names told: all of them are in use."""
        return _exactly(self.metric_names)


def _told(counts: tuple[Decimal, ...] | None) -> Moments | None:
    return None if counts is None else Moments(counts, counts, counts)


def _exactly(value: Decimal | None) -> Range:
    return Range.unknown() if value is None else Range.exactly(value)
