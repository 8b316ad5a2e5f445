"""Series that had a point lately, or their points a minute where those are more. Grafana Cloud bills so."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from phoenix.decide.pricing.meters.base import MeterModel, Percentile, Seconds
from phoenix.decide.pricing.ranges import Range, each
from phoenix.decide.pricing.usage.periods import Period
from phoenix.decide.pricing.usage.quantities import Quantities, points_per_minute


class ActiveSeries(MeterModel):
    """A percentile over the month of the series that had a point within `window`.

    Attributes:
        window: how long a series stays active after its last point.
        percentile: of the month's moments; the rest is forgiven.
        included_points_per_minute: come with each series; a series that sends four where one is included counts as
            four. None when only series are counted.
    """

    counts: ClassVar[str] = "active series"

    kind: Literal["active-series"]
    window: Seconds
    percentile: Percentile
    included_points_per_minute: Decimal | None = Field(default=None, gt=0)

    @property
    def remembers(self) -> Period:
        """The window, and the percentile that is billed."""
        return Period(self.window, self.percentile)

    def units(self, month: Quantities) -> Range:
        """Return billable series: the larger of the series and of what their points a minute amount to."""
        series = month.series(self.remembers)
        included = self.included_points_per_minute
        if included is None:
            return series
        return each(
            lambda active, points: max(active, points / included), series, points_per_minute(month, self.percentile)
        )
