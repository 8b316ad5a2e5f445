"""From a month of usage to money a month under a price sheet: the marginal price, never a bill."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final, Self

from phoenix.core.money import Money
from phoenix.decide.pricing.ranges import Range, each
from phoenix.decide.pricing.sheets.billable import Billed
from phoenix.decide.pricing.sheets.model import Charge, Vendor
from phoenix.decide.pricing.sheets.shipped import vendors
from phoenix.decide.pricing.sheets.tiers import price_of
from phoenix.decide.pricing.usage.account import AccountUsage
from phoenix.decide.pricing.usage.model import Usage
from phoenix.decide.pricing.usage.quantities import Quantities, Together

_NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Pricing:
    """How money is told.

    Attributes:
        vendors: by name.
        hosts: tell it for so many hosts like those measured; None for those measured.
        account: the rest of the account, which decides the tier; None for the marginal price beyond allowances.
    """

    vendors: Mapping[str, Vendor] = field(default_factory=vendors)
    hosts: int | None = None
    account: AccountUsage | None = None


@dataclass(frozen=True, slots=True)
class ChargeCost:
    """One charge of a month.

    Attributes:
        name: in the price sheet.
        counts: what its meter counts, in words.
        unit: of `units`, in words.
        units: billable units, before allowances.
        amount: money.
        if_billed: units, where it is unknown which metrics are billed, as if all of these were; else `units`.
        amount_if_billed: likewise, money.
        rule: how series were told for a period longer or shorter than what was seen; empty where none are counted.
        arrived: series that came after the beginning of what was seen.
    """

    name: str
    counts: str
    unit: str
    units: Range
    amount: Range
    if_billed: Range
    amount_if_billed: Range
    rule: str = ""
    arrived: int | None = None


@dataclass(frozen=True, slots=True)
class Cost:
    """What a month costs under one vendor, under each of three assumptions.

    Attributes:
        amount: at least, likely, at most; None where it is unknown. Where it is unknown whether the vendor bills some
            of the metrics, at least is as if it billed none of these, at most as if all, and there is no likely.
        if_billed: as if all of these were billed; else the same as `amount`.
        currency: of both.
        charges: what it is made of.
        placed: the account's usage decided the tiers; else it is the marginal price beyond allowances and fees.
        unknown: why something is unknown, in words.
        doubtful: metrics of which it is unknown whether the vendor bills them.
    """

    amount: Range
    if_billed: Range
    currency: str
    charges: tuple[ChargeCost, ...]
    placed: bool = False
    unknown: tuple[str, ...] = ()
    doubtful: frozenset[str] = frozenset()

    @property
    def money(self) -> Money | None:
        """The likely amount; None when it is unknown."""
        return None if self.amount.likely is None else Money(self.amount.likely, self.currency)

    def as_dict(self) -> dict[str, Any] | None:
        """Return the JSON form; None when nothing is known, amounts as text."""
        if self.amount.nothing_known:
            return None
        return {**cents(self.amount), "currency": self.currency, "if_billed": cents(self.if_billed)["amount"]}

    @classmethod
    def of(cls, vendor: Vendor, usage: Usage, account: AccountUsage | None = None) -> Self:
        """Return what a month of this usage costs under one vendor."""
        billed = {name: vendor.billable.billed(name) for name in usage.metrics}
        doubtful = [name for name, answer in billed.items() if answer is Billed.UNKNOWN]
        most = usage.only([name for name, answer in billed.items() if answer is not Billed.NO])
        least = most if not doubtful else usage.only([name for name, it in billed.items() if it is Billed.YES])
        charges, placed = [], account is not None
        for name, charge in vendor.charges.items():
            found, found_placed = _charged(name, charge, most, account)
            placed = placed and found_placed
            charges.append(_doubted(_charged(name, charge, least, account)[0], found) if doubtful else found)
        return cls(
            _sum([charge.amount for charge in charges]),
            _sum([charge.amount_if_billed for charge in charges]),
            vendor.currency,
            tuple(charges),
            placed,
            tuple(_reasons(vendor, charges, (len(doubtful), len(billed)), lacking=account is not None and not placed)),
            frozenset(doubtful),
        )


def costs(usage: Usage, pricing: Pricing | None = None) -> dict[str, Cost]:
    """Return the cost under each vendor, by name."""
    pricing = pricing or Pricing()
    month = usage.for_hosts(pricing.hosts)
    return {name: Cost.of(vendor, month, pricing.account) for name, vendor in pricing.vendors.items()}


def saving_percent(before: Decimal | int | None, after: Decimal | int | None) -> float | None:
    """Return how much less `after` is, in percent of `before`; None when either is unknown or `before` is nothing.

    >>> saving_percent(200, 50), saving_percent(0, 0), saving_percent(100, 125)
    (75.0, None, -25.0)
    """
    if before is None or after is None or not before:
        return None
    return float(100 * (Decimal(before) - after) / before)


def _charged(name: str, charge: Charge, usage: Usage, account: AccountUsage | None) -> tuple[ChargeCost, bool]:
    """Return one charge, and whether the account's usage could place it in tiers and allowances."""
    units = charge.meter.units(usage)
    marginal = each(lambda count: price_of(charge.by_tier, count, charge.per), units)
    placed = None if account is None else _placed(charge, usage, account)
    amount = marginal if placed is None else placed
    period = charge.meter.remembers
    seen = None if period is None else usage.moments(period)
    rule, arrived = ("", None) if seen is None else (seen.rule, seen.arrived)
    found = ChargeCost(name, charge.meter.counts, charge.unit, units, amount, units, amount, rule, arrived)
    return found, placed is not None


