"""Bytes of OTLP as it is sent, resource attributes and labels counted. CloudWatch's OTel metrics are billed so."""

from typing import ClassVar, Literal

from phoenix.decide.pricing.meters.base import MeterModel
from phoenix.decide.pricing.ranges import Range
from phoenix.decide.pricing.usage.quantities import Quantities


class OtlpBytes(MeterModel):
    """The uncompressed OTLP bytes of the month; no series is charged for."""

    counts: ClassVar[str] = "OTLP bytes"

    kind: Literal["otlp-bytes"]

    def units(self, month: Quantities) -> Range:
        """Return billable bytes."""
        return month.otlp_bytes()
