"""How vendors turn usage into billable units: one meter a file, each a function from usage to units.

A price sheet names its meter; `METERS` is where a new one is entered.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType

from phoenix.decide.pricing.meters.active_series import active_series
from phoenix.decide.pricing.meters.distinct_series import distinct_series
from phoenix.decide.pricing.meters.stored_bytes import stored_bytes
from phoenix.decide.pricing.usage import Usage

Meter = Callable[[Usage], Decimal | None]

METERS: Mapping[str, Meter] = MappingProxyType(
    {"active-series": active_series, "distinct-series": distinct_series, "stored-bytes": stored_bytes}
)

__all__ = ["METERS", "Meter"]
