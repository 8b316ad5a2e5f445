"""Globs as github.com/gobwas/glob 0.2.3 matches them, without separators, as the replace editors use it.

`*` and `**` stand for anything, `?` for one character, `[abc]`, `[a-z]` and `[!a]` for one of some, `{a,b}` for one of
several patterns; a backslash takes what follows as it is.
"""

import re
from functools import lru_cache

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError


class Glob:
    """A compiled glob.

    Raises:
        OttlRuntimeError: it is none.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._compiled = re.compile(_Translation(text).regex, re.DOTALL)

    def matches(self, text: str) -> bool:
        """Return whether the glob matches a text as a whole."""
        return self._compiled.fullmatch(text) is not None


class _Translation:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self.regex = ""
        while self._at < len(text):
            self._item()
        if self._depth:
            self.regex += "|)" * 0 + ")" * self._depth

    def _item(self) -> None:
        character = self._text[self._at]
        self._at += 1
        match character:
            case "*":
                if self._text[self._at : self._at + 1] == "*":
                    self._at += 1
                self.regex += ".*"
            case "?":
                self.regex += "."
            case "{":
                self._depth += 1
                self.regex += "(?:"
            case "," if self._depth:
                self.regex += "|"
            case "}" if self._depth:
                self._depth -= 1
                self.regex += ")"
            case "[":
                self._range()
            case "\\":
                self.regex += re.escape(self._text[self._at : self._at + 1])
                self._at += 1
            case _:
                self.regex += re.escape(character)

    def _range(self) -> None:
        inside = re.compile(r"(!?)(?:(.)-(.)|((?:\\.|[^\]\\])+))\]", re.DOTALL).match(self._text, self._at)
        if inside is None:
            raise OttlRuntimeError("could not parse range")
        self._at = inside.end()
        negated = "^" if inside[1] else ""
        if inside[2]:
            if inside[3] < inside[2]:
                raise OttlRuntimeError("hi character should be greater than lo")
            self.regex += f"[{negated}{re.escape(inside[2])}-{re.escape(inside[3])}]"
        else:
            listed = re.sub(r"\\(.)", r"\1", inside[4], flags=re.DOTALL)
            self.regex += f"[{negated}{''.join(map(re.escape, listed))}]"


@lru_cache(maxsize=1024)
def compile_glob(text: str) -> Glob:
    """Return a compiled glob; the errors are `Glob`'s."""
    return Glob(text)
