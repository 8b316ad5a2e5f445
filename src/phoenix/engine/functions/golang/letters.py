"""Letter case as Go's unicode package has it: one rune for one, and Unicode 17, which Python 3.11 is behind."""

from typing import Final

from phoenix.engine.functions.golang.text import is_utf8, runes

_LOWER: Final[dict[str, str]] = {}
_UPPER: Final[dict[str, str]] = {}


def to_lower(text: str) -> str:
    """Return strings.ToLower."""
    if text.isascii():
        return text.lower()
    return "".join(map(_lower, text if is_utf8(text) else runes(text)))


def to_upper(text: str) -> str:
    """Return strings.ToUpper."""
    if text.isascii():
        return text.upper()
    return "".join(map(_upper, text if is_utf8(text) else runes(text)))


def _lower(rune: str) -> str:
    lower = _LOWER.get(rune) or rune.lower()
    return lower if len(lower) == 1 else lower[0]


def _upper(rune: str) -> str:
    upper = _UPPER.get(rune) or rune.upper()
    if len(upper) == 1:
        return upper
    # What grows when made upper has a mapping to one rune only where its title case is one.
    title = rune.title()
    return title if len(title) == 1 else rune
