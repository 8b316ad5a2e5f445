"""Canonical JSON: the same value is the same bytes everywhere, so a hash of them names the value."""

from typing import Any

import orjson


def canonical(value: Any) -> bytes:
    r"""Return UTF-8 JSON with sorted keys, no spaces, shortest numbers and a line end.

    >>> canonical({"b": 1.50, "a": [True, None]})
    b'{"a":[true,null],"b":1.5}\n'
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def parsed(content: bytes) -> Any:
    """Return the value of some JSON.

    Raises:
        ValueError: it is none.
    """
    return orjson.loads(content)
