"""Values as JSON, byte for byte as github.com/goccy/go-json 0.10.6 writes what pdata's AsRaw gives.

Keys are sorted, `<`, `>` and `&` are escaped, bytes that are no UTF-8 become U+FFFD, bytes values are base64, and
exponents keep both digits (1e-07), unlike encoding/json.
"""

import base64
import math
import re
from collections.abc import Iterable
from typing import Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.numbers import format_float
from phoenix.engine.functions.golang.times import rfc3339_nano
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.ids import Id
from phoenix.engine.values.lists import Anys
from phoenix.engine.values.pdata import Pdata
from phoenix.engine.values.value import Duration, Map, Time, Value

_ESCAPED: Final = re.compile('[\x00-\x1f"\\\\<>&\u2028\u2029\udc80-\udcff]')
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_json(value: Value) -> str:
    """Return a value as JSON.

    Raises:
        OttlRuntimeError: there is a NaN or an infinity in it.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return json_number(value)
        case str():
            return json_string(value)
        case bytes():
            # pdata copies empty bytes to a nil slice.
            return f'"{base64.b64encode(value).decode()}"' if value else "null"
        case Anys():
            return _array("{}" if _is_pdata(item) else write_json(item) for item in value)
        case tuple():
            return _array(map(write_json, value))
        case Map():
            return _object(value)
        case Time():
            return f'"{rfc3339_nano(value)}"'
        case Duration():
            return str(value.ns)
        case Id():
            return _array(map(str, value.bytes))
        case Pdata():
            return "{}"


def json_number(value: float) -> str:
    """Return a double as JSON.

    Raises:
        OttlRuntimeError: JSON has no such number.
    """
    if math.isnan(value) or math.isinf(value):
        raise OttlRuntimeError(f"json: unsupported value: {format_float(value, 'g')}")
    size = abs(value)
    return format_float(value, "e" if size and (size < 1e-6 or size >= 1e21) else "f")


def json_string(text: str) -> str:
    """Return a text as JSON, with its quotes."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character in _SHORT:
        return _SHORT[character]
    return "\\ufffd" if character >= "\udc80" and character <= "\udcff" else f"\\u{ord(character):04x}"


def _array(items: Iterable[str]) -> str:
    return f"[{','.join(items)}]"


def _object(held: Map) -> str:
    # AsRaw makes a Go map: of a key that stands twice the last value is left.
    last = dict(held.pairs)
    pairs = sorted(last.items(), key=lambda pair: write_text(pair[0]))
    return f"{{{','.join(f'{json_string(key)}:{write_json(item)}' for key, item in pairs)}}}"


def _is_pdata(item: Value) -> bool:
    # A struct without public fields, to JSON.
    return isinstance(item, (Map, Pdata)) or type(item) is tuple
