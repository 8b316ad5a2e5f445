"""Concat, Split, Substring, Trim, TrimPrefix, TrimSuffix, HasPrefix and HasSuffix. Positions and lengths are bytes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import int_of, string_like, string_of
from phoenix.engine.functions.golang.text import joined, trim
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.lists import Strings
from phoenix.engine.values.value import Value


def concat(vals: Sequence[Value], delimiter: Value) -> str:
    """Return values as text with a delimiter between; nil is `<nil>`."""
    between = string_of(delimiter)
    texts = ["<nil>" if text is None else text for text in map(string_like, vals)]
    return joined(iter([between.join(texts)]))


def split(target: Value, delimiter: Value) -> Strings:
    """Return the parts between delimiters; an empty one splits behind each rune."""
    text, between = string_of(target), string_of(delimiter)
    if not between:
        return Strings(text)
    return Strings(map(read_text, write_text(text).split(write_text(between))))


def substring(target: Value, start: Value, length: Value, utf8_safe: bool = False) -> str:
    """Return `length` bytes from `start`; `utf8_safe` makes both ends keep to runes, which shortens.

    Raises:
        OttlRuntimeError: the range is empty or not within the text.
    """
    first, count = int_of(start), int_of(length)
    if first < 0:
        raise OttlRuntimeError(f"invalid start for substring function, {first} cannot be negative")
    if count <= 0:
        raise OttlRuntimeError(f"invalid length for substring function, {count} cannot be negative or zero")
    text = write_text(string_of(target))
    if first + count > len(text):
        raise OttlRuntimeError(
            f"invalid range for substring function, start({first})+length({count}) "
            f"cannot be greater than the length of target string({len(text)})"
        )
    stop = first + count
    if utf8_safe:
        first, stop = _at_runes(text, first, stop)
    return read_text(text[first:stop])


def trim_function(target: Value, replacement: str = " ") -> str:
    """Return a text without the runes of `replacement` at its ends."""
    return trim(string_of(target), replacement)


def trim_prefix(target: Value, prefix: Value) -> str:
    """Return a text without what it begins with."""
    return read_text(write_text(string_of(target)).removeprefix(write_text(string_of(prefix))))


def trim_suffix(target: Value, suffix: Value) -> str:
    """Return a text without what it ends with."""
    return read_text(write_text(string_of(target)).removesuffix(write_text(string_of(suffix))))


def has_prefix(target: Value, prefix: Value) -> bool:
    """Return whether a text begins with another."""
    return write_text(string_of(target)).startswith(write_text(string_of(prefix)))


def has_suffix(target: Value, suffix: Value) -> bool:
    """Return whether a text ends with another."""
    return write_text(string_of(target)).endswith(write_text(string_of(suffix)))


def _at_runes(text: bytes, start: int, stop: int) -> tuple[int, int]:
    while start < len(text) and _continues(text[start]):
        start += 1
    while start < stop < len(text) and _continues(text[stop]):
        stop -= 1
    return start, max(start, stop)


def _continues(byte: int) -> bool:
    return byte & 0xC0 == 0x80


CONVERTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "Concat": concat,
    "Split": split,
    "Substring": substring,
    "Trim": trim_function,
    "TrimPrefix": trim_prefix,
    "TrimSuffix": trim_suffix,
    "HasPrefix": has_prefix,
    "HasSuffix": has_suffix,
}
