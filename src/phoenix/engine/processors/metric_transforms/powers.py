"""math.Pow of Go, bit for bit on amd64, for the bases and exponents that bounds of exponential buckets have."""

import math
from typing import Final

import numpy as np

from phoenix.engine.functions.golang.logarithm import natural_logarithm
from phoenix.engine.reshaping.histograms.go_math import exp, ldexp

_FAR: Final = 1 << 12


def power(base: float, exponent: float) -> float:
    """Return `base` to the power of `exponent` (math/pow.go).

    Args:
        base: at least 1; infinity too.
        exponent: any finite number.
    """
    if exponent == 0 or base == 1:
        return 1.0
    if exponent == 1:
        return base
    if math.isinf(base):
        return math.inf if exponent > 0 else 0.0
    if abs(exponent) == 0.5:
        return math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    fraction, whole = math.modf(abs(exponent))
    if whole >= 2.0**63:
        return math.inf if exponent > 0 else 0.0
    mantissa, exponent_of_two = _product(base, fraction, int(whole))
    if exponent < 0:
        mantissa, exponent_of_two = 1 / mantissa, -exponent_of_two
    with np.errstate(over="ignore"):
        return ldexp(mantissa, exponent_of_two)


def _product(base: float, fraction: float, whole: int) -> tuple[float, int]:
    # base ** (whole + fraction) as a mantissa and an exponent of two, by squaring.
    mantissa, twos = 1.0, 0
    if fraction > 0.5:
        fraction, whole = fraction - 1, whole + 1
    if fraction:
        mantissa = exp(fraction * natural_logarithm(base))
    square, square_twos = math.frexp(base)
    while whole:
        if abs(square_twos) > _FAR:
            # Far out of any double already.
            return mantissa, twos + square_twos
        if whole & 1:
            mantissa, twos = mantissa * square, twos + square_twos
        square, square_twos, whole = square * square, square_twos * 2, whole >> 1
        if square < 0.5:
            square, square_twos = square * 2, square_twos - 1
    return mantissa, twos
