"""Bytes stored, each point as one flat JSON object. New Relic bills so."""

from typing import ClassVar, Literal

from phoenix.decide.pricing.meters.base import MeterModel
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.quantities import Quantities


class StoredBytes(MeterModel):
    """The JSON-like size of every point of the month."""

    counts: ClassVar[str] = "bytes as JSON"

    kind: Literal["stored-bytes"]

    def units(self, month: Quantities) -> Range:
        """Return billable bytes."""
        return month.json_bytes()
