"""Prices by tiers: each unit at the price of the tier it falls into."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Price = Annotated[Decimal, Field(ge=0)]


class Tier(BaseModel):
    """Units up to a border, and their price.

    Attributes:
        up_to: units where the next tier begins; None for the last, which has no end.
        price: of one `per` of the charge; None when it is not known, which is not free.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    up_to: Annotated[Decimal, Field(gt=0)] | None = None
    price: Price | None


def check_order(tiers: Sequence[Tier]) -> None:
    """Return when tiers follow each other.

    Raises:
        ValueError: there is none, the borders do not rise, or one that is not the last has no end, or the last has.
    """
    if not tiers:
        raise ValueError("a charge needs at least one tier")
    borders = [tier.up_to for tier in tiers]
    if borders[-1] is not None:
        raise ValueError("the last tier must have no up_to, or what lies above it has no price")
    ends = [border for border in borders[:-1] if border is not None]
    if len(ends) != len(borders) - 1:
        raise ValueError("only the last tier may leave out up_to")
    if any(later <= earlier for earlier, later in pairwise(ends)):
        raise ValueError("tiers are out of order: each up_to must be larger than the one before")


def price_of(tiers: Sequence[Tier], units: Decimal, per: Decimal) -> Decimal | None:
    """Return what so many units cost, from the first tier on; None when some fall where no price is known.

    >>> tiers = [Tier(up_to=Decimal(10), price=Decimal(2)), Tier(price=Decimal(1))]
    >>> price_of(tiers, Decimal(15), Decimal(1)), price_of([Tier(price=None)], Decimal(0), Decimal(1))
    (Decimal('25'), None)
    """
    if all(tier.price is None for tier in tiers):
        return None
    total = begins = Decimal(0)
    for tier in tiers:
        within = (units if tier.up_to is None else min(units, tier.up_to)) - begins
        if within <= 0:
            break
        if tier.price is None:
            return None
        total += within / per * tier.price
        begins += within
    return total
