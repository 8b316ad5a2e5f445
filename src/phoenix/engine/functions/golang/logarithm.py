"""The natural logarithm, bit for bit as Go computes it on amd64.

The method is FreeBSD's (e_log.c); math.log of the C library differs in the last bit now and then. Go's assembly takes
subnormal numbers for 2^-1023 and a little.
"""

import math
import struct
from typing import Final

_FRACTION: Final = (1 << 52) - 1
_BIAS: Final = 0x3FE
_HALF: Final = _BIAS << 52
_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_ODD: Final = (6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01)
_EVEN: Final = (3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01)


def natural_logarithm(value: float) -> float:
    """Return the logarithm of a number above 0; what is no number or infinite is what it was."""
    if math.isnan(value) or math.isinf(value):
        return value
    bits = struct.unpack("<q", struct.pack("<d", value))[0]
    fraction: float = struct.unpack("<d", struct.pack("<q", bits & _FRACTION | _HALF))[0]
    exponent = float((bits >> 52) - _BIAS)
    if fraction < math.sqrt(2.0) / 2.0:
        fraction, exponent = fraction * 2.0, exponent - 1.0
    f = fraction - 1.0
    s = f / (2.0 + f)
    square = s * s
    fourth = square * square
    rest = square * _polynomial(_ODD, fourth) + fourth * _polynomial(_EVEN, fourth)
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + rest) + exponent * _LN2_LOW)) - f)


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = coefficient + x * total
    return total
