"""Cores, memory and disk that a self-hosted VictoriaMetrics needs, by the rough rules of its documents."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from phoenix.decide.pricing.meters.base import MeterModel, Seconds
from phoenix.decide.pricing.ranges import Range, each
from phoenix.decide.pricing.usage.periods import Period
from phoenix.decide.pricing.usage.quantities import SECONDS_PER_MONTH, Quantities

_GB = Decimal(10**9)


class VictoriaMetrics(MeterModel):
    """One resource: cores for samples a second, memory for active series, disk for the samples kept.

    Attributes:
        resource: which.
        samples_a_second: that one core takes.
        bytes_a_series: of memory.
        least_bytes_a_sample, most_bytes_a_sample: on disk; likely is halfway.
        months_kept: retention.
        window: how long a series stays active.
    """

    counts: ClassVar[str] = "active series and samples"

    kind: Literal["victoria-metrics"]
    resource: Literal["cores", "memory-gb", "disk-gb"]
    samples_a_second: Decimal = Field(default=Decimal(300_000), gt=0)
    bytes_a_series: Decimal = Field(default=Decimal(1000), gt=0)
    least_bytes_a_sample: Decimal = Field(default=Decimal(1), gt=0)
    most_bytes_a_sample: Decimal = Field(default=Decimal(2), gt=0)
    months_kept: Decimal = Field(default=Decimal(1), gt=0)
    window: Seconds = 3600.0

    @property
    def remembers(self) -> Period:
        """How long a series takes memory; what must be there for all but the highest peaks."""
        return Period(self.window, 95)

    def units(self, month: Quantities) -> Range:
        """Return how many of the resource."""
        if self.resource == "cores":
            return month.points().times(1 / (SECONDS_PER_MONTH * self.samples_a_second))
        if self.resource == "memory-gb":
            return month.series(self.remembers).times(self.bytes_a_series / _GB)
        least, most = self.least_bytes_a_sample, self.most_bytes_a_sample
        kept = month.points().times(self.months_kept / _GB)
        return each(lambda points, each_sample: points * each_sample, kept, Range(least, (least + most) / 2, most))
