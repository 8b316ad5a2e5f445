"""ExtractGrokPatterns: named patterns, put into each other, as one regular expression (func_extract_grok_patterns.go).

Follows github.com/elastic/go-grok 0.3.1. Of the patterns that it knows by name the engine knows those of
`grok_patterns`; the others are refused by name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.numbers import parse_bool, parse_float, parse_int
from phoenix.engine.functions.parsing.grok_patterns import PATTERNS
from phoenix.engine.functions.text.patterns import Pattern
from phoenix.engine.values.value import Map, Value
from phoenix.ottl.signatures.names import known

_USE: Final = re.compile(r"%{(\w+(?::[\w+.]+(?::\w+)?)?)}", re.ASCII)
# What in a regular expression is no group although it looks like one, or is a named group.
_GROUP: Final = re.compile(
    r"\\Q.*?(?:\\E|\Z)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\(\?P?<(\w+)>", re.DOTALL | re.ASCII
)
# Names of groups hold no dots.
_DOT: Final = "___"
# The library stops here too, and then mostly fails.
_MAX_ROUNDS: Final = 1000
_MAX_LENGTH: Final = 1 << 20
_CONVERSIONS: Final[Mapping[str, Callable[[str], Value]]] = {
    "string": str,
    "double": parse_float,
    "float": parse_float,
    "int": parse_int,
    "long": parse_int,
    "bool": parse_bool,
    "boolean": parse_bool,
}


def extract_grok_patterns(
    target: Value, pattern: Value, *, named_captures_only: bool = False, pattern_definitions: Sequence[str] = ()
) -> Map:
    """Return what the named patterns found, those that found nothing left out; an empty map without a match.

    Raises:
        OttlRuntimeError: one is no text, a number or boolean asked for is none, a definition or the pattern is none, or
            nothing is captured by name though only that should be.
        NotColumnarError: a pattern is not among `PATTERNS`, or they grow beyond measure.
    """
    grok = _compiled(string_of(pattern), named_captures_only, tuple(pattern_definitions))
    made: dict[str, Value] = {}
    found = grok.expression.named_groups(string_of(target)) or {}
    for name, text in zip(grok.names, found.values(), strict=bool(found)):
        # Of groups of one name the last that found something counts.
        if text:
            hint = grok.hints.get(name, "string")
            if hint not in _CONVERSIONS:
                raise OttlRuntimeError(f"invalid type for {name}: type not specified")
            made[name.replace(_DOT, ".")] = _CONVERSIONS[hint](text)
    return Map.of(made.items())


@dataclass(frozen=True, slots=True)
class _Grok:
    """A pattern with all others put in.

    Attributes:
        expression: its groups are numbered by their names, since several may be of one name.
        names: what each group was called.
        hints: the types asked for, by group.
    """

    expression: Pattern
    names: tuple[str, ...]
    hints: Mapping[str, str]


@lru_cache(maxsize=256)
def _compiled(pattern: str, named_captures_only: bool, definitions: tuple[str, ...]) -> _Grok:
    expanded, hints = _expanded(pattern, _definitions(definitions), named_captures_only=named_captures_only)
    names: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        if found[1] is None:
            return found[0]
        names.append(found[1])
        return f"(?P<g{len(names)}>"

    compiled = Pattern(_GROUP.sub(numbered, expanded))
    if named_captures_only and not names:
        raise OttlRuntimeError("at least 1 named capture group must be supplied in the given regex")
    return _Grok(compiled, tuple(names), hints)


def _definitions(written: tuple[str, ...]) -> Mapping[str, str]:
    added = dict(definition.split("=", 1) for definition in written)
    return {**PATTERNS, **added}


def _expanded(
    pattern: str, definitions: Mapping[str, str], *, named_captures_only: bool
) -> tuple[str, Mapping[str, str]]:
    hints: dict[str, str] = {}
    for _ in range(_MAX_ROUNDS):
        uses = _USE.findall(pattern)
        if not uses:
            break
        for use in uses:
            name, *rest = use.split(":")
            group = rest[0].replace(".", _DOT) if rest else name
            if len(rest) == 2:
                hints[group] = rest[1]
            if name not in definitions and name in known("grok_patterns"):
                raise NotColumnarError(f"grok pattern {name}")
            if name not in definitions:
                raise OttlRuntimeError(f"pattern definition {name} unknown: parsing failed")
            opening = "(" if named_captures_only and not rest else f"(?P<{group}>"
            pattern = pattern.replace(f"%{{{use}}}", f"{opening}{definitions[name]})")
            if len(pattern) > _MAX_LENGTH:
                raise NotColumnarError("function ExtractGrokPatterns of a pattern of a million characters")
    else:
        raise NotColumnarError("function ExtractGrokPatterns of patterns that hold each other")
    return pattern, hints


CONVERTERS: Final[Mapping[str, Any]] = {"ExtractGrokPatterns": extract_grok_patterns}
