"""Letter case as Go's unicode package has it: one rune for one, and Unicode 17, which Python 3.11 is behind."""

from typing import Final

from phoenix.engine.functions.golang.text import is_utf8, runes

# First capital, last capital, and how far their small letters are: what came after Unicode 14.
_NEW_PAIRS: Final = (
    (0x1C89, 0x1C89, 1),
    (0xA7CB, 0xA7CB, 0x264 - 0xA7CB),
    (0xA7CC, 0xA7CC, 1),
    (0xA7CE, 0xA7CE, 1),
    (0xA7D2, 0xA7D2, 1),
    (0xA7D4, 0xA7D4, 1),
    (0xA7DA, 0xA7DA, 1),
    (0xA7DC, 0xA7DC, 0x19B - 0xA7DC),
    (0x10D50, 0x10D65, 0x20),
    (0x16EA0, 0x16EB8, 0x1B),
)
_LOWER: Final = {
    chr(capital): chr(capital + distance) for first, last, distance in _NEW_PAIRS for capital in range(first, last + 1)
}
_UPPER: Final = {small: capital for capital, small in _LOWER.items()}


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
