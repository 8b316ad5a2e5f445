"""What the collector looks at when it makes a function, beyond the kinds of its arguments: fixed words, ranges.

Each function here returns a `Check` for the parameters named. Only literals are looked at; what is evaluated later
fails later. Patterns and formats are in `formats`.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import Final

from phoenix.ottl.signatures.signature import Check, WrongArgumentError
from phoenix.ottl.syntax import Enum, Expression, ListOf, Literal

Arguments = Mapping[str, Expression]

_HEX: Final = re.compile(r"[0-9a-fA-F]*\Z")
_PREFIX: Final = re.compile(r"[0-9]+\Z", re.ASCII)
_LAST_INT: Final = 2**63 - 1


def literal(arguments: Arguments, name: str) -> Literal | None:
    """Return the argument if it is given and a literal."""
    value = arguments.get(name)
    return value if isinstance(value, Literal) else None


def text(arguments: Arguments, name: str) -> str | None:
    """Return the argument if it is given and a literal string."""
    value = literal(arguments, name)
    return value.value if value is not None and isinstance(value.value, str) else None


def number(arguments: Arguments, name: str) -> float | None:
    """Return the argument if it is given and a literal number."""
    value = literal(arguments, name)
    return value.value if value is not None and isinstance(value.value, int | float) else None


def items(arguments: Arguments, name: str) -> tuple[Expression, ...] | None:
    """Return what the argument lists if it is given and a list."""
    value = arguments.get(name)
    return value.items if isinstance(value, ListOf) else None


def together(*checks: Check) -> Check:
    """Return a check that makes all of `checks`, in this order."""

    def check(arguments: Arguments) -> None:
        for part in checks:
            part(arguments)

    return check


def choices(name: str, *words: str) -> Check:
    """Return a check that a string is one of `words`."""

    def check(arguments: Arguments) -> None:
        word = text(arguments, name)
        if word is not None and word not in words:
            raise WrongArgumentError(name, f'"{word}" is not one of {", ".join(word for word in words if word)}')

    return check


def at_least(name: str, least: int) -> Check:
    """Return a check that a number is not below `least`."""

    def check(arguments: Arguments) -> None:
        value = number(arguments, name)
        if value is not None and value < least:
            raise WrongArgumentError(name, f"{value} is below {least}")

    return check


def between(name: str, low: float, high: float) -> Check:
    """Return a check that a number is above `low` and below `high`."""

    def check(arguments: Arguments) -> None:
        value = number(arguments, name)
        if value is not None and not low < value < high:
            raise WrongArgumentError(name, f"{value} is not between {low} and {high}, both left out")

    return check


def not_empty(name: str) -> Check:
    """Return a check that a list has an item."""

    def check(arguments: Arguments) -> None:
        if items(arguments, name) == ():
            raise WrongArgumentError(name, "the list is empty")

    return check


def any_of(*names: str) -> Check:
    """Return a check that one of the optional arguments is given."""

    def check(arguments: Arguments) -> None:
        if not any(name in arguments for name in names):
            raise WrongArgumentError(names[0], f"one of {' and '.join(names)} must be given")

    return check


def limit_and_keys(limit: str, keys: str) -> Check:
    """Return a check that a limit leaves room for the keys that are always kept."""

    def check(arguments: Arguments) -> None:
        most, kept = number(arguments, limit), items(arguments, keys) or ()
        if most is not None and most < len(kept):
            raise WrongArgumentError(limit, f"{most} is less than the {len(kept)} keys to keep")

    return check


def limit_and_marker(limit: str, marker: str) -> Check:
    """Return a check that a limit leaves room for the marker, in bytes."""

    def check(arguments: Arguments) -> None:
        most, mark = number(arguments, limit), text(arguments, marker) or ""
        size = len(mark.encode("utf-8", "surrogateescape"))
        if most is not None and most < size:
            raise WrongArgumentError(marker, f"its {size} bytes are more than the limit of {most}")

    return check


def delimiters(delimiter: str, pair_delimiter: str) -> Check:
    """Return a check that the two differ and are not empty; left out they are `=` and a space."""

    def check(arguments: Arguments) -> None:
        between_key_and_value = text(arguments, delimiter)
        between_pairs = text(arguments, pair_delimiter)
        for name, value in ((delimiter, between_key_and_value), (pair_delimiter, between_pairs)):
            if value == "":
                raise WrongArgumentError(name, "it is empty")
        if (between_key_and_value or "=") == (between_pairs or " "):
            name = delimiter if between_pairs is None else pair_delimiter
            raise WrongArgumentError(name, "key and value are parted by the same as pairs")

    return check


def csv_settings(delimiter: str, header_delimiter: str, mode: str) -> Check:
    """Return a check that delimiters are one character each and the mode is known."""

    def check(arguments: Arguments) -> None:
        for name in (delimiter, header_delimiter):
            value = text(arguments, name)
            if value is not None and len(value) != 1:
                raise WrongArgumentError(name, f'"{value}" is not a single character')
        choices(mode, "strict", "lazyQuotes", "ignoreQuotes")(arguments)

    return check


def buckets(target: str, method: str) -> Check:
    """Return a check for merge_histogram_buckets: a known method, and a bound or a count that fits it."""

    def check(arguments: Arguments) -> None:
        choices(method, "remove_explicit_bound", "limit_buckets")(arguments)
        value = literal(arguments, target)
        if value is None:
            return
        if value.value is None:
            raise WrongArgumentError(target, "it is nil")
        if text(arguments, method) == "limit_buckets":
            most = float(value.value)
            if not 1 <= most <= float(_LAST_INT) or most != int(most):
                raise WrongArgumentError(target, f"{most} is no count of buckets")

    return check


def identifier(name: str, size: int) -> Check:
    """Return a check that an id has `size` bytes, or is text of twice as many hexadecimal digits."""

    def check(arguments: Arguments) -> None:
        value = arguments.get(name)
        if not isinstance(value, Literal | Enum):
            return
        raw = _bytes(value.value)
        if len(raw) == size or (len(raw) == 2 * size and _HEX.match(raw.decode("latin-1"))):
            return
        raise WrongArgumentError(name, f"it is neither {size} bytes nor {2 * size} hexadecimal digits")

    return check


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogateescape")
    if isinstance(value, bool):
        return b"\0"
    return b"" if value is None else bytes(8)


def networks(name: str) -> Check:
    """Return a check that the networks before the first that is no literal are CIDRs, as net.ParseCIDR has it."""

    def check(arguments: Arguments) -> None:
        for item in items(arguments, name) or ():
            if not isinstance(item, Literal):
                return
            if isinstance(item.value, str) and not _is_network(item.value):
                raise WrongArgumentError(name, f'"{item.value}" is no network such as 10.0.0.0/8', item.span)

    return check


def _is_network(value: str) -> bool:
    address, slash, prefix = value.partition("/")
    if not slash or not _PREFIX.match(prefix) or "%" in address:
        return False
    try:
        return int(prefix) <= ipaddress.ip_address(address).max_prefixlen
    except ValueError:
        return False
