"""Numbers between text and values, as Go's strconv does it.

https://pkg.go.dev/strconv
"""

import math
import re
import struct
from fractions import Fraction
from typing import Final

from phoenix.engine.errors import OttlRuntimeError

INT64_MIN: Final = -(1 << 63)
INT64_MAX: Final = (1 << 63) - 1
# math.NaN(), whose bits are not those of Python's.
NAN: Final[float] = struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000001))[0]
# From this exponent on "%g" without a precision writes one.
_SHORTEST_LIMIT: Final = 6
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_PREFIXES: Final = {"0b": 2, "0o": 8, "0x": 16}
_FLOAT: Final = re.compile(
    r"[+-]?(?:0x(?=_*\.?_*[0-9a-f])[0-9a-f_]*\.?[0-9a-f_]*p[+-]?[0-9][0-9_]*"
    r"|(?=_*\.?_*[0-9])[0-9_]*\.?[0-9_]*(?:e[+-]?[0-9][0-9_]*)?)",
    re.IGNORECASE | re.ASCII,
)
_SPECIAL: Final = re.compile(r"[+-]?inf(?:inity)?|nan", re.IGNORECASE | re.ASCII)
_TRUE: Final = frozenset({"1", "t", "T", "TRUE", "true", "True"})
_FALSE: Final = frozenset({"0", "f", "F", "FALSE", "false", "False"})


def wrap_int64(value: int) -> int:
    """Return an integer as the int64 with its lowest 64 bits."""
    return (value - INT64_MIN & 0xFFFFFFFFFFFFFFFF) + INT64_MIN


def parse_int(text: str, base: int = 10) -> int:
    """Return the int64 a text says (strconv.ParseInt); base 0 looks at the prefix and lets `_` stand between digits.

    Raises:
        OttlRuntimeError: it says none, or the base is none of 0 and 2 to 36.
    """
    failed = OttlRuntimeError(f'strconv.ParseInt: parsing "{text}": invalid syntax')
    digits = text[1:] if text[:1] in ("+", "-") else text
    # U+0130 and its kind grow when made lower.
    if not digits.isascii():
        raise failed
    digits = digits.lower()
    if base == 0:
        base, digits = _base_zero(digits, failed)
    elif not 2 <= base <= 36:
        raise OttlRuntimeError(f'strconv.ParseInt: parsing "{text}": invalid base {base}')
    allowed = _DIGITS[:base]
    if not digits or any(digit not in allowed for digit in digits):
        raise failed
    value = int(digits, base)
    if text[0] == "-":
        value = -value
    if not INT64_MIN <= value <= INT64_MAX:
        raise OttlRuntimeError(f'strconv.ParseInt: parsing "{text}": value out of range')
    return value


def parse_float(text: str) -> float:
    """Return the double a text says (strconv.ParseFloat), hexadecimal ones too.

    Raises:
        OttlRuntimeError: it says none, or one that is too large.
    """
    if _SPECIAL.fullmatch(text):
        return NAN if "n" in text[:1].lower() else float(text)
    if not _FLOAT.fullmatch(text) or ("_" in text and not _underscores_between_digits(text)):
        raise OttlRuntimeError(f'strconv.ParseFloat: parsing "{text}": invalid syntax')
    plain = text.replace("_", "")
    try:
        value = float.fromhex(plain) if "x" in plain.lower() else float(plain)
    except OverflowError:
        value = math.inf
    if math.isinf(value):
        raise OttlRuntimeError(f'strconv.ParseFloat: parsing "{text}": value out of range')
    return value


def parse_bool(text: str) -> bool:
    """Return the boolean a text says (strconv.ParseBool).

    Raises:
        OttlRuntimeError: it says none.
    """
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise OttlRuntimeError(f'strconv.ParseBool: parsing "{text}": invalid syntax')


def float_to_int(value: float) -> int:
    """Return `int64(value)` as amd64 does it: what does not fit is the smallest int64."""
    if math.isnan(value) or not -(2.0**63) <= value < 2.0**63:
        return INT64_MIN
    return int(value)


