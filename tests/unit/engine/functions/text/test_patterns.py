"""What the replace editors do with a pattern, its template and its format."""

import pytest

from phoenix.engine.errors import OttlRuntimeError
from phoenix.engine.functions.text.patterns import compile_pattern
from phoenix.engine.functions.text.template import apply_format

REPLACED = [
    ("a*", "baac", "-", "-b-c-"),
    ("", "aé", "-", "-a-é-"),
    ("(?P<x>a)(b)?", "ab a", "[$x|${2}|$3|$nope|$$|$|${|$02|$x_]", "[a|b|||$|$|${||] [a||||$|$|${||]"),
    ("(a)", "ba", "$1$1", "baa"),
    ("(a)", "ba", "$1x", "b"),
    ("(a)", "ba", "${1}x", "bax"),
    (".", "\udcff", "<$0>", "<\udcff>"),
    ("a", "a\udca9", "\udcc3", "é"),
    ("a", "bbb", "c", "bbb"),
    ("a", "a", "$999999999", ""),
]


@pytest.mark.parametrize(("pattern", "text", "template", "expected"), REPLACED)
def test_matches_are_replaced_by_a_template(pattern, text, template, expected):
    assert compile_pattern(pattern).replace_all(text, template) == expected


def test_matches_are_replaced_by_what_a_function_makes_of_the_template():
    pattern = compile_pattern("a*")
    assert pattern.replace_each("baac", "<$0>", str.upper) == "<>b<AA>c<>"
    assert compile_pattern("x").replace_each("abc", "y", str.upper) == "abc"


def test_a_format_stands_around_a_replacement():
    assert [apply_format(text, "x") for text in ("%s", "a%sb", "%s%s", "%s%")] == [
        *("x", "axb", "x%!s(MISSING)", "x%!(NOVERB)"),
    ]
    for wrong in ("", "a", "%d", "%s%d", "%5s", "\n%s"):
        with pytest.raises(OttlRuntimeError, match="replacementFormat"):
            apply_format(wrong, "x")
