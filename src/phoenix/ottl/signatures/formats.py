"""Checks of the formats of times, encodings and XML paths, which the collector makes when it makes a function.

XPath is read by a Go library with a grammar of its own: what is plainly right passes, and of the rest it is said that
it is not known here.
"""

import re
import zoneinfo
from collections.abc import Mapping
from typing import Final

from phoenix.ottl.signatures.checks import text
from phoenix.ottl.signatures.names import known
from phoenix.ottl.signatures.signature import Check, UncertainArgumentError, WrongArgumentError
from phoenix.ottl.syntax import Expression

Arguments = Mapping[str, Expression]

_NAME: Final = r"(?:[A-Za-z_][\w.-]*|\*|@[A-Za-z_][\w.-]*|@\*|text\(\)|\.)"
_TEST: Final = r"(?:\[(?:@?[A-Za-z_][\w.-]*(?:\s*=\s*(?:'[^']*'|\"[^\"]*\"))?|\d+)\])*"
_XPATH: Final = re.compile(rf"(?:/|/{{0,2}}{_NAME}{_TEST}(?:/{{1,2}}{_NAME}{_TEST})*)\Z", re.ASCII)
_DIRECTIVES: Final = frozenset("YymoqbhBdegaAHlIpPMSLfsZzwijkDxFTXrRnt%c")
_LOOSE_FRACTION: Final = re.compile(r"[^.,]%[Lfs]")
_DIRECTIVE: Final = re.compile(r"%(.)")
_BASE64: Final = frozenset(("base64", "base64-raw", "base64-url", "base64-raw-url"))


def xml_path(name: str, *, is_needed: bool = False) -> Check:
    """Return a check that an XPath is one that github.com/antchfx/xpath compiles.

    Args:
        name: of the parameter.
        is_needed: it has no default, which otherwise an empty one asks for.
    """

    def check(arguments: Arguments) -> None:
        path = text(arguments, name)
        if path == "":
            if is_needed:
                raise WrongArgumentError(name, "the XPath is empty")
        elif path is not None and not _XPATH.match(path):
            raise UncertainArgumentError(name, f'the XPath "{path}" is more than steps and simple tests')

    return check


def encoding(name: str) -> Check:
    """Return a check that an encoding is one of the IANA index."""

    def check(arguments: Arguments) -> None:
        word = text(arguments, name)
        if word and word not in _BASE64 and word.strip().lower() not in known("encodings"):
            raise WrongArgumentError(name, f'there is no encoding "{word}"; utf-8 and base64 are two')

    return check


def time_format(name: str) -> Check:
    """Return a check that a format has only directives that ctimefmt knows, and no digits."""

    def check(arguments: Arguments) -> None:
        form = text(arguments, name)
        if form is None:
            return
        if not form:
            raise WrongArgumentError(name, "the format is empty")
        if re.search("[0-9]", form):
            raise WrongArgumentError(name, "the format has a digit; write directives such as %Y-%m-%d")
        if _LOOSE_FRACTION.search(form):
            raise WrongArgumentError(name, "%L, %f and %s need a point or a comma in front of them")
        for directive in _DIRECTIVE.findall(form):
            if directive not in _DIRECTIVES:
                raise WrongArgumentError(name, f"%{directive} is no directive")

    return check


def time_format_and_place(name: str, location: str, locale: str) -> Check:
    """Return a check of a format, the time zone and the language in which a time is written."""

    def check(arguments: Arguments) -> None:
        if text(arguments, name) == "":
            raise WrongArgumentError(name, "the format is empty")
        place = text(arguments, location)
        if place:
            _check_zone(place, location)
        language = text(arguments, locale)
        if language is not None and language not in known("locales"):
            raise WrongArgumentError(locale, f'"{language}" is no language such as en or de-AT')
        time_format(name)(arguments)

    return check


def _check_zone(place: str, name: str) -> None:
    # Go takes these two without looking them up.
    if place in ("UTC", "Local"):
        return
    try:
        zoneinfo.ZoneInfo(place)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        if not zoneinfo.available_timezones():
            raise UncertainArgumentError(name, f'on a machine without time zones, "{place}"') from None
        raise WrongArgumentError(name, f'"{place}" is no time zone such as Europe/Paris') from None
