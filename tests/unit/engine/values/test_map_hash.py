import pytest

from phoenix.engine.values.map_hash import hashed_map, hashed_value
from phoenix.engine.values.value import Map, Time


def of(*pairs):
    return hashed_map(Map(pairs))


def test_the_order_of_a_map_does_not_count_and_its_contents_do():
    assert of(("a", 1), ("b", 2)) == of(("b", 2), ("a", 1))
    assert of(("a", 1)) != of(("a", 2))
    assert of(("a", ("x", "y"))) != of(("a", ("y", "x")))
    assert of() == b""


def test_keys_are_sorted_by_their_bytes_also_inside():
    assert of(("\U0001f600", 1), ("￿", 2)).startswith(b"\xf4" + "￿".encode())
    assert of(("a", Map((("y", 1), ("x", 2))))) == of(("a", Map((("x", 2), ("y", 1)))))


def test_of_a_key_that_stands_twice_the_first_value_stands_twice():
    assert of(("a", 1), ("a", 2)) == of(("a", 1), ("a", 1))
    assert of(("a", 1), ("a", 2)) != of(("a", 1))


def test_types_and_the_bits_of_doubles_count():
    values = (None, True, False, 1, 1.0, "1", b"1", (1,), Map((("1", 1),)), 0.0, -0.0, "", b"", (), Map())
    assert len({hashed_value(value) for value in values}) == len(values)


def test_text_that_is_no_utf8_keeps_its_bytes():
    assert hashed_value("\udcff") == b"\xf7\xff"


def test_a_time_has_no_hash():
    with pytest.raises(TypeError, match="cannot hold"):
        hashed_value(Time(1))
