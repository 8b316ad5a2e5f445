import json

import pytest
from tests.support.cli import run_here
from tests.support.command_lines import options_of

from phoenix.cli.pipeline.validate import ValidateOptions
from phoenix.collector.catalogue import registry

BROKEN = """receivers:
  otlp: {protocols: {grpc: {}}}
processors:
  fitler: {}
exporters:
  debug: {}
service:
  pipelines:
    metrics:
      receivers: [otlp]
      processors: [filter]
      exporters: [debug]
"""


def test_flags(monkeypatch):
    line = ("pipeline", "validate", "a.yaml", "--no-binary", "--critical", "nginx", "--critical", "kube.*")
    assert options_of(monkeypatch, *line) == ValidateOptions("a.yaml", binary=False, critical=("nginx", "kube.*"))
    assert options_of(monkeypatch, "pipeline", "validate", "-").binary


def test_a_rendered_pipeline_has_nothing_wrong(tmp_path):
    config = tmp_path / "a.yaml"
    config.write_text(registry.render("process-baseline-v1").text)
    finished = run_here("pipeline", "validate", str(config), "--no-binary")
    assert (finished.status, finished.err) == (0, "")
    assert finished.out == f"{config}: nothing is wrong; the real collector was not asked.\n"


def test_reads_standard_input_and_tells_every_finding_with_its_place():
    finished = run_here("pipeline", "validate", "-", "--no-binary", "-o", "json", stdin=BROKEN)
    assert finished.status == 3
    report = json.loads(finished.out)
    assert (report["source"], report["ok"]) == ("<stdin>", False)
    assert {"code", "severity", "source", "line", "column", "message", "user_action"} == set(report["findings"][0])
    assert [finding["line"] for finding in report["findings"]] == sorted(
        finding["line"] for finding in report["findings"]
    )
    assert json.loads(finished.err)["code"] == "PIPELINE_REFUSED"


@pytest.mark.parametrize("width", [80, 120])
def test_findings_for_people_keep_to_the_width(width):
    finished = run_here("pipeline", "validate", "-", "--no-binary", stdin=BROKEN, width=width)
    assert "4:3" in finished.out
    assert "error" in finished.out
    assert max(map(len, finished.out.splitlines())) <= width
    assert "error: <stdin>: " in finished.err
    assert "code: PIPELINE_REFUSED" in finished.err


def test_yaml_that_is_none_is_a_finding_with_its_place():
    finished = run_here("pipeline", "validate", "-", "--no-binary", "-o", "json", stdin="a: [\n")
    finding = json.loads(finished.out)["findings"][0]
    assert (finished.status, finding["line"]) == (3, 2)


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (("/none.yaml",), 4, "INPUT_FILE_NOT_FOUND"),
        (("/",), 3, "INPUT_FILE_UNREADABLE"),
        (("-", "--critical", "("), 3, "PROCESS_PATTERN_INVALID"),
        ((), 2, "USAGE"),
    ],
)
def test_says_what_is_wrong_with_the_command(line, status, code):
    finished = run_here("pipeline", "validate", *line, "--no-binary")
    assert (finished.status, finished.out) == (status, "")
    assert f"code: {code}" in finished.err
