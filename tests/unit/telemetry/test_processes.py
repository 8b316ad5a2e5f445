import pytest

from phoenix.telemetry.processes import ProcessPattern, ProcessPatternError

POSTGRES = {"process.executable.name": "postgres", "process.owner": "root", "process.pid": 7}


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("postgres", True),
        ("post", False),
        ("post.*", True),
        ("redis|postgres", True),
        ("process.owner=root|admin", True),
        ("process.owner=roo", False),
        ("process.command=x", False),
        ("process.pid=7", False),
    ],
)
def test_a_pattern_matches_a_whole_attribute(text, matches):
    assert ProcessPattern.parse(text).matches(POSTGRES) is matches


def test_a_plain_name_is_meant_literally():
    assert not ProcessPattern.parse("a.b").matches({"process.executable.name": "axb"})
    assert ProcessPattern.parse("c++").matches({"process.executable.name": "c++"})


@pytest.mark.parametrize("text", ["", "  ", "(", "*", r"(?<=a)b"])
def test_refuses_what_is_no_pattern(text):
    with pytest.raises(ProcessPatternError) as caught:
        ProcessPattern.parse(text)
    assert caught.value.code == "PROCESS_PATTERN_INVALID"


def test_each_alternative_must_match_the_whole_attribute():
    pattern = ProcessPattern.parse("a|b")
    assert [pattern.matches({"process.executable.name": name}) for name in ("a", "b", "ab", "ac", "cb")] == [
        True,
        True,
        False,
        False,
        False,
    ]
