"""Text quoted as strconv.Quote does it."""

import unicodedata
from typing import Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.golang.text import is_utf8

_SHORT: Final = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_FIRST_WITHOUT_UTF8: Final = 0xDC00


def quote(text: str, mark: str = '"', *, ascii_only: bool = False) -> str:
    """Return a text between quotation marks, what cannot be printed escaped."""
    return mark + "".join(_escaped(rune, mark, ascii_only=ascii_only) for rune in text) + mark


def can_backquote(text: str) -> bool:
    """Return whether a text can stand between backquotes as it is."""
    return is_utf8(text) and not any((rune < " " and rune != "\t") or rune in "`\x7f\ufeff" for rune in text)


def is_print(rune: str) -> bool:
    """Return strconv.IsPrint: letters, marks, numbers, punctuation, symbols and the plain space.

    Raises:
        NotColumnarError: Go's Unicode 17 may know a character that Python's 14 does not.
    """
    category = unicodedata.category(rune)
    if category == "Cn":
        raise NotColumnarError(f"Format, quoting the character U+{ord(rune):04X},")
    return rune == " " or category[0] in "LMNPS"


def _escaped(rune: str, mark: str, *, ascii_only: bool) -> str:
    code = ord(rune)
    if rune in (mark, "\\"):
        return f"\\{rune}"
    if "\udc80" <= rune <= "\udcff":
        return f"\\x{code - _FIRST_WITHOUT_UTF8:02x}"
    if (rune.isascii() or not ascii_only) and is_print(rune):
        return rune
    if rune in _SHORT:
        return _SHORT[rune]
    if rune < " " or rune == "\x7f":
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
