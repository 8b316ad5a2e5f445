"""`phoenix pipeline test` as a user and a CI server run it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.support.cli import phoenix

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "pipeline-tests"


def broken(folder: Path) -> Path:
    """Return the example's folder with an expectation that does not hold."""
    (folder / "collector.yaml").write_text((EXAMPLE / "collector.yaml").read_text())
    text = (EXAMPLE / "collector.test.yaml").read_text()
    (folder / "collector.test.yaml").write_text(text.replace("series: 1\n", "series: 2\n", 1))
    return folder


def test_the_example_passes():
    finished = phoenix("pipeline", "test", EXAMPLE)
    assert finished.status == 0, finished
    assert "1 passed, 0 failed." in finished.out


def test_a_failing_case_is_told_in_every_form(tmp_path):
    folder, report = broken(tmp_path), tmp_path / "junit.xml"
    finished = phoenix("pipeline", "test", folder, "--junit", report, "-o", "json")
    assert finished.status == 1
    (case,) = json.loads(finished.out)["cases"]
    assert (case["passed"], case["failures"][0]["words"]) == (False, "expected 2 series, got 1 of 3")
    (failure,) = ET.parse(report).getroot().iter("failure")  # noqa: S314 our own file
    assert "expected 2 series" in failure.attrib["message"]
    assert "| FAIL |" in phoenix("pipeline", "test", folder, "-o", "markdown").out


def test_a_config_that_the_collector_refuses_fails_its_cases(tmp_path):
    folder = broken(tmp_path)
    config = folder / "collector.yaml"
    config.write_text(config.read_text().replace("IsMatch(", "IsMuch("))
    finished = phoenix("pipeline", "test", folder)
    assert finished.status == 1
    assert "IsMuch" in finished.out


def test_bad_input_is_told_with_code_and_remedy(tmp_path):
    wrong = tmp_path / "wrong.test.yaml"
    wrong.write_text("config: c.yaml\ncases: [{name: a, otlp: {}, expects: {}}]\n")
    lines = {
        (wrong,): (3, "PIPELINE_TEST_INVALID"),
        (tmp_path / "nowhere.test.yaml",): (4, "INPUT_FILE_NOT_FOUND"),
        (EXAMPLE.parent / "load-profile.yaml",): (3, "PIPELINE_TEST_INVALID"),
        (EXAMPLE, "--evaluator", "wrong"): (2, "USAGE"),
    }
    for line, (status, code) in lines.items():
        finished = phoenix("pipeline", "test", *line)
        assert (finished.status, finished.out) == (status, ""), line
        assert f"code: {code}\n" in finished.err
        assert "what to do: " in finished.err


def test_a_folder_without_tests_is_told(tmp_path):
    finished = phoenix("pipeline", "test", tmp_path)
    assert (finished.status, finished.out) == (4, "")
    assert ".test.yaml" in finished.err
