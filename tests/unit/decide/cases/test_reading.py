"""A test file is read whole, and every mistake in it is told with its place."""

from decimal import Decimal
from pathlib import Path

import pytest

from phoenix.decide.cases.errors import CaseFileInvalidError
from phoenix.decide.cases.model import Bounds
from phoenix.decide.cases.reading import read_cases

CASE = """\
config: c.yaml
cases:
  - name: a
    otlp: {resourceMetrics: []}
    expect: %s
"""


def written(folder: Path, text: str) -> Path:
    """Return a file of cases with this text."""
    path = folder / "c.test.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_every_key(tmp_path: Path):
    (tmp_path / "out.jsonl").write_text('{"resourceMetrics": []}\n', encoding="utf-8")
    expect = """
      series: 3
      points: {at_least: 1, at_most: 2.5}
      saved_percent: {bytes: {at_least: 10}}
      metrics: {m: {series: 1, points: {at_most: 4}}}
      kept: [{metric: m, resource: {a: x, b: true}, attributes: {state: "u.*"}}]
      dropped: [{resource: {a: y}}]
      totals: {m: same, n: 4, o: {tolerance: 0.5}, p: {value: 2, tolerance: 0.1}}
      critical_processes: [postgres, process.owner=root]
      corrupted: true
      output_file: out.jsonl"""
    file = read_cases(written(tmp_path, CASE % expect + "pipeline: metrics/x\n"))

    assert (file.config, file.pipeline) == (str(tmp_path / "c.yaml"), "metrics/x")
    (case,) = file.cases
    assert (case.name, case.place.line) == ("a", 3)
    expected = case.expect
    assert expected.counts == {
        "series": Bounds(Decimal(3), Decimal(3)),
        "points": Bounds(Decimal(1), Decimal("2.5")),
    }
    assert str(expected.counts["points"]) == "at least 1 and at most 2.5"
    assert expected.saved == {"bytes": Bounds(Decimal(10), None)}
    assert expected.metrics.keys() == {("m", "series"), ("m", "points")}
    assert expected.kept[0].resource == {"a": "x", "b": "true"}
    assert [(it.metric, it.value) for it in expected.totals] == [("m", None), ("n", 4), ("o", None), ("p", 2)]
    assert [it.text for it in expected.critical] == ["postgres", "process.owner=root"]
    assert expected.corrupted
    assert expected.output is not None


MISTAKES = {
    "[": "did not find expected",
    "{config: c.yaml, cases: []}": "at least one case",
    "{config: c.yaml}": "at least one case",
    "{config: 1, cases: [{name: a}]}": "1:2: config must be a text",
    "{config: c.yaml, cases: [1]}": "a mapping with some of name",
    "{config: c.yaml, case: 1}": "1:18: unknown key 'case'",
    "{config: c.yaml, cases: [{name: a}]}": "it has none",
    "{config: c.yaml, cases: [{name: a, otlp: {}, capture: c}]}": "it has otlp, capture",
    "{config: c.yaml, cases: [{name: a, otlp: {resourceMetrics: 3}}]}": "resourceMetrics",
    "{config: c.yaml, cases: [{name: a, otlp: {x: 2026-01-01}}]}": "it has no resourceMetrics",
    "{config: c.yaml, cases: [{name: a, capture: nowhere}]}": "nowhere",
    "{config: c.yaml, cases: [{name: a, otlp_file: nowhere}]}": "there is no file",
    "{config: c.yaml, cases: [{name: a, otlp: {}}]}": "a mapping with some of series",
    CASE % "{}": "5:5: a case expects something",
    CASE % "{series: many}": "5:14: series must be a number, not 'many'",
    CASE % "{series: true}": "series must be a number",
    CASE % "{series: .inf}": "series must be a number",
    CASE % "{series: {}}": "series needs a number",
    CASE % "{series: {least: 1}}": "unknown key 'least'",
    CASE % "{metrics: 1}": "metrics must be a mapping",
    CASE % "{metrics: {m: {bytes: 1}}}": "unknown key 'bytes'",
    CASE % "{kept: {metric: m}}": "kept must be a list",
    CASE % "{kept: [{}]}": "a selector needs some of",
    CASE % "{kept: [{metric: '['}]}": "5:22: '[' is not an RE2 expression",
    CASE % "{kept: [{resource: x}]}": "resource must be a mapping",
    CASE % "{critical_processes: ['(']}": "RE2",
    CASE % "{corrupted: maybe}": "corrupted is true",
    CASE % "{fails: x, series: 1}": "5:14: what fails has no output",
    CASE % "{output: {}, output_file: x}": "output is given already",
    CASE % "{series: 1}" + "  - {name: a, otlp: {}, expect: {series: 1}}": "6:6: the name 'a' stands twice",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_names_the_place_of_a_mistake(tmp_path: Path, text: str):
    path = written(tmp_path, text)
    with pytest.raises(CaseFileInvalidError) as refused:
        read_cases(path)
    assert MISTAKES[text] in refused.value.message
    assert refused.value.message.startswith(str(path))
