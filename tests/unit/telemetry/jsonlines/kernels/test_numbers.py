import struct

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from phoenix.telemetry.jsonlines.usual import UsualReader

HEAD = b'{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[{"asDouble":'
TAIL = b"}]}}]}]}]}"


@pytest.fixture(scope="module")
def usual():
    return UsualReader()


def bits(number):
    return struct.pack("<d", number)


def read(usual, text):
    # The bits of the one point, or None.
    request = usual.read(HEAD + text.encode() + TAIL)
    return None if request is None else request[-8:]


forms = st.sampled_from(["{!r}", "{:g}", "{:.17g}", "{:e}", "{:.3f}", "{:.16e}", "{:E}"])


@given(st.floats(allow_nan=False, allow_infinity=False), forms)
@example(-0.0, "{:.0f}")
@example(5e-324, "{!r}")
@example(2.2250738585072014e-308, "{!r}")
@settings(max_examples=400)
def test_a_double_is_read_exactly_or_not_at_all(usual, number, form):
    text = form.format(number)
    assert read(usual, text) in (None, bits(float(text)))


@given(st.integers(-(2**70), 2**70), st.integers(-330, 310))
@example(9007199254740993, 0)
@example(2**53 + 1, -1)
@settings(max_examples=400)
def test_digits_with_any_exponent_are_read_exactly_or_not_at_all(usual, digits, power):
    text = f"{digits}e{power}"
    assert read(usual, text) in (None, bits(float(text)))


def test_what_lies_in_the_middle_between_two_doubles_is_not_guessed(usual):
    assert read(usual, "9007199254740993") is None
    assert read(usual, "9007199254740992.999") == bits(9007199254740992.0)


def test_the_shortest_text_of_an_everyday_double_is_read(usual):
    random = np.random.default_rng(4)
    numbers = random.uniform(-1, 1, 300) * 10.0 ** random.integers(-200, 17, 300)
    for number in [*numbers.tolist(), 0.0, -0.0, 1.0, 1e-5, 123456.789, 1e16, 0.1 + 0.2]:
        assert read(usual, repr(number)) == bits(number)
    assert read(usual, "-0") == bits(-0.0)


@pytest.mark.parametrize(
    "text",
    ["01", "-", "+1", ".5", "1.", "1e", "1e+", "-01.5", "00", "1_0", "0x1", "1e999", "1e-300", "Infinity", "--1"],
)
def test_what_is_no_number_or_an_extreme_one_is_not_read(usual, text):
    assert read(usual, text) is None
