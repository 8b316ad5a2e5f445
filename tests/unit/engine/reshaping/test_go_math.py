"""Go's mathematics: powers of two come out exact where Go's do, and everything within two steps of the true value."""

import math

import pytest

from phoenix.engine.reshaping.histograms.go_math import LN2, divided, exp, exp2, ldexp, log2


@pytest.mark.parametrize("value", [-700.0, -20.5, -1.0, -1e-9, 0.0, 1e-9, 0.3, LN2, 2.5, 88.0, 700.0])
def test_exp_is_close_to_the_true_value(value):
    assert math.isclose(exp(value), math.exp(value), rel_tol=4e-16)


@pytest.mark.parametrize("value", [0.5, 0.7, 0.75, 1.0, 1.5, 3.0, 1e300, 5e-324])
def test_log2_is_close_to_the_true_value(value):
    assert math.isclose(log2(value), math.log2(value), rel_tol=4e-16, abs_tol=1e-16)


@pytest.mark.parametrize("value", [-1073.5, -1.5, 0.0, 0.25, 3.0, 10.75, 1023.5])
def test_exp2_is_close_to_the_true_value(value):
    assert math.isclose(exp2(value), 2.0**value, rel_tol=4e-16)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (exp(math.inf), math.inf),
        (exp(-math.inf), 0.0),
        (exp(709.9), math.inf),
        (exp(709.78271289338397), math.inf),
        (exp(-746.0), 0.0),
        (exp(-1e300), 0.0),
        (exp(-745.0), 5e-324),
        (log2(math.inf), math.inf),
        (log2(2.0**-30), -30.0),
        (exp2(1024.0), math.inf),
        (exp2(-1075.0), 0.0),
        (ldexp(1.0, 10**9), math.inf),
        (ldexp(1.0, -(10**9)), 0.0),
        (divided(1.0, 0.0), math.inf),
    ],
)
def test_the_ends_of_the_range(made, expected):
    assert made == expected


def test_nan_stays_nan():
    assert all(map(math.isnan, (exp(math.nan), exp2(math.nan), divided(0.0, 0.0))))
