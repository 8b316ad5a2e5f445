"""ParseCSV: one record as a map (func_parse_csv.go, parseutils/csv.go, and encoding/csv of Go 1.27)."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.arguments import string_of
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Map, Value

STRICT: Final = "strict"
LAZY_QUOTES: Final = "lazyQuotes"
IGNORE_QUOTES: Final = "ignoreQuotes"
_QUOTE: Final = b'"'


def parse_csv(
    target: Value, header: Value, delimiter: str = ",", header_delimiter: str | None = None, mode: str = STRICT
) -> Map:
    """Return the fields of a record by the names in a header; lines behind the first go on in its last field.

    Raises:
        OttlRuntimeError: one is no text, they have not as many fields, quotes are not in order.
    """
    text, names = string_of(target), string_of(header)
    if not names:
        raise OttlRuntimeError("headers must not be an empty string")
    keys = names.split(delimiter if header_delimiter is None else header_delimiter)
    if mode == IGNORE_QUOTES:
        fields = text.split(delimiter)
    else:
        fields = [read_text(field) for field in _read_row(write_text(text), delimiter, lazy=mode == LAZY_QUOTES)]
    if len(fields) != len(keys):
        raise OttlRuntimeError(f"wrong number of fields: expected {len(keys)}, found {len(fields)}")
    return Map.of(dict(zip(keys, fields, strict=True)).items())


def _read_row(row: bytes, delimiter: str, *, lazy: bool) -> list[bytes]:
    if delimiter in ('"', "\r", "\n", "\0", "\ufffd"):
        raise OttlRuntimeError("csv: invalid field or comment delimiter")
    lines = _Lines(row)
    joined: list[bytes] | None = None
    while (line := lines.next_with_text()) is not None:
        record = _Record(lines, write_text(delimiter), lazy=lazy).read(line)
        if record.wrong and not record.fields:
            raise OttlRuntimeError("read csv line: quotes are not in order")
        if joined is None:
            joined = record.fields
        else:
            joined[-1] += b"\n" + record.fields[0]
            joined += record.fields[1:]
    if not joined:
        raise OttlRuntimeError("no csv lines found")
    return joined


class _Lines:
    """The lines of a text; a carriage return before a line feed is left out."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0

    def next(self) -> bytes | None:
        """Return the next line with its line break, None at the end."""
        if self._at == len(self._text):
            return None
        end = self._text.find(b"\n", self._at) + 1
        line = self._text[self._at : end or None]
        self._at += len(line)
        if not end:
            return line.removesuffix(b"\r")
        return line[:-2] + b"\n" if line.endswith(b"\r\n") else line

    def next_with_text(self) -> bytes | None:
        """Return the next line that has more than its line break, None at the end."""
        while (line := self.next()) is not None and line in (b"", b"\n"):
            continue
        return line


class _Row(NamedTuple):
    """What was read of a record, and whether its quotes were not in order from there on."""

    fields: list[bytes]
    wrong: bool


class _Record:
    def __init__(self, lines: _Lines, comma: bytes, *, lazy: bool) -> None:
        self._lines = lines
        self._comma = comma
        self._lazy = lazy
        self._fields: list[bytes] = []

    def read(self, line: bytes) -> _Row:
        """Return the fields of the record that begins with a line.

        A field whose quotes are not in order ends the record; the collector goes on with what there is, if anything.
        """
        rest: bytes | None = line
        wrong = False
        while rest is not None and not wrong:
            rest, wrong = self._quoted(rest[1:]) if rest.startswith(_QUOTE) else self._plain(rest)
        return _Row(self._fields, wrong)

    def _plain(self, line: bytes) -> tuple[bytes | None, bool]:
        field, comma, rest = line.partition(self._comma)
        if not comma:
            field = field.removesuffix(b"\n")
        if not self._lazy and _QUOTE in field:
            return None, True
        self._fields.append(field)
        return (rest if comma else None), False

    def _quoted(self, line: bytes) -> tuple[bytes | None, bool]:
        field = b""
        ended = False
        while True:
            before, quote, rest = line.partition(_QUOTE)
            field += before
            if quote:
                line = rest
                if line.startswith(_QUOTE):
                    field, line = field + _QUOTE, line[1:]
                elif line.startswith(self._comma):
                    self._fields.append(field)
                    return line[len(self._comma) :], False
                elif line in (b"", b"\n"):
                    self._fields.append(field)
                    return None, False
                elif self._lazy:
                    field += _QUOTE
                else:
                    return None, True
            elif line and not ended:
                following = self._lines.next()
                ended = following is None
                line = following or b""
            else:
                if self._lazy:
                    self._fields.append(field)
                return None, not self._lazy


CONVERTERS: Final[Mapping[str, Any]] = {"ParseCSV": parse_csv}
