"""From usage and a price to money a month: the marginal price, never a bill."""

from collections.abc import Mapping
from decimal import Decimal

from phoenix.core.money import Money
from phoenix.decide.pricing.meters import METERS
from phoenix.decide.pricing.usage import Usage
from phoenix.decide.pricing.vendor import Vendor, vendors


def cost(vendor: Vendor, usage: Usage) -> Money | None:
    """Return what one more month of this usage costs beyond allowances and fees, or None when that is unknown.

    >>> from phoenix.decide.pricing.vendor import vendor
    >>> str(cost(vendor("datadog-classic"), Usage(series=Decimal(1000))))
    '50.00 USD'
    >>> cost(vendor("new-relic"), Usage(series=Decimal(1000))) is None
    True
    """
    units = METERS[vendor.meter](usage)
    if units is None or vendor.price is None:
        return None
    return Money(vendor.price * units / vendor.per, vendor.currency)


def costs(usage: Usage, priced: Mapping[str, Vendor] | None = None) -> dict[str, Money | None]:
    """Return the cost under each vendor, by name; `priced` defaults to the vendors that ship with Phoenix."""
    return {name: cost(vendor, usage) for name, vendor in (vendors() if priced is None else priced).items()}


def saving_percent(before: Decimal | int | None, after: Decimal | int | None) -> float | None:
    """Return how much less `after` is, in percent of `before`; None when either is unknown or `before` is nothing.

    >>> saving_percent(200, 50), saving_percent(0, 0), saving_percent(100, 125)
    (75.0, None, -25.0)
    """
    if before is None or after is None or not before:
        return None
    return float(100 * (Decimal(before) - after) / before)
