"""A value under a verb, type by type, as fmt/print.go and fmt/format.go write it."""

import math
from typing import Final

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.functions.arguments import go_type
from phoenix.engine.functions.golang.formatting.directive import Directive
from phoenix.engine.functions.golang.formatting.quoting import can_backquote, is_print, quote
from phoenix.engine.functions.golang.numbers import format_float, wrap_int64
from phoenix.engine.functions.golang.text import REPLACEMENT
from phoenix.engine.functions.golang.times import duration_string, time_string
from phoenix.engine.values.codec import read_text, write_text
from phoenix.engine.values.value import Duration, Time, Value

_BASES: Final = {"b": ("b", "0b"), "o": ("o", ""), "O": ("o", ""), "x": ("x", "0x"), "X": ("X", "0X")}
_LAST_RUNE: Final = 0x10FFFF
_FLOAT_VERBS: Final = {
    "v": "g",
    "g": "g",
    "G": "g",
    "e": "e",
    "E": "e",
    "f": "f",
    "F": "f",
    "x": "x",
    "X": "x",
    "b": "b",
}
_SIX_DIGITS: Final = frozenset("eEfF")
_STRINGER_VERBS: Final = frozenset("vsxXq")


def format_value(value: Value, verb: str, directive: Directive) -> str:
    """Return a value written.

    Raises:
        NotColumnarError: Go would write addresses or inner fields.
    """
    if value is None:
        return directive.pad("<nil>") if verb in ("T", "v") else f"%!{verb}(<nil>)"
    if verb == "T":
        return _text(go_type(value), "s", directive)
    if verb == "p":
        if isinstance(value, (bytes, tuple)):
            raise NotColumnarError("Format of an address (%p)")
        return _bad(value, verb, directive)
    match value:
        case bool():
            return directive.pad(str(value).lower()) if verb in ("t", "v") else _bad(value, verb, directive)
        case int():
            return _integer(value, value, verb, directive)
        case float():
            return _float(value, verb, directive)
        case str():
            return _text(value, verb, directive)
        case bytes():
            return _bytes(value, verb, directive)
        case Duration():
            return _duration(value, verb, directive)
        case Time():
            return _time(value, verb, directive)
        case _:
            raise NotColumnarError("Format of a map, a list or an id")


def _bad(value: Value, verb: str, directive: Directive) -> str:
    return f"%!{verb}({go_type(value)}={_plainly(value, directive)})"


def _plainly(value: Value, directive: Directive) -> str:
    # What has a String method is written without it here.
    if isinstance(value, Duration):
        return _integer(value, value.ns, "v", directive)
    if isinstance(value, Time):
        raise NotColumnarError("Format of a time with a verb that it has not")
    return format_value(value, "v", directive)


def _integer(value: Value, number: int, verb: str, directive: Directive) -> str:
    match verb:
        case "v" | "d" | "b" | "o" | "O" | "x" | "X":
            return integer_digits(number, verb, directive)
        case "c":
            return directive.pad(_rune(number))
        case "q":
            return directive.pad(quote(_rune(number), "'", ascii_only=directive.plus))
        case "U":
            return _unicode(number, directive)
        case _:
            return _bad(value, verb, directive)


def integer_digits(number: int, verb: str, directive: Directive) -> str:
    """Return an integer in the base of its verb, with sign, prefix, leading zeros and padding."""
    form, prefix = _BASES.get(verb, ("d", ""))
    precision = directive.precision or 0
    if directive.precision == 0 and number == 0:
        return directive.pad_with_spaces("") if not directive.minus else " " * (directive.width or 0)
    signed = number < 0 or directive.plus or directive.space
    if directive.precision is None and directive.zero and not directive.minus and directive.width is not None:
        precision = directive.width - signed
    digits = f"{abs(number):{form}}".rjust(precision, "0")
    if directive.sharp:
        digits = prefix + digits
        if form == "o" and digits[0] != "0":
            digits = f"0{digits}"
    if verb == "O":
        digits = f"0o{digits}"
    sign = "-" if number < 0 else "+" if directive.plus else " " if directive.space else ""
    return directive.pad_with_spaces(sign + digits)


def _rune(number: int) -> str:
    is_rune = 0 <= number <= _LAST_RUNE and not 0xD800 <= number <= 0xDFFF
    return chr(number) if is_rune else REPLACEMENT


def _unicode(number: int, directive: Directive) -> str:
    code = number & 0xFFFFFFFFFFFFFFFF
    text = f"U+{code:0{max(4, directive.precision or 0)}X}"
    if directive.sharp and code <= _LAST_RUNE and not 0xD800 <= code <= 0xDFFF and is_print(chr(code)):
        text += f" '{chr(code)}'"
    return directive.pad_with_spaces(text)


