"""A price sheet: one vendor and plan, what it meters, at which prices, seen where and when."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from phoenix.decide.pricing.meters import Meter
from phoenix.decide.pricing.sheets.billable import Billable
from phoenix.decide.pricing.sheets.tiers import Price, Tier, check_order

Text = Annotated[str, Field(min_length=1)]
# A year, a month or a day: sources are seldom more exact. YAML may give a year as a number.
Seen = Annotated[str, BeforeValidator(str), Field(pattern=r"^\d{4}(-\d{2}){0,2}$")]


class Included(BaseModel):
    """What comes with the plan; left out of the marginal price, counted where the account's usage is told.

    Attributes:
        units: of the meter, a month.
        per_host: further units for each host that the vendor counts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    units: Annotated[Decimal, Field(ge=0)] = Decimal(0)
    per_host: Annotated[Decimal, Field(ge=0)] = Decimal(0)


class Charge(BaseModel):
    """One thing that is billed.

    Attributes:
        meter: how a month becomes units.
        unit: one of them, in words.
        per: how many units one price buys.
        price: of them, when it is the same for all; None when it is not known.
        tiers: prices by amount instead.
        included: what is free.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    meter: Meter
    unit: Text
    per: Annotated[Decimal, Field(gt=0)] = Decimal(1)
    price: Price | None = None
    tiers: tuple[Tier, ...] | None = None
    included: Included = Included()

    @model_validator(mode="after")
    def _one_price(self) -> Self:
        given = self.model_fields_set
        if ("price" in given) == ("tiers" in given):
            raise ValueError("a charge needs one of price and tiers; write price: null where it is not known")
        check_order(self.tiers if self.tiers is not None else (Tier(price=self.price),))
        return self

    @property
    def by_tier(self) -> tuple[Tier, ...]:
        """The tiers; one without end when there is one price."""
        return self.tiers if self.tiers is not None else (Tier(price=self.price),)

    @property
    def priced(self) -> bool:
        """Whether any price is known."""
        return any(tier.price is not None for tier in self.by_tier)


class Vendor(BaseModel):
    """One vendor's published prices, and what they are prices of.

    Attributes:
        title: the vendor and plan, as people name it.
        currency: such as USD.
        source: where the prices were seen.
        as_of: when, as year, month or day; None when the source has no date.
        charges: what is billed, by name.
        billable: which metrics are.
        assumptions: what this form leaves out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Text
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    source: Text
    as_of: Seen | None
    charges: Annotated[Mapping[str, Charge], Field(min_length=1)]
    billable: Billable = Billable()
    assumptions: str = ""
