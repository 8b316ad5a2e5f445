"""Checks of patterns that the collector compiles when it makes a function: regular expressions, globs and grok.

Regular expressions are RE2's; where Go's dialect of it is another, this follows Go.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import re2

from phoenix.ottl.signatures.checks import items, literal, text
from phoenix.ottl.signatures.names import known
from phoenix.ottl.signatures.signature import Check, WrongArgumentError
from phoenix.ottl.syntax import Expression, Literal

Arguments = Mapping[str, Expression]

_QUIET: Final = re2.Options()
_QUIET.log_errors = False
# RE2 has \C, a single byte, and names of any letters; Go has not.
_SINGLE_BYTE: Final = re.compile(r"(?<!\\)(?:\\\\)*\\C")
_FOREIGN_NAME: Final = re.compile(r"\(\?P?<\w*[^\x00-\x7f]\w*>")
# Go knows the long names of Unicode's categories too, and reads them whatever their case, dashes and underscores.
_LONG_CATEGORY: Final = re.compile(r"(?<=\\)([pP])\{(\^?)([A-Za-z_ -]{4,})\}")
_CATEGORIES: Final = frozenset(
    (
        *("casedletter", "closepunctuation", "combiningmark", "connectorpunctuation", "control", "currencysymbol"),
        *("dashpunctuation", "decimalnumber", "digit", "enclosingmark", "finalpunctuation", "format"),
        *("initialpunctuation", "letter", "letternumber", "lineseparator", "lowercaseletter", "mark", "mathsymbol"),
        *("modifierletter", "modifiersymbol", "nonspacingmark", "number", "openpunctuation", "other", "othernumber"),
        *("otherletter", "otherpunctuation", "othersymbol", "paragraphseparator", "privateuse", "punctuation"),
        *("punct", "separator", "spaceseparator", "spacingmark", "surrogate", "symbol", "titlecaseletter"),
        *("unassigned", "uppercaseletter", "cntrl"),
    )
)
# [!a-z] or [!abc]; what follows a first character and a dash is always the end of a range.
_GLOB_RANGE: Final = re.compile(r"(?:!|(?!!))(?:(?P<low>.)-(?P<high>.)|(?!.-)(?:\\.|[^\]\\])+)\]", re.DOTALL)
_GROK_USE: Final = re.compile(r"%\{(\w+(?::[\w+.]+(?::\w+)?)?)\}", re.ASCII)
_GROK_ROUNDS: Final = 1000
_ENOUGH: Final = 100_000


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
    if _FOREIGN_NAME.search(pattern):
        raise WrongArgumentError(name, "a group's name has letters beyond a to z")
    try:
        re2.compile(_LONG_CATEGORY.sub(_short_category, pattern).encode("utf-8", "surrogateescape"), _QUIET)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise WrongArgumentError(name, f"the regular expression does not compile: {said}") from None


def _short_category(match: re.Match[str]) -> str:
    word = re.sub("[_ -]", "", match.group(3)).lower()
    return f"{match.group(1)}{{{match.group(2)}L}}" if word in _CATEGORIES else match.group()


def glob_pattern(name: str) -> Check:
    """Return a check that a literal glob is one that github.com/gobwas/glob compiles: its ranges are."""

    def check(arguments: Arguments) -> None:
        pattern = text(arguments, name)
        if pattern is not None and not _has_good_ranges(pattern):
            raise WrongArgumentError(name, f'the glob "{pattern}" has a range that is none; write \\\\[ for a bracket')

    return check


def _has_good_ranges(pattern: str) -> bool:
    at = 0
    while at < len(pattern):
        if pattern[at] == "[":
            match = _GLOB_RANGE.match(pattern, at + 1)
            if match is None or (match["low"] and match["low"] > match["high"]):
                return False
            at = match.end()
        else:
            at += 2 if pattern[at] == "\\" else 1
    return True


def grok_pattern(pattern: str, named_only: str, definitions: str) -> Check:
    """Return a check that a literal grok pattern is made of patterns that there are, and compiles with them.

    The text's own definitions are put in; those of the library are known to compile.
    """

    def check(arguments: Arguments) -> None:
        own = dict(_own_patterns(arguments, definitions))
        form = text(arguments, pattern)
        if form is None:
            return
        only = literal(arguments, named_only)
        whole, names = _expanded(form, own, pattern)
        _compile(whole, pattern)
        if only is not None and only.value is True and not names and "(?P<" not in whole and "(?<" not in whole:
            raise WrongArgumentError(pattern, "it captures nothing by name")

    return check


def _expanded(form: str, own: Mapping[str, str], name: str) -> tuple[str, bool]:
    names = False
    for _ in range(_GROK_ROUNDS):
        uses = _GROK_USE.findall(form)
        if not uses:
            break
        for use in uses:
            word, _, target = use.partition(":")
            if word not in own and word not in known("grok_patterns"):
                raise WrongArgumentError(name, f"there is no grok pattern {word}")
            names = names or bool(target) or (word not in own and word in known("grok_patterns_with_names"))
            form = form.replace(f"%{{{use}}}", f"(?:{own.get(word, 'x')})")
        if len(form) > _ENOUGH:
            raise WrongArgumentError(name, "the patterns defined here contain themselves")
    return form, names


def _own_patterns(arguments: Arguments, definitions: str) -> Iterator[tuple[str, str]]:
    for item in items(arguments, definitions) or ():
        if isinstance(item, Literal) and isinstance(item.value, str):
            name, equals, pattern = item.value.partition("=")
            if not equals:
                raise WrongArgumentError(definitions, f'"{item.value}" is not NAME=pattern', item.span)
            if ":" in name:
                raise WrongArgumentError(definitions, f'"{name}" has a colon in its name', item.span)
            yield name, pattern
