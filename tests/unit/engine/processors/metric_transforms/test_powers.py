"""Powers are math.Pow's, to the last bit; the expected numbers are printed by Go."""

import math

import pytest

from phoenix.engine.processors.metric_transforms.powers import power


@pytest.mark.parametrize(
    ("base", "exponent", "expected"),
    [
        (2, 0.125, 1.0905077326652577),
        (2, 4, 16),
        (2, -3, 0.125),
        (2, 0.5, 1.4142135623730951),
        (2, -0.5, 0.7071067811865475),
        (1.0905077326652577, 7, 1.8340080864093422),
        (1.0905077326652577, -20, 0.17677669529663698),
        (65536, -4000, 0),
        (65536, 3000, math.inf),
        (2, 1024, math.inf),
        (1.4142135623730951, 0.75, 1.2968395546510096),
        (math.inf, -2, 0),
        (math.inf, 2, math.inf),
        (3, 0, 1),
        (1, 9, 1),
        (5, 1, 5),
        (2, 1e300, math.inf),
        (1.5, -1e300, 0),
        (2, -1.7, 0.3077861033362291),
        (4, 33, 7.378697629483821e19),
    ],
)
def test_powers_are_those_of_go(base, exponent, expected):
    assert power(float(base), float(exponent)) == expected
