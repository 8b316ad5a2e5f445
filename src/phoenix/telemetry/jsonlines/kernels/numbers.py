"""Numbers in JSON, read exactly or not at all.

A position below zero in an answer says that the general reader must look. No reader goes past the line feed at the end
of `data`: each step forward is over a byte that is something else.
"""

from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from phoenix.telemetry.codec.jit import inner
from phoenix.telemetry.codec.wire import Bytes, Int

QUOTE, MINUS, PLUS, POINT, ZERO, SMALL_E = 0x22, 0x2D, 0x2B, 0x2E, 0x30, 0x65

NOT_READ = -1

# One more digit on top of this stays below 2**63, and its nearest double does too.
_MOST_DIGITS = 920_000_000_000_000_000
# Within these powers of ten no step of the calculation is subnormal or infinite.
_MOST_POWER = 250
# Up to these, a double holds the digits and the power of ten exactly, so one operation rounds once, and right.
_EXACT_DIGITS, _EXACT_POWER = 1 << 53, 22
# 2**27 + 1 cuts a double in two halves whose products are exact (Veltkamp).
_HALVES = 134217729.0
# Far more than the error of the calculation (2**-102) next to the least distance that matters (2**-55).
_DOUBT = 1.0 + 2.0**-40


@cache
def powers_of_ten() -> NDArray[np.float64]:
    """Return float64[501, 2]: row 250 + e is 10**e as the sum of two doubles."""
    exact = [Fraction(10) ** power for power in range(-_MOST_POWER, _MOST_POWER + 1)]
    table = np.array([[float(power), float(power - Fraction(float(power)))] for power in exact])
    table.flags.writeable = False
    return table


@inner
def digit_at(data: Bytes, at: Int) -> Int:
    """Return the digit at a position; below 0 or above 9 when there is none."""
    return np.int64(data[np.uint64(at)]) - ZERO


@inner
def read_integer(data: Bytes, at: Int) -> tuple[Int, Int]:
    """Return (the integer that stands at `at` as text or as a number, the position behind it)."""
    quoted = data[np.uint64(at)] == QUOTE
    if quoted:
        at += 1
    negative = data[np.uint64(at)] == MINUS
    if negative:
        at += 1
    start = at
    value = np.int64(0)
    digit = digit_at(data, at)
    while 0 <= digit <= 9 and value <= _MOST_DIGITS:
        value = value * 10 + digit
        at += 1
        digit = digit_at(data, at)
    if at == start or 0 <= digit <= 9:
        return np.int64(0), np.int64(NOT_READ)
    after = data[np.uint64(at)]
    if quoted:
        if after != QUOTE:
            return np.int64(0), np.int64(NOT_READ)
        at += 1
    elif (at - start > 1 and data[np.uint64(start)] == ZERO) or after == POINT or (after | 0x20) == SMALL_E:
        return np.int64(0), np.int64(NOT_READ)
    return -value if negative else value, at


@inner
def _read_digits(data: Bytes, at: Int, value: Int) -> tuple[Int, Int]:
    # More digits behind those of `value`; at least one.
    start = at
    digit = digit_at(data, at)
    while 0 <= digit <= 9 and value <= _MOST_DIGITS:
        value = value * 10 + digit
        at += 1
        digit = digit_at(data, at)
    if at == start or 0 <= digit <= 9:
        return np.int64(0), np.int64(NOT_READ)
    return value, at


@inner
def _read_exponent(data: Bytes, at: Int) -> tuple[Int, Int]:
    if (data[np.uint64(at)] | 0x20) != SMALL_E:
        return np.int64(0), at
    at += 1
    negative = data[np.uint64(at)] == MINUS
    if negative or data[np.uint64(at)] == PLUS:
        at += 1
    power, at = _read_digits(data, at, np.int64(0))
    return -power if negative else power, at


@inner
def _scaled(digits: Int, power: Int, powers: NDArray[np.float64]) -> tuple[np.float64, bool]:
    # digits * 10**power in twice the precision (Dekker), and whether the nearest double is beyond doubt.
    high = np.float64(digits)
    low = np.float64(digits - np.int64(high))
    ten, ten_low = powers[power + _MOST_POWER, 0], powers[power + _MOST_POWER, 1]
    product = high * ten
    cut = high * _HALVES
    high_left = cut - (cut - high)
    high_right = high - high_left
    cut = ten * _HALVES
    ten_left = cut - (cut - ten)
    ten_right = ten - ten_left
    error = high_right * ten_right - (
        ((product - high_left * ten_left) - high_right * ten_left) - high_left * ten_right
    )
    error += high * ten_low + low * ten
    nearest = product + error
    left_over = error - (nearest - product)
    return nearest, nearest + left_over * _DOUBT == nearest


@inner
def read_double(data: Bytes, at: Int, powers: NDArray[np.float64]) -> tuple[np.float64, Int]:
    """Return (the double nearest to the number that stands at `at`, the position behind it).

    Not read are numbers of more than 18 digits, of extreme size, or so close to the middle between two doubles that
    twice the precision does not decide.
    """
    nothing, not_read = np.float64(0.0), np.int64(NOT_READ)
    negative = data[np.uint64(at)] == MINUS
    if negative:
        at += 1
    start = at
    digits, at = _read_digits(data, at, np.int64(0))
    if at < 0 or (at - start > 1 and data[np.uint64(start)] == ZERO):
        return nothing, not_read
    power: Int = np.int64(0)
    if data[np.uint64(at)] == POINT:
        start = at + 1
        digits, at = _read_digits(data, start, digits)
        if at < 0:
            return nothing, not_read
        power = start - at
    exponent, at = _read_exponent(data, at)
    if at < 0:
        return nothing, not_read
    power += exponent
    if digits == 0:
        return np.float64(-0.0) if negative else nothing, at
    if power < -_MOST_POWER or power > _MOST_POWER:
        return nothing, not_read
    if digits <= _EXACT_DIGITS and -_EXACT_POWER <= power <= _EXACT_POWER:
        number = np.float64(digits)
        ten = powers[_MOST_POWER + np.abs(power), 0]
        number = number * ten if power >= 0 else number / ten
    else:
        number, certain = _scaled(digits, power, powers)
        if not certain:
            return nothing, not_read
    return -number if negative else number, at
