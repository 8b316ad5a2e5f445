"""Vendors as data: each price sheet is a YAML file of this package with its source and date."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from phoenix.decide.errors import PriceSheetInvalidError, VendorNotFoundError
from phoenix.decide.pricing.meters import METERS


class Vendor(BaseModel):
    """One vendor's published price, and what it is a price of.

    Attributes:
        title: the vendor and plan, as people name it.
        meter: a key of `METERS`.
        price: for `per` units; None when the vendor does not publish it.
        per: how many units of the meter one price buys.
        unit: the meter's unit in words.
        currency: such as USD.
        as_of: when the price was seen.
        source: where it was seen.
        assumptions: what the simple form leaves out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    meter: str
    price: Decimal | None = Field(ge=0)
    per: Decimal = Field(gt=0)
    unit: str
    currency: str
    as_of: date
    source: str
    assumptions: str = ""

    @field_validator("meter")
    @classmethod
    def _meter_exists(cls, meter: str) -> str:
        if meter not in METERS:
            raise ValueError(f"no meter is called {meter!r}; there are {', '.join(sorted(METERS))}")
        return meter


def parse_vendor(name: str, text: str) -> Vendor:
    """Return the vendor that a price sheet describes.

    Raises:
        PriceSheetInvalidError: not YAML, a field missing, unknown or wrong; the message names it.
    """
    try:
        return Vendor.model_validate(YAML(typ="safe", pure=True).load(text))
    except YAMLError as error:
        raise PriceSheetInvalidError(f"price sheet {name}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole sheet"
        raise PriceSheetInvalidError(f"price sheet {name}: {place}: {first['msg']}") from error


@cache
def vendors() -> Mapping[str, Vendor]:
    """Return the vendors that ship with Phoenix, by name, in alphabetical order."""
    sheets = (entry for entry in resources.files(__package__).joinpath("vendors").iterdir())
    named = {sheet.name.removesuffix(".yaml"): sheet for sheet in sheets if sheet.name.endswith(".yaml")}
    return MappingProxyType({name: parse_vendor(name, named[name].read_text("utf-8")) for name in sorted(named)})


def vendor(name: str) -> Vendor:
    """Return the vendor called `name`.

    Raises:
        VendorNotFoundError: no price sheet has that name.
    """
    found = vendors().get(name)
    if found is None:
        raise VendorNotFoundError(f"no vendor is called {name!r}; there are {', '.join(vendors())}")
    return found