def format_float(value: float, form: str, precision: int = -1) -> str:
    """Return strconv.FormatFloat(value, form, precision, 64).

    Args:
        value: any double.
        form: "e", "f", "g", "x" or "b".
        precision: digits behind the point (for "g" all digits); -1 for as few as tell the double from all others.
    """
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    if form == "x":
        return _hexadecimal(value, precision)
    if form == "b":
        return _binary(value)
    if precision >= 0:
        return _with_exponent_form(value, form, precision)
    sign, digits, point = shortest_digits(value)
    exponent = point - 1
    if form == "e" or (form == "g" and (exponent < -4 or exponent >= _SHORTEST_LIMIT)):
        return sign + _scientific(digits, exponent)
    return sign + _positional(digits, point)


def shortest_digits(value: float) -> tuple[str, str, int]:
    """Return sign, the fewest digits that say a finite double, and where its point is: `0.digits * 10**point`."""
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    return (sign, digits, point) if digits else (sign, "0", 1)


def _base_zero(digits: str, failed: OttlRuntimeError) -> tuple[int, str]:
    base, rest = 10, digits
    if len(digits) >= 3 and digits[:2] in _PREFIXES:
        base, rest = _PREFIXES[digits[:2]], digits[2:]
    elif len(digits) >= 2 and digits[0] == "0":
        base, rest = 8, digits[1:]
    elif digits[:1] == "0":
        return 10, digits
    if "_" in rest and not _underscores_between_digits(digits):
        raise failed
    return base, rest.replace("_", "")


def _underscores_between_digits(text: str) -> bool:
    # underscoreOK of strconv: a prefix counts as a digit.
    text = text.lstrip("+-").lower()
    before, hexadecimal = "^", False
    if text[:2] in _PREFIXES:
        before, hexadecimal, text = "0", text[:2] == "0x", text[2:]
    for character in text:
        is_digit = character in "0123456789" or (hexadecimal and character in "abcdef")
        if is_digit:
            before = "0"
        elif character == "_":
            if before != "0":
                return False
            before = "_"
        elif before == "_":
            return False
        else:
            before = "!"
    return before != "_"


def _with_exponent_form(value: float, form: str, precision: int) -> str:
    # Python rounds the exact decimal half to even, as Go does, and writes exponents the same way.
    if form != "g":
        return f"{value:.{precision}{form}}"
    sign, digits = ("-", -value) if math.copysign(1.0, value) < 0 else ("", value)
    precision = precision or 1
    mantissa, _, written = f"{digits:.{precision - 1}e}".partition("e")
    exponent = int(written)
    shown = mantissa.replace(".", "").rstrip("0") or "0"
    # "%e is used if the exponent from the conversion is less than -4 or not less than the precision" (strconv).
    limit = len(shown) if precision > len(shown) and len(shown) >= exponent + 1 else precision
    if exponent < -4 or exponent >= limit:
        return sign + _scientific(shown, exponent)
    return sign + _positional(shown, exponent + 1)


def _hexadecimal(value: float, precision: int) -> str:
    # One digit before the point; rounding is to even, as Go does it.
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    mantissa, exponent = math.frexp(abs(value))
    # 53 bits, the first before the point, behind it 13 digits of four bits.
    bits, exponent = int(mantissa * (1 << 53)), exponent - 1 if mantissa else 0
    if 0 <= precision < 13:
        unit = 1 << 4 * (13 - precision)
        bits = round(Fraction(bits, unit)) * unit
        if bits >> 53:
            bits, exponent = bits >> 1, exponent + 1
    first, rest = divmod(bits, 1 << 52)
    digits = f"{rest:013x}"
    digits = digits.rstrip("0") if precision < 0 else digits[:precision].ljust(precision, "0")
    point = "." if digits else ""
    return f"{sign}0x{first}{point}{digits}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _binary(value: float) -> str:
    sign = "-" if math.copysign(1.0, value) < 0 else ""
    mantissa, exponent = math.frexp(abs(value))
    # The exponent of subnormal numbers and of zero is the smallest.
    exponent = max(exponent - 53, -1074) if mantissa else -1074
    return f"{sign}{int(math.ldexp(abs(value), -exponent))}p{exponent:+d}"


def _scientific(digits: str, exponent: int) -> str:
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{fraction}e{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _positional(digits: str, point: int) -> str:
    if digits == "0":
        return "0"
    if point <= 0:
        return f"0.{'0' * -point}{digits}"
    if point >= len(digits):
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"
