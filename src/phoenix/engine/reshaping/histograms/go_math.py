"""math.Exp, Log, Log2, Exp2 and Ldexp of Go 1.27 to the last bit, as they are on amd64 with fused multiply-add.

Bounds of exponential buckets are compared with explicit bounds, which are often the same powers of two, so one bit
decides where a count goes. Every amd64 processor since 2013 takes the path rebuilt here (src/math/exp_amd64.s,
log_amd64.s, exp.go, ldexp.go). A result is worked out once per argument.
"""

import math
import struct
from fractions import Fraction
from functools import lru_cache
from typing import Final

import numpy as np

LN2: Final = math.log(2)

_LOG2E: Final = 1.4426950408889634
_OVERFLOW: Final = 7.09782712893384e02
_LN2_UPPER: Final = 0.69314718055966295651160180568695068359375
_LN2_LOWER: Final = 0.28235290563031577122588448175013436025525412068e-12
# 1/9! down to 1/2!, and 1.
_TAYLOR: Final = (
    2.4801587301587301587e-5,
    1.9841269841269841270e-4,
    1.3888888888888888889e-3,
    8.3333333333333333333e-3,
    4.1666666666666666667e-2,
    1.6666666666666666667e-1,
    0.5,
    1.0,
)
_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_HALF_SQRT2: Final = 7.07106781186547524401e-01
_LOG_ODD: Final = (1.479819860510658591e-1, 1.818357216161805012e-1, 2.857142874366239149e-1, 6.666666666666735130e-1)
_LOG_EVEN: Final = (1.531383769920937332e-1, 2.222219843214978396e-1, 3.999999999940941908e-1)
_EXP2: Final = (
    4.13813679705723846039e-08,
    -1.65339022054652515390e-06,
    6.61375632143793436117e-05,
    -2.77777777770155933842e-03,
    1.66666666666666657415e-01,
)
_BIAS: Final = 1023


@lru_cache(maxsize=1 << 16)
def exp(value: float) -> float:
    """Return math.Exp."""
    if math.isnan(value) or value == math.inf:
        return value
    if value > _OVERFLOW:
        return math.inf
    scaled = _LOG2E * value
    # Beyond int32 the conversion gives the smallest one, which is an underflow like all others down there.
    if scaled < -(2.0**31):
        return 0.0
    power = round(scaled)
    rest = _fma(-float(power), _LN2_UPPER, value)
    rest = _fma(-float(power), _LN2_LOWER, rest) * 0.0625
    series = _TAYLOR[0]
    for term in _TAYLOR[1:]:
        series = _fma(rest, series, term)
    rest *= series
    for _ in range(3):
        rest *= rest + 2.0
    return _times_power_of_two(_fma(rest + 2.0, rest, 1.0), power + _BIAS)


def log(value: float) -> float:
    """Return math.Log of a positive number that is not subnormal."""
    fraction, exponent = math.frexp(value)
    return _log(fraction, exponent)


def log2(value: float) -> float:
    """Return math.Log2 of a positive number, infinity too."""
    fraction, exponent = math.frexp(value)
    if fraction == 0.5:
        return float(exponent - 1)
    return _log(fraction) * _LOG2E + exponent


def exp2(value: float) -> float:
    """Return math.Exp2."""
    if math.isnan(value):
        return value
    if value > 1.0239999999999999e03:
        return math.inf
    if value < -1.0740e03:
        return 0.0
    whole = int(value + 0.5) if value > 0 else int(value - 0.5) if value < 0 else 0
    rest = value - whole
    high, low = rest * _LN2_HIGH, -rest * _LN2_LOW
    reduced = high - low
    square = reduced * reduced
    series = _EXP2[0]
    for term in _EXP2[1:]:
        series = term + square * series
    between = reduced - square * series
    return ldexp(1 - ((low - (reduced * between) / (2 - between)) - high), whole)


def ldexp(fraction: float, exponent: int) -> float:
    """Return math.Ldexp: infinity where it overflows."""
    with np.errstate(all="ignore"):
        return float(np.ldexp(fraction, max(-5000, min(5000, exponent))))


def divided(dividend: float, divisor: float) -> float:
    """Return a quotient as hardware gives it, by zero too."""
    with np.errstate(all="ignore"):
        return float(np.float64(dividend) / np.float64(divisor))


def _log(value: float, power: int = 0) -> float:
    # Of a number from 0.5 up to 1, or infinity, times a power of two.
    if math.isinf(value):
        return value
    exponent = float(power)
    if value <= _HALF_SQRT2:
        exponent, value = exponent - 1, value * 2
    part = value - 1
    ratio = part / (2 + part)
    square = ratio * ratio
    fourth = square * square
    odd, even = _LOG_ODD[0], _LOG_EVEN[0]
    for term in _LOG_ODD[1:]:
        odd = odd * fourth + term
    for term in _LOG_EVEN[1:]:
        even = even * fourth + term
    series = square * odd + fourth * even
    half = 0.5 * part * part
    return exponent * _LN2_HIGH - ((half - (ratio * (half + series) + exponent * _LN2_LOW)) - part)


def _fma(left: float, right: float, plus: float) -> float:
    # Rounded once.
    return float(Fraction(left) * Fraction(right) + Fraction(plus))


def _times_power_of_two(value: float, biased: int) -> float:
    if biased >= 0x7FF:
        return math.inf
    if biased > 0:
        return value * _from_exponent(biased)
    if biased < -52:
        return 0.0
    return value * _from_exponent(biased + 0x3FE) * _from_exponent(1)


def _from_exponent(biased: int) -> float:
    value: float = struct.unpack("<d", struct.pack("<q", biased << 52))[0]
    return value
