"""A value of a config as YAML on one line, read by a collector as what it is: JSON, with words for what JSON lacks."""

import json
import math
from collections.abc import Mapping
from typing import Final

# JSON is YAML but for these, which a YAML reader takes for line breaks or for nothing printable.
_JSON_TO_YAML: Final = {0x7F: r"\x7f", 0x85: r"\x85", 0x2028: r"\u2028", 0x2029: r"\u2029", 0xFEFF: r"\ufeff"}


def flow_yaml(value: object) -> str:
    """Return a value of mappings, lists, texts, numbers, booleans and None as YAML.

    >>> flow_yaml({"a": [1, float("-inf")], "b": "NaN"})
    '{"a": [1, -.inf], "b": "NaN"}'
    """
    match value:
        case Mapping():
            items = (f"{_key(key)}: {flow_yaml(item)}" for key, item in value.items())
            return f"{{{', '.join(items)}}}"
        case list() | tuple():
            return f"[{', '.join(map(flow_yaml, value))}]"
        case float() if math.isnan(value):
            return ".nan"
        case float() if math.isinf(value):
            return ".inf" if value > 0 else "-.inf"
        case _:
            return _json(value)


def _key(key: object) -> str:
    # A text always, as in JSON.
    return _json(key if isinstance(key, str) else _json(key))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_JSON_TO_YAML)
