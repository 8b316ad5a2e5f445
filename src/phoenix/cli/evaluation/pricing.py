"""How money is told, from the options of a command line: which prices, for how many hosts, in which account."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from phoenix.cli.configs import source_of
from phoenix.cli.context import Cli
from phoenix.cli.errors import UsageError
from phoenix.cli.files import read_text
from phoenix.decide.pricing.cost import Pricing
from phoenix.decide.pricing.sheets.reading import parse_prices
from phoenix.decide.pricing.sheets.shipped import vendors
from phoenix.decide.pricing.usage.account import AccountUsage
from phoenix.decide.pricing.usage.account_reading import parse_account, parse_account_file

HostsOption = Annotated[
    int | None,
    typer.Option("--hosts", min=1, help="Tell money for so many hosts like those measured. Default: those measured."),
]
AccountUsageOption = Annotated[
    list[str] | None,
    typer.Option(
        "--account-usage",
        metavar="NAME=NUMBER|FILE",
        help="A month of what else your account sends, such as series=500k, may be given several times, or a YAML "
        "file: places you in tiers and allowances, and takes percentiles on the sum. Default: the marginal price.",
        show_default=False,
    ),
]
PricesOption = Annotated[
    str | None,
    typer.Option("--prices", metavar="FILE", help="Your prices and your own vendors, as YAML.", show_default=False),
]


@dataclass(frozen=True, slots=True)
class PricingOptions:
    """What a command was asked of money.

    Attributes:
        hosts: to tell it for; None for those measured.
        account_usage: pairs, or one file.
        prices: a file of the user's.
    """

    hosts: int | None = None
    account_usage: tuple[str, ...] = ()
    prices: str | None = None


def read_pricing(cli: Cli, options: PricingOptions) -> Pricing:
    """Return how money is told.

    Raises:
        PhoenixError: a file cannot be read, or says what no price sheet or account says; the message names the place.
    """
    sheets = vendors()
    if options.prices is not None:
        sheets = parse_prices(read_text(cli.streams, options.prices), source_of(options.prices), sheets)
    return Pricing(sheets, options.hosts, _account(cli, options.account_usage))


def _account(cli: Cli, told: Sequence[str]) -> AccountUsage | None:
    if not told:
        return None
    files = [text for text in told if "=" not in text]
    if not files:
        return parse_account(told)
    if len(told) > 1:
        raise UsageError(
            f"--account-usage names the file {files[0]} beside something else",
            user_action="Put everything into the file, or leave it out.",
        )
    return parse_account_file(read_text(cli.streams, files[0]), source_of(files[0]))
