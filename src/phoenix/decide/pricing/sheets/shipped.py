"""The vendors that ship with Phoenix: each a YAML file beside this package, with its source and date."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from phoenix.decide.errors import VendorNotFoundError
from phoenix.decide.pricing.sheets.model import Vendor
from phoenix.decide.pricing.sheets.reading import parse_vendor

_PACKAGE: Final = "phoenix.decide.pricing"


@cache
def vendors() -> Mapping[str, Vendor]:
    """Return the vendors that ship with Phoenix, by name, in alphabetical order."""
    sheets = (entry for entry in resources.files(_PACKAGE).joinpath("vendors").iterdir())
    named = {sheet.name.removesuffix(".yaml"): sheet for sheet in sheets if sheet.name.endswith(".yaml")}
    return MappingProxyType({name: parse_vendor(named[name].read_text("utf-8"), name) for name in sorted(named)})


def vendor(name: str) -> Vendor:
    """Return the vendor called `name`.

    Raises:
        VendorNotFoundError: no price sheet has that name.
    """
    found = vendors().get(name)
    if found is None:
        raise VendorNotFoundError(f"no vendor is called {name!r}; there are {', '.join(vendors())}")
    return found
