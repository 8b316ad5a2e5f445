r"""What a string literal holds, by the rules of the collector's parser library.

They are those of Go's strconv.UnquoteChar, one character after the other (participle's map.go): `\xff` and `\377` are
the character U+00FF, not a byte, and `\'` is not allowed.
"""

import re
from typing import Final

_SIMPLE: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
}
_ESCAPE: Final = re.compile(r"x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})", re.ASCII)
_LAST_OCTAL: Final = 0o377
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)


class BadEscapeError(ValueError):
    """A backslash is followed by something it cannot be followed by.

    Attributes:
        at: where the backslash is in the literal.
    """

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


def unquote(literal: str) -> str:
    r"""Return what `literal`, with its quotes, holds.

    >>> unquote(r'"a\tb\xff"')
    'a\tbÿ'

    Raises:
        BadEscapeError: an escape is not one of Go's.
    """
    if "\\" not in literal:
        return _without_loose_bytes(literal[1:-1])
    parts = []
    at, end = 1, len(literal) - 1
    while at < end:
        backslash = literal.find("\\", at, end)
        if backslash < 0:
            parts.append(literal[at:end])
            break
        parts.append(literal[at:backslash])
        character, at = _escape(literal, backslash)
        parts.append(character)
    return _without_loose_bytes("".join(parts))


def _escape(literal: str, backslash: int) -> tuple[str, int]:
    simple = _SIMPLE.get(literal[backslash + 1])
    if simple is not None:
        return simple, backslash + 2
    match = _ESCAPE.match(literal, backslash + 1, len(literal) - 1)
    if match is None:
        raise BadEscapeError(backslash)
    octal = match.group(4)
    code = int(octal, 8) if octal else int(match.group(match.lastindex or 1), 16)
    if (octal and code > _LAST_OCTAL) or code > _LAST_CHARACTER or code in _SURROGATES:
        raise BadEscapeError(backslash)
    return chr(code), match.end()


def _without_loose_bytes(text: str) -> str:
    # A byte that is no UTF-8 decodes to the replacement character; so it does in Go.
    return "".join("\ufffd" if ord(character) in _SURROGATES else character for character in text)
