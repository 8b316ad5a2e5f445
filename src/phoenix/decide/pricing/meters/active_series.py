"""Series that had a point lately, or their points a minute where those are more. Grafana Cloud bills so."""

from decimal import Decimal

from phoenix.decide.pricing.usage import Usage

# One data point a minute comes with each series; a series that sends four counts as four.
INCLUDED_POINTS_PER_MINUTE = 1


def active_series(usage: Usage) -> Decimal | None:
    """Return billable series: the larger of the series and the points a minute over the included one.

    >>> active_series(Usage(series=Decimal(1000), points_per_month=Decimal(175_200_000)))
    Decimal('4000')
    """
    if usage.series is None or usage.points_per_minute is None:
        return None
    return max(usage.series, usage.points_per_minute / INCLUDED_POINTS_PER_MINUTE)
