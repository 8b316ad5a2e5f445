"""Checks of patterns and formats that the collector compiles when it makes a function.

Regular expressions are RE2's, as Go's are. XPath, globs, grok and locales are read by Go libraries with grammars of
their own: what is plainly right passes, and of the rest it is said that it is not known here.
"""

import re
import zoneinfo
from collections.abc import Mapping
from typing import Final

import re2

from phoenix.ottl.signatures.checks import items, literal, text
from phoenix.ottl.signatures.signature import Check, UncertainArgumentError, WrongArgumentError
from phoenix.ottl.syntax import Expression, Literal

Arguments = Mapping[str, Expression]

_QUIET: Final = re2.Options()
_QUIET.log_errors = False
# RE2 has \C, a single byte; Go has not.
_SINGLE_BYTE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\C")
_NAME: Final = r"(?:[A-Za-z_][\w.-]*|\*|@[A-Za-z_][\w.-]*|@\*|text\(\)|\.)"
_TEST: Final = r"(?:\[(?:@?[A-Za-z_][\w.-]*(?:\s*=\s*(?:'[^']*'|\"[^\"]*\"))?|\d+)\])*"
_XPATH: Final = re.compile(rf"(?:/|/{{0,2}}{_NAME}{_TEST}(?:/{{1,2}}{_NAME}{_TEST})*)\Z", re.ASCII)
_PLAIN_GLOB: Final = re.compile(r"(?:[^\[\]{}\\]|\[!?(?:[a-zA-Z0-9]-[a-zA-Z0-9]|[a-zA-Z0-9_]+)\]|\{[^\[\]{}\\]*\})*\Z")
_DIRECTIVES: Final = frozenset("YymoqbhBdegaAHlIpPMSLfsZzwijkDxFTXrRnt%c")
_LOOSE_FRACTION: Final = re.compile(r"[^.,]%[Lfs]")
_DIRECTIVE: Final = re.compile(r"%(.)")
_LOCALES: Final = re.compile(r"(?:de|en|es|fr|it|ja|nl|pl|pt|ru|sv|zh)(?:-(?:DE|US|GB|ES|FR|IT|NL|PT|BR))?\Z")
_ENCODINGS: Final = frozenset(
    (
        *("base64", "base64-raw", "base64-url", "base64-raw-url", "utf-8", "utf8", "ascii", "us-ascii"),
        *("utf-16", "utf-16be", "utf-16le", "iso-8859-1", "windows-1252", "shift_jis", "gb18030", "big5", "euc-jp"),
    )
)


def literal_pattern(name: str) -> Check:
    """Return a check that a literal regular expression compiles."""

    def check(arguments: Arguments) -> None:
        pattern = text(arguments, name)
        if pattern is not None:
            _compile(pattern, name)

    return check


def _compile(pattern: str, name: str) -> None:
    if _SINGLE_BYTE.search(pattern):
        raise WrongArgumentError(name, r"the regular expression has \C, which Go does not know")
    try:
        re2.compile(pattern.encode("utf-8", "surrogateescape"), _QUIET)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise WrongArgumentError(name, f"the regular expression does not compile: {said}") from None


def glob_pattern(name: str) -> Check:
    """Return a check that a literal glob is one that github.com/gobwas/glob compiles."""

    def check(arguments: Arguments) -> None:
        pattern = text(arguments, name)
        if pattern is not None and not _PLAIN_GLOB.match(pattern):
            raise UncertainArgumentError(name, f'the glob "{pattern}" has brackets or escapes')

    return check


def xml_path(name: str) -> Check:
    """Return a check that an XPath is one that github.com/antchfx/xpath compiles."""

    def check(arguments: Arguments) -> None:
        path = text(arguments, name)
        if path == "":
            # Optional paths have a default for it, which the collector asks for with the empty one as well.
            return
        if path is not None and not _XPATH.match(path):
            raise UncertainArgumentError(name, f'the XPath "{path}" is more than steps and simple tests')

    return check


def grok_pattern(pattern: str, named_only: str, definitions: str) -> Check:
    """Return a check of the definitions' shape, `NAME=pattern`; patterns themselves are left to who runs them."""

    def check(arguments: Arguments) -> None:
        for item in items(arguments, definitions) or ():
            if isinstance(item, Literal) and isinstance(item.value, str):
                name, equals, _ = item.value.partition("=")
                if not equals:
                    raise WrongArgumentError(definitions, f'"{item.value}" is not NAME=pattern')
                if ":" in name:
                    raise WrongArgumentError(definitions, f'"{name}" has a colon in its name')
        given = literal(arguments, pattern)
        only = literal(arguments, named_only)
        if (
            given is not None
            and isinstance(given.value, str)
            and only is not None
            and only.value is True
            and not re.search(r"%\{[^}:]+:[^}]+\}|\(\?P?<", given.value)
        ):
            raise WrongArgumentError(pattern, "it captures nothing by name")

    return check


def encoding(name: str) -> Check:
    """Return a check that an encoding is one of the IANA index."""

    def check(arguments: Arguments) -> None:
        word = text(arguments, name)
        if word is not None and word.lower() not in _ENCODINGS:
            raise UncertainArgumentError(name, f'the encoding "{word}"')

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
        if place and not _is_zone(place):
            raise WrongArgumentError(location, f'"{place}" is no time zone such as Europe/Paris')
        language = text(arguments, locale)
        if language is not None and not _LOCALES.match(language):
            raise UncertainArgumentError(locale, f'the locale "{language}"')
        time_format(name)(arguments)

    return check


def _is_zone(name: str) -> bool:
    # Go takes these two without looking them up, and refuses names that leave its folder of zones.
    if name in ("UTC", "Local"):
        return True
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
