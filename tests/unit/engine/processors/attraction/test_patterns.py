"""Patterns are Go's; text that is no UTF-8 is refused by name, since RE2 sees other characters in it."""

import pytest

from phoenix.engine.errors import NotColumnarError
from phoenix.engine.processors.attraction.patterns import Pattern, WrongPatternError


def test_a_pattern_stands_anywhere_and_names_its_groups():
    pattern = Pattern("(?P<first>a)(b)?")
    assert pattern.names == ["", "first", ""]
    assert pattern.groups("xa") == ["a", "a", ""]
    assert pattern.groups("x") is None
    assert pattern.matches("xab")


def test_text_that_is_no_utf8_is_refused():
    with pytest.raises(NotColumnarError):
        Pattern("a").matches("a\udcff")


@pytest.mark.parametrize("text", ["(", "(?=a)", "a\udcff"])
def test_what_is_no_expression_is_refused(text):
    with pytest.raises(WrongPatternError):
        Pattern(text)
