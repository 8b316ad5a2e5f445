"""What a change saves under each vendor: two months of usage side by side. Called by the report, arms and verdicts.

Both sides are told under the same assumptions, so that a saving at least is that of the sparing assumption on both
sides and not the best of one against the worst of the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from phoenix.core.money import Money
from phoenix.decide.pricing.cost import Cost, Pricing, cents, costs, saving_percent
from phoenix.decide.pricing.ranges import Range, each
from phoenix.decide.pricing.usage.model import Usage


@dataclass(frozen=True, slots=True)
class Saving:
    """What a change saves a month under one vendor.

    Attributes:
        before, after: the cost of either side.
    """

    before: Cost
    after: Cost

    @property
    def amount(self) -> Range:
        """Money saved: the smallest, the likely and the largest of the three assumptions; negative where it costs.

        Where the change makes metrics of which nobody knows whether they are billed, the smallest is that of a vendor
        who bills these and none of those they came from.
        """
        saved = (self.before.amount - self.after.amount).sorted()
        if self.after.doubtful <= self.before.doubtful:
            return saved
        worst = each(lambda before, after: before - after, _at(self.before.amount.low), _at(self.after.amount.high))
        return Range(worst.low, saved.likely, saved.high).sorted()

    @property
    def money(self) -> Money | None:
        """The likely amount saved; None when it is unknown."""
        likely = self.amount.likely
        return None if likely is None else Money(likely, self.before.currency)

    @property
    def percent(self) -> float | None:
        """What is saved of the cost before; None when that is unknown or nothing.

        Where it is unknown only which metrics are billed, it is told as if all were.
        """
        return saving_percent(self.before.if_billed.likely, self.after.if_billed.likely)

    @property
    def percent_range(self) -> tuple[float | None, float | None]:
        """The smallest and the largest of `percent` under the three assumptions."""
        before, after = self.before.if_billed, self.after.if_billed
        sides = ((before.low, after.low), (before.likely, after.likely), (before.high, after.high))
        known = [percent for side in sides if (percent := saving_percent(*side)) is not None]
        return (min(known), max(known)) if known else (None, None)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form; amounts as text, None where they are unknown."""
        low, high = self.percent_range
        return {
            **cents(self.amount),
            "currency": self.before.currency,
            "percent": self.percent,
            "percent_low": low,
            "percent_high": high,
        }


def savings(before: Usage, after: Usage, pricing: Pricing | None = None) -> dict[str, Saving]:
    """Return what the change from one usage to the other saves under each vendor, by name.

    Args:
        before: of the baseline, from `usage_of_capture` or `usage_of_windows`.
        after: of the candidate, for the same hosts and time.
        pricing: the vendors, for how many hosts, in which account; by default those that ship, at the margin.
    """
    pricing = pricing or Pricing()
    return paired(costs(before, pricing), costs(after, pricing))


def paired(before: Mapping[str, Cost], after: Mapping[str, Cost]) -> dict[str, Saving]:
    """Return the savings of costs that are known already, by vendor."""
    return {name: Saving(cost, after[name]) for name, cost in before.items()}


def _at(end: Decimal | None) -> Range:
    return Range(end, end, end)
