"""ParseJSON: as github.com/goccy/go-json 0.10.6 reads what is to become Go's maps and lists.

That reader is more lenient than encoding/json: a NUL ends the text, a key may be `null`, strings may hold control
characters and bytes that are no UTF-8, and whatever strconv.ParseFloat takes is a number.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.numbers import parse_float
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Map, Value

_SPACE: Final = re.compile(rb"[ \t\r\n]*")
_NUMBER: Final = re.compile(rb"[-0-9][0-9.eE+-]*(?=[\0 \t\r\n,:}\]])")
_STRING: Final = re.compile(rb'"((?:[^"\\\0]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*)"')
_ESCAPE: Final = re.compile(
    rb"\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL
)
_SHORT: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
_WORDS: Final[Mapping[bytes, Value]] = {b"true": True, b"false": False, b"null": None}
# Go's limit is 10,000; what is nested deeper than this is read by nobody else here.
_MAX_DEPTH: Final = 200


def parse_json(target: Value) -> Value:
    """Return the map or list that a text says; all numbers are doubles (func_parse_json.go).

    Raises:
        OttlRuntimeError: it is no text, no JSON, or neither an object nor an array.
        NotColumnarError: it is nested deeper than 200 levels.
    """
    reader = _Reader(write_text(string_of(target)) + b"\0")
    value = reader.value(0)
    reader.end()
    if not isinstance(value, (Map, tuple)):
        raise OttlRuntimeError("could not convert parsed value to JSON object")
    return value


class _Reader:
    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0

    def value(self, depth: int) -> Value:
        """Return the value that begins here."""
        if depth > _MAX_DEPTH:
            raise NotColumnarError(f"function ParseJSON of more than {_MAX_DEPTH} levels")
        first = self._next()
        if first == b"{":
            return self._object(depth)
        if first == b"[":
            return self._array(depth)
        if first == b'"':
            return read_text(self._string())
        if number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            return parse_float(number[0].decode("ascii"))
        for word, value in _WORDS.items():
            if self._text.startswith(word, self._at):
                self._at += len(word)
                return value
        raise self._failed()

    def end(self) -> None:
        """Raise unless only space is left."""
        if self._next() != b"\0":
            raise self._failed()

    def _object(self, depth: int) -> Map:
        held: dict[str, Value] = {}
        self._at += 1
        if self._next() == b"}":
            self._at += 1
            return Map()
        while True:
            key = self._key()
            if self._next() != b":":
                raise self._failed()
            self._at += 1
            held[read_text(key)] = self.value(depth + 1)
            if self._separator(b"}"):
                return Map.of(held.items())

    def _key(self) -> bytes:
        if self._next() == b'"':
            return self._string()
        if self._text.startswith(b"null", self._at):
            self._at += 4
            return b""
        raise self._failed()

    def _array(self, depth: int) -> tuple[Value, ...]:
        self._at += 1
        if self._next() == b"]":
            self._at += 1
            return ()
        items: list[Value] = []
        while True:
            items.append(self.value(depth + 1))
            if self._separator(b"]"):
                return tuple(items)

    def _separator(self, closing: bytes) -> bool:
        found = self._next()
        if found not in (b",", closing):
            raise self._failed()
        self._at += 1
        return found == closing

    def _string(self) -> bytes:
        found = _STRING.match(self._text, self._at)
        if found is None:
            raise self._failed()
        self._at = found.end()
        return _ESCAPE.sub(_unescaped, found[1]) if b"\\" in found[1] else found[1]

    def _next(self) -> bytes:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._text[self._at : self._at + 1]

    def _failed(self) -> OttlRuntimeError:
        return OttlRuntimeError(f"invalid JSON at byte {self._at}")


def _unescaped(found: re.Match[bytes]) -> bytes:
    high, low, code, short = found.groups()
    if short is not None:
        return _SHORT.get(short, short)
    if high is not None:
        character = chr(((int(high, 16) - 0xD800) << 10 | (int(low, 16) - 0xDC00)) + 0x10000)
    else:
        character = chr(int(code, 16))
    # Half a surrogate pair is no character.
    return ("\ufffd" if "\ud800" <= character <= "\udfff" else character).encode("utf-8")


CONVERTERS: Final[Mapping[str, Any]] = {"ParseJSON": parse_json}
