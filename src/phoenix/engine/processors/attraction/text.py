"""Any value as text, as pcommon.Value.AsString says it (pdata 1.66): lists and maps are JSON of Go's encoding/json."""

import base64
import math
import re
from typing import Final

from phoenix.engine.functions.golang.numbers import format_float
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value

_ESCAPED: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029\udc80-\udcff]')
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


class _NoJsonError(Exception):
    """JSON has no such number; the encoder then writes nothing at all."""


def as_string(value: Value) -> str:
    """Return the text of a value that an attribute holds.

    >>> as_string(1e-7), as_string(Map.of([("b", True), ("a", 1)]))
    ('1e-7', '{"a":1,"b":true}')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case float() if math.isnan(value):
            return "NaN"
        case float() if math.isinf(value):
            return "Infinity" if value > 0 else "-Infinity"
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            try:
                return _json(value)
            except _NoJsonError:
                return ""


def _json(value: Value) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return _number(value)
        case str():
            return f'"{_ESCAPED.sub(_escape, value)}"'
        case bytes():
            # pdata copies empty bytes to a nil slice.
            return f'"{base64.b64encode(value).decode()}"' if value else "null"
        case tuple():
            return f"[{','.join(map(_json, value))}]"
        case Map():
            # AsRaw makes a Go map: of a key that stands twice the last value is left.
            pairs = sorted(dict(value.pairs).items(), key=lambda pair: write_text(pair[0]))
            return f"{{{','.join(f'{_json(key)}:{_json(held)}' for key, held in pairs)}}}"
        case _:
            raise TypeError(f"an attribute cannot hold {value!r}")


def _number(value: float) -> str:
    if math.isnan(value) or math.isinf(value):
        raise _NoJsonError
    size = abs(value)
    if size == 0 or 1e-6 <= size < 1e21:
        return format_float(value, "f")
    text = format_float(value, "e")
    return f"{text[:-2]}{text[-1]}" if text[-4:-1] == "e-0" else text


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if "\udc80" <= character <= "\udcff":
        return "\\ufffd"
    return _SHORT.get(character) or f"\\u{ord(character):04x}"
