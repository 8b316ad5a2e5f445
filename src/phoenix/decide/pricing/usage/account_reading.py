"""Reading what else an account sends: `series=500k` on a command line, or a YAML file with counts over the month."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from phoenix.collector.config.document import ConfigDocument, ConfigSyntaxError
from phoenix.collector.config.errors import ConfigTooComplexError
from phoenix.decide.errors import AccountUsageInvalidError
from phoenix.decide.pricing.usage.account import AccountUsage

# What may be told, and the field it is kept in.
FIELDS: Final[Mapping[str, str]] = {
    "series": "series_counts",
    "points-per-minute": "points_per_minute",
    "points-per-month": "points_per_month",
    "otlp-bytes-per-month": "otlp_bytes_per_month",
    "json-bytes-per-month": "json_bytes_per_month",
    "metric-names": "metric_names",
    "hosts": "hosts",
}
_OVER_TIME: Final = ("series", "points-per-minute")
_NUMBER: Final = re.compile(r"(\d+(?:\.\d+)?)([kMGT]?)")
_FACTORS: Final = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def parse_account(pairs: Sequence[str]) -> AccountUsage:
    """Return what `name=number` pairs tell.

    >>> parse_account(["series=500k", "hosts=20"]).series_counts
    (Decimal('500000'),)

    Raises:
        AccountUsageInvalidError: a pair is none, names nothing that is known, or something twice.
    """
    told: dict[str, object] = {}
    for pair in pairs:
        name, found, value = pair.partition("=")
        if not found:
            raise AccountUsageInvalidError(f"{pair!r} is no name=number")
        if name in told:
            raise AccountUsageInvalidError(f"{name} is told twice")
        told[name] = value
    return _account(told, "--account-usage")


def parse_account_file(text: str, source: str) -> AccountUsage:
    """Return what a YAML file tells; series and points-per-minute may be lists of counts over the month.

    Raises:
        AccountUsageInvalidError: it is no YAML, or says something else; the message names the place.
    """
    try:
        document = ConfigDocument.parse(text, source)
    except (ConfigSyntaxError, ConfigTooComplexError) as error:
        raise AccountUsageInvalidError(error.message) from error
    return _account(document.data, source, document)


def _account(told: Mapping[str, object], source: str, document: ConfigDocument | None = None) -> AccountUsage:
    held: dict[str, Decimal | tuple[Decimal, ...]] = {}
    for name, value in told.items():
        place = source if document is None else str(document.locate((name,)))
        if name not in FIELDS:
            raise AccountUsageInvalidError(f"{place}: unknown key {name!r}; there are {', '.join(FIELDS)}")
        if name in _OVER_TIME:
            counts = value if isinstance(value, list) and value else [value]
            held[FIELDS[name]] = tuple(_number(place, name, count) for count in counts)
        else:
            held[FIELDS[name]] = _number(place, name, value)
    return AccountUsage(**held)  # type: ignore[arg-type]  # each value has the form of its field


def _number(place: str, name: str, value: object) -> Decimal:
    form = None if isinstance(value, bool) else _NUMBER.fullmatch(str(value))
    if form is None:
        raise AccountUsageInvalidError(
            f"{place}: {name} must be a number that is not negative, such as 500k: {value!r}"
        )
    return Decimal(form[1]) * _FACTORS[form[2]]
