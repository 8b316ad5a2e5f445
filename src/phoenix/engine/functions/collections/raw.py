"""Values as pdata hands them out: as Go's own maps (`AsRaw`) and as text (`AsString`).

https://github.com/open-telemetry/opentelemetry-collector/blob/pdata/v1.66.0/pdata/pcommon/value.go
"""

import base64
import json
import math
import re
from typing import Final

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.golang.numbers import format_float
from phoenix.engine.values.codec import write_text
from phoenix.engine.values.value import Map, Value

# encoding/json escapes these; what is no UTF-8 becomes U+FFFD.
_ESCAPED: Final = re.compile('[\x00-\x1f"\\\\\u2028\u2029]|[\udc80-\udcff]')


def raw(value: Value) -> Value:
    """Return a value with Go's maps in it: of a key that stands twice the last one counts."""
    match value:
        case Map():
            return Map.of({key: raw(held) for key, held in value}.items())
        case tuple():
            return tuple(map(raw, value))
        case _:
            return value


def as_string(value: Value) -> str:
    """Return any value of an attribute as text (Value.AsString)."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            return double_as_string(value)
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case _:
            try:
                return _json(value)
            except OttlRuntimeError:
                # The collector does not look at the encoder's error, which comes before anything is written.
                return ""


def double_as_string(value: float) -> str:
    """Return a double as JavaScript writes it; NaN and infinities by their names."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    form = "e" if value != 0 and not 1e-6 <= abs(value) < 1e21 else "f"
    # e-09 is written e-9.
    return re.sub(r"e-0(\d)$", r"e-\1", format_float(value, form))


def _json(value: Value) -> str:
    match value:
        case None:
            return "null"
        case str():
            return '"' + _ESCAPED.sub(_escape, value) + '"'
        case bytes():
            # pdata copies empty bytes to a nil slice.
            return f'"{base64.b64encode(value).decode("ascii")}"' if value else "null"
        case float():
            if not math.isfinite(value):
                raise OttlRuntimeError("json: unsupported value")
            return double_as_string(value)
        case tuple():
            return f"[{','.join(map(_json, value))}]"
        case Map():
            held = dict(value.pairs)
            ordered = sorted(held, key=write_text)
            return f"{{{','.join(f'{_json(key)}:{_json(held[key])}' for key in ordered)}}}"
        case _:
            return as_string(value)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return "\\ufffd" if "\udc80" <= character <= "\udcff" else json.dumps(character)[1:-1]
