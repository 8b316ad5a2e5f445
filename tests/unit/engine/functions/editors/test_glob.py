"""Globs that the collector's library reads in a way of its own are refused by name; those that are none fail."""

import pytest

from phoenix.engine.errors import NotColumnarError, OttlRuntimeError
from phoenix.engine.functions.editors.glob import compile_glob


@pytest.mark.parametrize(
    ("glob", "words"),
    [
        ("a\0b", "the character NUL"),
        ("{a*,b}", "more than texts in braces"),
        ("{a,,b}", "more than texts in braces"),
        ("{a", "more than texts in braces"),
        ("[!a][!b]", "two negated lists beside each other"),
    ],
)
def test_globs_that_are_read_in_ways_of_their_own_are_refused_by_name(glob, words):
    with pytest.raises(NotColumnarError, match=words):
        compile_glob(glob)


@pytest.mark.parametrize("glob", ["\ufffd", "a\udcff"])
def test_a_glob_that_is_no_text_fails(glob):
    with pytest.raises(OttlRuntimeError, match="could not read rune"):
        compile_glob(glob)


def test_characters_of_several_bytes_go_with_stars_alone():
    assert compile_glob("ü*é").matches("üxé")
    with pytest.raises(NotColumnarError):
        compile_glob("a?").matches("aé")
