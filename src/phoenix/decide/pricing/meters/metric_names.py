"""Metric names in use, and the points beyond what comes with a name. Datadog's metric-name plan bills so.

The plan has three parts, each a meter: names with enough indexed points, indexed points beyond those included with the
names, and ingested points beyond a multiple of the indexed ones.
"""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from phoenix.decide.pricing.meters.base import MeterModel
from phoenix.decide.pricing.ranges import Range, each
from phoenix.decide.pricing.usage.quantities import Quantities

_NOTHING = Decimal(0)


class _NamedPoints(MeterModel):
    # `indexed_share` is what the user keeps queryable at the vendor; the pipeline cannot know it.
    more_points_than: int = Field(ge=0)
    indexed_share: Decimal = Field(default=Decimal(1), ge=0, le=1)

    def _names(self, month: Quantities) -> Range:
        if not self.indexed_share:
            return Range.exactly(0)
        return month.names(int(self.more_points_than / self.indexed_share))

    def _indexed(self, month: Quantities) -> Range:
        return month.points().times(self.indexed_share)


class MetricNames(_NamedPoints):
    """Names with more than `more_points_than` indexed points a month."""

    counts: ClassVar[str] = "metric names"

    kind: Literal["metric-names"]

    def units(self, month: Quantities) -> Range:
        """Return billable names."""
        return self._names(month)


class IndexedPoints(_NamedPoints):
    """Indexed points beyond `points_a_name` for each name in use, all names together."""

    counts: ClassVar[str] = "points over those of the names"

    kind: Literal["indexed-points"]
    points_a_name: int = Field(ge=0)

    def units(self, month: Quantities) -> Range:
        """Return billable points."""
        return each(
            lambda points, names: max(_NOTHING, points - names * self.points_a_name),
            self._indexed(month),
            self._names(month),
        )


class IngestedPoints(_NamedPoints):
    """Ingested points beyond `times_indexed` times the indexed ones."""

    counts: ClassVar[str] = "points over those indexed"

    kind: Literal["ingested-points"]
    times_indexed: Decimal = Field(gt=0)

    def units(self, month: Quantities) -> Range:
        """Return billable points."""
        return each(
            lambda points, indexed: max(_NOTHING, points - indexed * self.times_indexed),
            month.points(),
            self._indexed(month),
        )
