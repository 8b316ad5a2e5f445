"""What a YAML scalar without quotes means to the collector.

The collector reads YAML with Go's yaml.v3, which is neither YAML 1.1 nor 1.2: `yes` and `on` are strings, `0777` and
`0o777` are both octal, `1_000` is a thousand, `12:30` is a string. The rule is `resolve` in its resolve.go.
"""

import base64
import binascii
import math
import re
from typing import Final

_TYPES: Final = {"bool": bool, "int": int, "float": float, "null": type(None)}

_CONSTANTS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_INTEGER: Final = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<binary>[01]+)|0[oO]?(?P<octal>[0-7]+)|(?P<decimal>0|[1-9][0-9]*))"
)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASES: Final = {"hex": 16, "binary": 2, "octal": 8, "decimal": 10}

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """Return the value of a plain scalar.

    A date stays text here; the collector makes a time of it and then refuses it where a string is wanted.

    >>> resolve("yes"), resolve("0777"), resolve("1_000"), resolve("~"), resolve("12:30:45")
    ('yes', 511, 1000, None, '12:30:45')
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] == ".":
        return float(text) if _FLOAT.fullmatch(text) else text
    if text[0] not in "+-0123456789":
        return text
    plain = text.replace("_", "")
    if found := _INTEGER.fullmatch(plain):
        kind = str(found.lastgroup)
        value = int(found["sign"] + found[kind], _BASES[kind])
        return value if -(1 << 63) <= value < (1 << 64) else float(value)
    return float(plain) if _FLOAT.fullmatch(plain) else text


def resolve_tagged(tag: str, text: str, *, plain: bool) -> Scalar:
    """Return the value of a scalar with an explicit tag such as `!!str`; a tag of somebody's own says nothing.

    Raises:
        ValueError: the text does not fit the tag; the message says so.
    """
    name = tag.removeprefix("tag:yaml.org,2002:")
    if name == "binary":
        try:
            return base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except binascii.Error as error:
            raise ValueError(f"!!binary is not base64: {error}") from error
    wanted = _TYPES.get(name)
    if wanted is None:
        return text
    value = resolve(text) if plain or name != "null" else text
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not wanted:
        raise ValueError(f"{text!r} cannot be read as !!{name}")
    return value


def key_text(value: Scalar) -> str:
    """Return the text the collector makes of a key that is not a string (Go's `%v`)."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
