"""Which literals the typed getters of the collector take."""

import pytest

from phoenix.ottl.meaning.literals import fits, is_literal
from phoenix.ottl.signatures.signature import Kind
from phoenix.ottl.syntax import Arithmetic, Enum, Lambda, ListOf, Literal, MapOf, MathOp

A_LIST, A_MAP = ListOf((Literal(1),)), MapOf((("a", Literal(1)),))


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        (Kind.STRING, ["a"], [1, 1.5, True, None, b"a"]),
        (Kind.INT, [1], ["1", 1.5, True, None]),
        (Kind.FLOAT, [1.5], ["1.5", 1, True, None]),
        (Kind.BOOL, [True], ["true", 1, None]),
        (Kind.STRING_LIKE, ["a", 1, 1.5, True, None, b"a"], []),
        (Kind.INT_LIKE, [1, 1.5, True, None, "-12", "+1"], ["1.5", "1_0", "", "9223372036854775808", b"1"]),
        (
            Kind.FLOAT_LIKE,
            [1, 1.5, True, None, "1.", ".5", "1e5", "1_0", "-Inf", "nan", "0x1p-2", "0x_1p3", "Infinity"],
            ["", ".", "1e", "1__0", "_1", "1e999", "0x1", "0x1p99999", "-nan", b"1"],
        ),
        (Kind.BOOL_LIKE, [1, 1.5, True, None, "T", "false"], ["yes", "tRUE", "", b"1"]),
        (Kind.BYTES_LIKE, [1, 1.5, True, None, "a", b"a"], []),
        (Kind.TIME, [], [1, "2020", None]),
        (Kind.DURATION, [], [1, "1s", None]),
        (Kind.MAP, [], [1, "a", None]),
        (Kind.SLICE, [], [1, "a", None]),
        (Kind.ANY, [1, None, "a"], []),
    ],
)
def test_a_getter_takes_the_literals_of_its_type(kind, taken, refused):
    assert [value for value in taken if not fits(kind, Literal(value))] == []
    assert [value for value in refused if fits(kind, Literal(value))] == []


def test_lists_and_maps_fit_their_getters_only():
    assert fits(Kind.SLICE, A_LIST)
    assert fits(Kind.MAP, A_MAP)
    assert not fits(Kind.SLICE, ListOf((A_MAP,)))
    assert not any(
        fits(kind, one) for kind in (Kind.BOOL_LIKE, Kind.INT_LIKE, Kind.FLOAT_LIKE) for one in (A_LIST, A_MAP)
    )


def test_an_enum_is_an_integer():
    assert fits(Kind.INT, Enum("FLAG_NONE", 0))
    assert not fits(Kind.STRING, Enum("FLAG_NONE", 0))


def test_a_computation_is_no_literal_and_fits_everywhere():
    computed = Arithmetic(MathOp.ADD, Literal(1), Literal(2))
    assert not is_literal(ListOf((computed,)))
    assert not is_literal(MapOf((("a", computed),)))
    assert fits(Kind.STRING, computed)


def test_a_lambda_is_a_literal():
    assert is_literal(Lambda((), Literal(1)))
