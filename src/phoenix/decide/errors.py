"""What this room refuses: a vendor nobody described, a price sheet or an account's usage that says nothing usable."""

from phoenix.core.errors import InvalidError, NotFoundError


class VendorNotFoundError(NotFoundError):
    """No price sheet has the vendor's name."""

    code = "VENDOR_NOT_FOUND"
    user_action = "Use one of the vendors named in the message."


class PriceSheetInvalidError(InvalidError):
    """A price sheet lacks a key, has one too many, or says something that is no price; the message names the place."""

    code = "PRICE_SHEET_INVALID"
    user_action = "Correct the place named; docs/explanation/money.md shows what a price sheet may say."


class AccountUsageInvalidError(InvalidError):
    """What was told of an account's usage is no number, or nothing that a vendor meters."""

    code = "ACCOUNT_USAGE_INVALID"
    user_action = "Write name=number, such as series=500k, or name a YAML file; docs/explanation/money.md lists names."


class CadenceInvalidError(InvalidError):
    """A month cannot be extrapolated from no scrape, or at no interval."""

    code = "CADENCE_INVALID"
    user_action = "Give a positive number of scrapes and a positive collection interval."