def _float(value: float, verb: str, directive: Directive) -> str:
    if verb not in _FLOAT_VERBS:
        return _bad(value, verb, directive)
    precision = 6 if verb in _SIX_DIGITS else -1
    if directive.precision is not None:
        precision = directive.precision
    form = _FLOAT_VERBS[verb]
    number = format_float(value, form, precision)
    if verb in ("E", "G", "X") and math.isfinite(value):
        number = number.upper()
    sign, number = (number[0], number[1:]) if number[0] in "+-" else ("+", number)
    if sign == "+" and directive.space and not directive.plus:
        sign = " "
    if not math.isfinite(value):
        unsigned = math.isnan(value) and not directive.space and not directive.plus
        return directive.pad_with_spaces(number if unsigned else sign + number)
    if directive.sharp and form != "b":
        number = _with_point(number, verb, precision)
    if sign == "+" and not directive.plus:
        return directive.pad(number)
    if directive.zero and not directive.minus:
        return sign + directive.with_(width=(directive.width or 0) - 1).pad(number)
    return directive.pad(sign + number)


def _with_point(number: str, verb: str, precision: int) -> str:
    # "%#g" keeps the point and the zeros behind it.
    digits = (6 if precision == -1 else precision) if verb in "vgGx" else 0
    marks = "pP" if verb in "xX" else "pPeE"
    place = next((place for place, digit in enumerate(number) if digit in marks), len(number))
    number, tail = number[:place], number[place:]
    seen = False
    for digit in number:
        if digit == ".":
            continue
        seen = seen or digit != "0"
        digits -= seen
    if "." not in number:
        digits -= number == "0"
        number += "."
    return number + "0" * max(0, digits) + tail


def _text(text: str, verb: str, directive: Directive) -> str:
    if verb == "q" or (verb == "v" and directive.sharp_v):
        return _quoted(text, directive)
    if verb in ("v", "s"):
        return directive.pad(directive.cut(text))
    if verb in ("x", "X"):
        return hex_digits(write_text(text), verb, directive)
    return _bad(text, verb, directive)


def _quoted(text: str, directive: Directive) -> str:
    shown = directive.cut(text)
    if directive.sharp and can_backquote(shown):
        return directive.pad(f"`{shown}`")
    return directive.pad(quote(shown, ascii_only=directive.plus))


def hex_digits(message: bytes, verb: str, directive: Directive) -> str:
    """Return bytes as hexadecimal digits, each byte apart with the space flag."""
    shown = message if directive.precision is None else message[: directive.precision]
    if not shown:
        return Directive(zero=directive.zero and not directive.minus, width=directive.width).pad("")
    prefix = f"0{verb}" if directive.sharp else ""
    if directive.space:
        digits = " ".join(f"{prefix}{byte:02{verb}}" for byte in shown)
    else:
        digits = prefix + "".join(f"{byte:02{verb}}" for byte in shown)
    return directive.pad(digits)


def _bytes(message: bytes, verb: str, directive: Directive) -> str:
    if verb in ("s", "q"):
        return _text(read_text(message), verb, directive)
    if verb in ("x", "X"):
        return hex_digits(message, verb, directive)
    if directive.sharp_v:
        return _bytes_as_go(message, verb, directive)
    if verb in ("v", "d", "b", "o", "O", "c", "U"):
        return f"[{' '.join(_integer(byte, byte, verb, directive) for byte in message)}]"
    return f"[{' '.join(_bad_byte(byte, verb, directive) for byte in message)}]"


def _bytes_as_go(message: bytes, verb: str, directive: Directive) -> str:
    # Only "%#v" and "%#w" come here.
    name = "[]byte" if verb == "v" else "[]uint8"
    if not message:
        # pdata copies empty bytes to a nil slice.
        return f"{name}(nil)"
    inner = directive.with_(sharp=True)
    items = [integer_digits(byte, "x", inner) for byte in message]
    if verb != "v":
        items = [f"%!{verb}(uint8={item})" for item in items]
    return f"{name}{{{', '.join(items)}}}"


def _bad_byte(byte: int, verb: str, directive: Directive) -> str:
    return f"%!{verb}(uint8={_integer(byte, byte, 'v', directive)})"


def _duration(duration: Duration, verb: str, directive: Directive) -> str:
    if verb in _STRINGER_VERBS and not directive.sharp_v:
        return _text(duration_string(duration), verb, directive)
    return _integer(duration, wrap_int64(duration.ns), verb, directive)


def _time(time: Time, verb: str, directive: Directive) -> str:
    if verb in _STRINGER_VERBS and not directive.sharp_v:
        return _text(time_string(time), verb, directive)
    raise NotColumnarError("Format of a time with a verb that it has not")
