"""What this room refuses: a vendor nobody described, and a price sheet that says nothing usable."""

from phoenix.core.errors import InvalidError, NotFoundError


class VendorNotFoundError(NotFoundError):
    """No price sheet has the vendor's name."""

    code = "VENDOR_NOT_FOUND"
    user_action = "Use one of the vendors named in the message."


class PriceSheetInvalidError(InvalidError):
    """A price sheet lacks a field, has one too many, or names a meter that does not exist."""

    code = "PRICE_SHEET_INVALID"
    user_action = "Correct the field named; src/phoenix/decide/pricing/vendors has examples."


class CadenceInvalidError(InvalidError):
    """A month cannot be extrapolated from no scrape, or at no interval."""

    code = "CADENCE_INVALID"
    user_action = "Give a positive number of scrapes and a positive collection interval."
