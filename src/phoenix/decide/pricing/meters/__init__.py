"""How vendors turn a month into billable units: one meter a file. A price sheet names its meter by `kind`."""

from typing import Annotated

from pydantic import Field

from phoenix.decide.pricing.meters.active_series import ActiveSeries
from phoenix.decide.pricing.meters.distinct_series import DistinctSeries
from phoenix.decide.pricing.meters.metric_names import IndexedPoints, IngestedPoints, MetricNames
from phoenix.decide.pricing.meters.mimir import Mimir
from phoenix.decide.pricing.meters.otlp_bytes import OtlpBytes
from phoenix.decide.pricing.meters.samples import Samples
from phoenix.decide.pricing.meters.stored_bytes import StoredBytes
from phoenix.decide.pricing.meters.victoria_metrics import VictoriaMetrics

Meter = Annotated[
    ActiveSeries
    | DistinctSeries
    | MetricNames
    | IndexedPoints
    | IngestedPoints
    | StoredBytes
    | OtlpBytes
    | Samples
    | Mimir
    | VictoriaMetrics,
    Field(discriminator="kind"),
]

__all__ = ["Meter"]
