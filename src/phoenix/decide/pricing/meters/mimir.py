"""Cores, memory and disk that a self-hosted Mimir needs, by the rules of its capacity page."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from phoenix.decide.pricing.meters.base import MeterModel, Seconds
from phoenix.decide.pricing.ranges import Range, each
from phoenix.decide.pricing.usage.periods import Period
from phoenix.decide.pricing.usage.quantities import SECONDS_PER_MONTH, Quantities

# What a distributor and an ingester need: cores, GB of memory, GB of disk.
_DISTRIBUTOR = {"cores": Decimal(1), "memory-gb": Decimal(1), "disk-gb": Decimal(0)}
_INGESTER = {"cores": Decimal(1), "memory-gb": Decimal("2.5"), "disk-gb": Decimal(5)}


class Mimir(MeterModel):
    """One resource: a distributor for its samples a second, ingesters for the series in memory.

    Attributes:
        resource: which.
        samples_a_second: that one distributor takes.
        series_in_memory: that one ingester holds.
        replication: copies of each series among the ingesters.
        window: how long a series stays in memory.
    """

    counts: ClassVar[str] = "series in memory and samples a second"

    kind: Literal["mimir"]
    resource: Literal["cores", "memory-gb", "disk-gb"]
    samples_a_second: Decimal = Field(default=Decimal(25_000), gt=0)
    series_in_memory: Decimal = Field(default=Decimal(300_000), gt=0)
    replication: int = Field(default=3, ge=1)
    window: Seconds = 7200.0

    @property
    def remembers(self) -> Period:
        """How long a series takes memory; what must be there for all but the highest peaks."""
        return Period(self.window, 95)

    def units(self, month: Quantities) -> Range:
        """Return how many of the resource, fractions of a process counted as such."""
        distributors = month.points().times(1 / (SECONDS_PER_MONTH * self.samples_a_second))
        in_memory = month.series(self.remembers).times(Decimal(self.replication))
        return each(
            lambda front, series: (
                front * _DISTRIBUTOR[self.resource] + series / self.series_in_memory * _INGESTER[self.resource]
            ),
            distributors,
            in_memory,
        )
