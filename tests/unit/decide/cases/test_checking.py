"""Every expectation is held against what came out, and what does not hold is told with the difference."""

import json
from pathlib import Path

import pytest
from tests.support.replay.process_requests import scrapes

from phoenix.collector.errors import EvaluationFailedError
from phoenix.decide.cases.checking import check
from phoenix.decide.cases.reading import read_cases
from phoenix.telemetry.capture import Capture
from phoenix.telemetry.storage import save


def failures(folder: Path, expect: object, *, input: Capture, answer: object) -> dict[str, str]:  # noqa: A002 it is one
    """Return what does not hold of an expectation, by key."""
    save(input, folder / "input")
    text = {"config": "c.yaml", "cases": [{"name": "a", "capture": "input", "expect": expect}]}
    path = folder / "c.test.yaml"
    path.write_text(json.dumps(text), encoding="utf-8")
    (case,) = read_cases(path).cases
    return {failure.what: "\n".join([failure.words, *failure.lines]) for failure in check(case, answer)}  # type: ignore[arg-type] # wrong ones too


BEFORE, AFTER = scrapes([0, 10, 20]), scrapes([0, 10, 20], processes=6)
HOLD = [
    {"series": {"at_most": 40}, "points": {"at_least": 1}},
    {"metrics": {"process.memory.usage": {"series": 6}}},
    {"kept": [{"resource": {"process.pid": "10[0-5]"}}], "dropped": [{"resource": {"process.pid": "110"}}]},
    {"saved_percent": {"series": {"at_least": 45, "at_most": 46}}},
    {"corrupted": False},
]
BROKEN = {
    "series": ({"series": 1}, "expected 1 series, got"),
    "saved_percent.points": ({"saved_percent": {"points": {"at_least": 99}}}, "expected at least 99 %, got 42.31 %"),
    "metrics.gone.points": ({"metrics": {"gone": {"points": 1}}}, "expected 1 points of gone, got 0"),
    "kept": ({"kept": [{"metric": "process.memory.usage"}]}, "- process.memory.usage {}"),
    "dropped": ({"dropped": [{"attributes": {"state": "user"}}]}, "+ process.cpu.time {'state': 'user'}"),
    "totals.process.cpu.time": ({"totals": {"process.cpu.time": "same"}}, "got"),
    "totals.gone": ({"totals": {"gone": "same"}}, "the input has no total"),
    "critical_processes": ({"critical_processes": ["app3"]}, "are kept"),
    "output": ({"output": {"resourceMetrics": []}}, "extra"),
    "fails": ({"fails": "boom"}, "it was to fail with 'boom', and gave"),
}


@pytest.mark.parametrize("expect", HOLD)
def test_says_nothing_of_what_holds(tmp_path: Path, expect: object):
    assert failures(tmp_path, expect, input=BEFORE, answer=AFTER) == {}


@pytest.mark.parametrize("what", BROKEN)
def test_tells_what_does_not_hold(tmp_path: Path, what: str):
    expect, words = BROKEN[what]
    found = failures(tmp_path, expect, input=BEFORE, answer=AFTER)
    assert words in found[what]


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ({"kept": [{"metric": "none"}]}, "so keeping it proves nothing"),
        ({"dropped": [{"metric": "none"}]}, "so dropping it proves nothing"),
        ({"critical_processes": ["none"]}, "so keeping it proves nothing"),
    ],
)
def test_refuses_an_expectation_that_proves_nothing(tmp_path: Path, expect: object, words: str):
    (found,) = failures(tmp_path, expect, input=BEFORE, answer=AFTER).values()
    assert words in found


def test_damage_fails_unless_it_is_allowed(tmp_path: Path):
    doubled = scrapes([0, 0, 20])
    assert (
        "duplicate_identity"
        in failures(tmp_path, {"points": {"at_least": 1}}, input=BEFORE, answer=doubled)["corrupted"]
    )


def test_an_error_is_what_a_case_may_expect(tmp_path: Path):
    error = EvaluationFailedError("the processor went boom", request=0)
    assert failures(tmp_path, {"fails": "boom"}, input=BEFORE, answer=error) == {}


def test_another_error_than_expected_fails(tmp_path: Path):
    error = EvaluationFailedError("the processor went boom", request=0)
    assert "failed with" in failures(tmp_path, {"fails": "crash"}, input=BEFORE, answer=error)["fails"]


def test_an_unexpected_error_fails(tmp_path: Path):
    error = EvaluationFailedError("the processor went boom", request=0)
    assert "boom" in failures(tmp_path, {"series": 1}, input=BEFORE, answer=error)["run"]
