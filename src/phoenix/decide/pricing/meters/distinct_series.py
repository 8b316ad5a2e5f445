"""Distinct combinations of name and tags in an hour, averaged over the month's hours. Datadog's classic plan bills so.

How often a series sends does not matter; a process that lived for a minute is a series for its whole hour.
"""

from typing import ClassVar, Literal

from phoenix.decide.pricing.meters.base import MeterModel, Seconds
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.periods import Period
from phoenix.decide.pricing.usage.quantities import Quantities


class DistinctSeries(MeterModel):
    """The mean over consecutive periods of the series seen in each.

    Attributes:
        period: one of the periods that are averaged.
    """

    counts: ClassVar[str] = "distinct series an hour"

    kind: Literal["distinct-series"]
    period: Seconds

    @property
    def remembers(self) -> Period:
        """The period that is averaged."""
        return Period(self.period)

    def units(self, month: Quantities) -> Range:
        """Return billable series, whatever their interval."""
        return month.series(self.remembers)
