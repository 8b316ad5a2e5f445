"""The replacement of a match: `$1`, `${name}` and `$$` (regexp.Expand), and the replace editors' replacement_format."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.formatting.sprintf import sprintf

_ONE_PLACE: Final = re.compile(r".*?%s.*?", re.ASCII)
_OTHER_PLACE: Final = re.compile(r"%[^s]", re.DOTALL)
_MOST_GROUPS: Final = 10**8


def expand(template: str, group: Callable[[int], str], numbers: Mapping[str, int]) -> str:
    """Return a template filled.

    Args:
        template: `$` before a number or a name, in braces or as far as letters, digits and `_` go.
        group: number of a group to what it found, "" for what found nothing or is not there.
        numbers: of the named groups.
    """
    return "".join(part if isinstance(part, str) else _filled(part[0], group, numbers) for part in _parts(template))


def apply_format(replacement_format: str, replacement: str) -> str:
    """Return a replacement within a replacement_format (applyReplaceFormat of func_replace_pattern.go).

    Raises:
        OttlRuntimeError: the format is not text around one or more `%s` and nothing else.
    """
    if not _ONE_PLACE.fullmatch(replacement_format) or _OTHER_PLACE.search(replacement_format):
        raise OttlRuntimeError(
            "replacementFormat must be format string containing a single %s and no other format specifiers"
        )
    return sprintf(replacement_format, [replacement])


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[str | tuple[str], ...]:
    # Text as it is, and names of groups as tuples of one.
    parts: list[str | tuple[str]] = []
    while template:
        before, dollar, template = template.partition("$")
        parts.append(before)
        if not dollar:
            break
        if template.startswith("$"):
            parts.append("$")
            template = template[1:]
            continue
        name, rest = _name(template)
        if name is None:
            parts.append("$")
            continue
        parts.append((name,))
        template = rest
    return tuple(parts)


def _name(template: str) -> tuple[str | None, str]:
    braced = template.startswith("{")
    inside = template[1:] if braced else template
    size = next((place for place, rune in enumerate(inside) if not _in_name(rune)), len(inside))
    if size == 0 or (braced and inside[size : size + 1] != "}"):
        return None, template
    return inside[:size], inside[size + braced :]


def _in_name(rune: str) -> bool:
    return rune == "_" or unicodedata.category(rune)[0] == "L" or unicodedata.category(rune) == "Nd"


def _filled(name: str, group: Callable[[int], str], numbers: Mapping[str, int]) -> str:
    if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0"):
        return group(int(name)) if int(name) < _MOST_GROUPS else ""
    return group(numbers[name]) if name in numbers else ""
