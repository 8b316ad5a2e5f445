"""Samples ingested. Amazon's and Google's managed Prometheus bill so, in tiers."""

from typing import ClassVar, Literal

from phoenix.decide.pricing.meters.base import MeterModel
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.quantities import Quantities


class Samples(MeterModel):
    """Every point of the month, whichever series it is of."""

    counts: ClassVar[str] = "points"

    kind: Literal["samples"]

    def units(self, month: Quantities) -> Range:
        """Return billable samples."""
        return month.points()
