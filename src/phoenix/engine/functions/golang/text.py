"""Text as Go has it: bytes, of which some are no UTF-8 and count as U+FFFD where runes are looked at."""

from collections.abc import Iterator
from typing import Final

from phoenix.engine.values.codec import read_text, write_text

REPLACEMENT: Final = "\ufffd"
# unicode.IsSpace; Python's own strip would take U+001C to U+001F too.
SPACES: Final = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def joined(parts: Iterator[str]) -> str:
    """Return texts behind each other; bytes that were no UTF-8 alone may be some together."""
    text = "".join(parts)
    return text if is_utf8(text) else read_text(write_text(text))


def is_utf8(text: str) -> bool:
    """Return whether all bytes of a text are UTF-8."""
    return text.isascii() or not any("\udc80" <= character <= "\udcff" for character in text)


def runes(text: str) -> str:
    """Return a text with U+FFFD for each byte that is no UTF-8, as ranging over a Go string sees it."""
    if text.isascii():
        return text
    return "".join(REPLACEMENT if "\udc80" <= character <= "\udcff" else character for character in text)


def byte_length(text: str) -> int:
    """Return how many bytes a text has, as `len` says in Go."""
    return len(text) if text.isascii() else len(write_text(text))


def trim_space(text: str) -> str:
    """Return a text without the white space around it (strings.TrimSpace)."""
    return text.strip(SPACES)


def trim(text: str, cutset: str) -> str:
    """Return a text without the runes of `cutset` around it (strings.Trim); bytes that are no UTF-8 are one."""
    unwanted = runes(cutset)
    seen = runes(text)
    start = len(seen) - len(seen.lstrip(unwanted)) if unwanted else 0
    stop = max(start, len(seen.rstrip(unwanted))) if unwanted else len(seen)
    return text[start:stop]
