"""Globs as github.com/gobwas/glob 0.2.3 matches them, without separators, as the replace editors use it.

`*` and `**` stand for anything, `?` for one character, `[abc]`, `[a-z]` and `[!a]` for one of some, `{a,b}` for one of
several texts; a backslash takes what follows as it is. Where that library's shortcuts go wrong, this does the same
("a*a" matches "a", "?" matches "") or refuses (characters of several bytes beside anything but `*`).
"""

import re
from functools import lru_cache
from typing import Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError

_LIST: Final = re.compile(r"(?:\\.|[^\]\\])+", re.DOTALL)
_ALTERNATIVES: Final = re.compile(r"[^{}?*\[]*\}", re.DOTALL)
_STAR: Final = ".*"


class Glob:
    """A compiled glob.

    Raises:
        OttlRuntimeError: it is none.
        NotColumnarError: it is one that the library has its own ways with.
    """

    def __init__(self, text: str) -> None:
        if "\ufffd" in text or any("\udc80" <= character <= "\udcff" for character in text):
            raise OttlRuntimeError("could not read rune")
        if "\0" in text:
            raise NotColumnarError("a glob with the character NUL")
        self._text = text
        self._ends: tuple[str, str] | None = None
        pieces = _Translation(text)
        regex = pieces.regex
        if len(regex) == 3 and regex[1] == _STAR and pieces.plain[0] and pieces.plain[2]:
            self._ends = (pieces.plain[0], pieces.plain[2])
        self._only_stars = pieces.only_stars
        # Alone, these take the end of an empty text for one character.
        if len(regex) == 1 and (regex[0] == "." or regex[0].startswith("[^")):
            regex = [f"(?:{regex[0]})?"]
        self._compiled = re.compile("".join(regex), re.DOTALL)
        self._check_width(text)

    def matches(self, text: str) -> bool:
        """Return whether the glob matches a text as a whole.

        Raises:
            NotColumnarError: the text has characters of several bytes, and the glob more than `*`.
        """
        if self._ends is not None:
            # Beginning and end may overlap.
            return text.startswith(self._ends[0]) and text.endswith(self._ends[1])
        self._check_width(text)
        return self._compiled.fullmatch(text) is not None

    def _check_width(self, text: str) -> None:
        if not self._only_stars and not text.isascii():
            raise NotColumnarError(f'the glob "{self._text}" with characters that are no ASCII')


class _Translation:
    """A glob as pieces of a regular expression.

    Attributes:
        regex: the pieces; neighbouring stars are one.
        plain: of each piece the text it stands for, "" for what is no text.
        only_stars: there is nothing but text and stars.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._negated_before = False
        self.regex: list[str] = []
        self.plain: list[str] = []
        self.only_stars = True
        while self._at < len(text):
            self._item()

    def _item(self) -> None:
        character = self._text[self._at]
        if character not in "*?{[":
            self._add_text()
            return
        self._at += 1
        negated_before, self._negated_before = self._negated_before, False
        if character == "*":
            if self.regex[-1:] != [_STAR]:
                self._add(_STAR)
            return
        self.only_stars = False
        if character == "?":
            self._add(".")
        elif character == "{":
            self._add_alternatives()
        else:
            self._add_range()
            if negated_before and self._negated_before:
                raise NotColumnarError(f'the glob "{self._text}" with two negated lists beside each other')

    def _add(self, regex: str, plain: str = "") -> None:
        self.regex.append(regex)
        self.plain.append(plain)

    def _add_text(self) -> None:
        found = re.compile(r"(?:\\.|[^\\*?{\[])+\\?|\\", re.DOTALL).match(self._text, self._at)
        if found is None:
            raise OttlRuntimeError("unexpected token")
        self._at = found.end()
        self._negated_before = False
        text = _unescaped(found[0])
        if text:
            self._add(re.escape(text), text)

    def _add_alternatives(self) -> None:
        found = _ALTERNATIVES.match(self._text, self._at)
        texts = found[0][:-1].split(",") if found else []
        if found is None or "\\" in found[0] or not all(texts):
            raise NotColumnarError(f'the glob "{self._text}" with more than texts in braces')
        self._at = found.end()
        self._add(f"(?:{'|'.join(map(re.escape, texts))})")

    def _add_range(self) -> None:
        negated = self._text[self._at : self._at + 1] == "!"
        self._at += negated
        inside = self._text[self._at :]
        if inside[1:2] == "-":
            if inside[3:4] != "]":
                raise OttlRuntimeError("expected close range character")
            if inside[2] < inside[0]:
                raise OttlRuntimeError("hi character should be greater than lo")
            self._at += 4
            self._add(f"[{'^' if negated else ''}{re.escape(inside[0])}-{re.escape(inside[2])}]")
            return
        listed = _LIST.match(inside)
        if listed is None or inside[listed.end() : listed.end() + 1] != "]":
            raise OttlRuntimeError("could not parse range")
        self._at += listed.end() + 1
        self._negated_before = negated
        characters = _unescaped(listed[0])
        one = "" if negated or len(characters) > 1 else characters
        self._add(f"[{'^' if negated else ''}{''.join(map(re.escape, characters))}]", one)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.|\Z)", r"\1", text, flags=re.DOTALL)


@lru_cache(maxsize=1024)
def compile_glob(text: str) -> Glob:
    """Return a compiled glob; the errors are `Glob`'s."""
    return Glob(text)