def _placed(charge: Charge, usage: Usage, account: AccountUsage) -> Range | None:
    """Return what the usage adds to the account's cost; None when the account's usage does not say enough."""
    rest = charge.meter.units(account)
    if rest.likely is None:
        return None
    hosts = Decimal(usage.wanted_hosts or usage.hosts) if account.hosts is None else account.hosts
    free = charge.included.units + charge.included.per_host * hosts

    def billed(month: Quantities) -> Range:
        return each(
            lambda count: price_of(charge.by_tier, max(_NOTHING, count - free), charge.per), charge.meter.units(month)
        )

    return billed(Together(account, usage)) - billed(account)


def _doubted(least: ChargeCost, most: ChargeCost) -> ChargeCost:
    """Return a charge of which only the ends are known: billed for what surely is, or for what may be."""
    units = Range(least.units.low, None, most.units.high)
    return replace(most, units=units, amount=Range(least.amount.low, None, most.amount.high))


def _sum(ranges: Sequence[Range]) -> Range:
    total = ranges[0]
    for one in ranges[1:]:
        total += one
    return total


def _reasons(vendor: Vendor, charges: list[ChargeCost], doubtful: tuple[int, int], *, lacking: bool) -> Iterator[str]:
    unpriced = [name for name, charge in vendor.charges.items() if not charge.priced]
    if unpriced:
        yield f"no price of {', '.join(unpriced)} is published; give yours in a prices file"
    if doubtful[0]:
        yield f"whether {doubtful[0]} of {doubtful[1]} metrics are billed is unknown; a billable rule can say so"
    for charge in charges:
        if charge.if_billed.likely is None:
            yield f"how many {charge.unit} a month has is unknown"
        elif charge.amount_if_billed.likely is None and vendor.charges[charge.name].priced:
            yield f"the price of so many {charge.unit} is unknown"
    if lacking:
        yield "the account's usage does not tell what this vendor counts, so this is the marginal price"


def cents(amount: Range) -> dict[str, str | None]:
    """Return the JSON form of a range of money: text, to the cent."""
    return {"amount": _cents(amount.likely), "low": _cents(amount.low), "high": _cents(amount.high)}


def _cents(value: Decimal | None) -> str | None:
    return None if value is None else str(value.quantize(Decimal("0.01")))
