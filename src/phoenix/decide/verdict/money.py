"""What a saving is in money: a stated range, and never a bill.

The share saved of the measure that a vendor's price grows with, times what the baseline costs a month. A share is of
the larger arm; where the candidate is the larger, what comes on top is a share of the candidate, so a share `s` below
zero is `s / (1 + s)` of the baseline. Tiers and allowances are those at the margin of the baseline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from phoenix.core.money import Money
from phoenix.decide.verdict.question import Price
from phoenix.decide.verdict.sequences.interval import Interval


@dataclass(frozen=True, slots=True)
class MoneySaved:
    """What is saved a month under one vendor.

    Attributes:
        price: the baseline's.
        low, high: the range that follows from the interval of the saving; None where there is no end to it.
        dropped: what the part that the config drops costs in the baseline; None when it is not known.
    """

    price: Price
    low: Money | None
    high: Money | None
    dropped: Money | None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form: amounts are strings, exact to the cent."""
        return {
            "vendor": self.price.vendor,
            "measure": self.price.measure.value,
            "currency": self.price.monthly.currency,
            "baseline_monthly": str(self.price.monthly.rounded()),
            "saved_monthly": [None if end is None else str(end.rounded()) for end in (self.low, self.high)],
            "dropped_monthly": None if self.dropped is None else str(self.dropped.rounded()),
            "as_of": self.price.as_of,
            "source": self.price.source,
        }


def money_saved(price: Price, interval: Interval, dropped_share: float | None) -> MoneySaved:
    """Return the range of money for the interval of the measure that the price grows with."""
    dropped = None if dropped_share is None else _part(price.monthly, dropped_share)
    return MoneySaved(price, _saved(price, interval.low), _saved(price, interval.high), dropped)


def dropped_share(loss: Mapping[str, Any], of_series: int, of_points: int, price: Price) -> float | None:
    """Return the share of the baseline that is dropped, of what the price grows with; None when it is not known.

    Bytes are taken to be spread over points evenly.
    """
    dropped = loss.get("dropped") or loss.get("dropped_or_folded")
    if dropped is None:
        return None
    part, whole = (dropped["series"], of_series) if price.measure.value == "series" else (dropped["points"], of_points)
    return part / whole if whole else None


def _saved(price: Price, share: float) -> Money | None:
    if share <= -1.0:
        return None
    return _part(price.monthly, share if share >= 0.0 else share / (1.0 + share))


def _part(money: Money, share: float) -> Money:
    return money * Decimal(repr(share))
