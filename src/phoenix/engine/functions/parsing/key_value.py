"""ParseKeyValue: `a=1 b="two words"` as a map (func_parse_key_value.go, parseutils/parser.go)."""

from collections.abc import Mapping
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.functions.golang.text import trim_space
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Map, Value


def parse_key_value(target: Value, delimiter: str = "=", pair_delimiter: str = " ") -> Map:
    """Return the pairs of a text as a map of texts without the space around them; the last of a key counts.

    Quotes, single or double, keep delimiters together and are taken away; a backslash keeps a quote.

    Raises:
        OttlRuntimeError: it is no text, a quote is not closed, or a pair has no delimiter.
    """
    text = string_of(target)
    if not text:
        raise OttlRuntimeError("cannot parse from empty target")
    between = write_text(delimiter)
    made: dict[str, Value] = {}
    for pair in _split(write_text(text), write_text(pair_delimiter)):
        key, found, value = pair.partition(between)
        if not found:
            raise OttlRuntimeError("failed to split pairs into key-values")
        made[trim_space(read_text(key))] = trim_space(read_text(value))
    return Map.of(made.items())


def _split(text: bytes, delimiter: bytes) -> list[bytes]:
    pairs: list[bytes] = []
    current = bytearray()
    quote: int | None = None
    escaped = False
    at = 0
    while at < len(text):
        if quote is None and text.startswith(delimiter, at):
            if current:
                pairs.append(bytes(current))
                current.clear()
            at += len(delimiter)
            continue
        byte = text[at]
        at += 1
        if escaped:
            escaped = False
        elif quote is None and byte in b"\"'":
            quote = byte
            continue
        elif byte == quote:
            quote = None
            continue
        else:
            escaped = byte == ord("\\")
        current.append(byte)
    if quote is not None:
        raise OttlRuntimeError("never reached the end of a quoted value")
    return [*pairs, bytes(current)] if current else pairs


CONVERTERS: Final[Mapping[str, Any]] = {"ParseKeyValue": parse_key_value}
