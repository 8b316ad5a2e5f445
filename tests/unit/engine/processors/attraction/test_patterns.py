"""Patterns are Go's: groups by number, and templates filled with them."""

import pytest
from tests.unit.engine.processors.test_settings import settings_of

from phoenix.collector.errors import ConfigRefusedError, UnsupportedComponentError
from phoenix.engine.processors.attraction.patterns import Pattern, read_pattern


def test_groups_have_numbers_and_some_have_names():
    pattern = Pattern("(?P<first>a)(b)?")
    assert pattern.group_names == ["", "first", ""]
    assert pattern.groups("xa") == ["a", "a", None]
    assert pattern.groups("x") is None


@pytest.mark.parametrize(
    ("template", "filled"),
    [("$1-${first}$2", "a-a"), ("$1x", ""), ("${1}x$$", "ax$"), ("$9$nobody", ""), ("${", "${")],
)
def test_templates_are_filled(template, filled):
    assert Pattern("(?P<first>a)(b)?").filled("xa", template) == filled


def test_nothing_found_fills_nothing():
    assert Pattern("a").filled("b", "text") == ""


@pytest.mark.parametrize(
    ("text", "error"), [("(", ConfigRefusedError), ("\\p{Uppercase_Letter}", UnsupportedComponentError)]
)
def test_what_is_no_pattern_is_refused_at_its_place(text, error):
    with pytest.raises(error, match=r"config.yaml:3:5: some/one"):
        read_pattern(settings_of("key: x"), text, "key")
