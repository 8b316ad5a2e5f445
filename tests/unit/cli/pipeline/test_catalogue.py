import json

from tests.support.cli import run_here
from tests.support.command_lines import options_of

from phoenix.cli.pipeline.get import GetOptions
from phoenix.cli.pipeline.list import ListOptions
from phoenix.settings.output_format import OutputFormat


def test_flags(monkeypatch):
    assert options_of(monkeypatch, "pipeline", "list", "-o", "json") == ListOptions(OutputFormat.JSON)
    assert options_of(monkeypatch, "pipeline", "get", "process-topk-v1") == GetOptions("process-topk-v1")


def test_lists_the_catalogue():
    names = [entry["name"] for entry in json.loads(run_here("pipeline", "list", "-o", "json").out)]
    assert names[0] == "process-baseline-v1"
    table = run_here("pipeline", "list", width=80).out
    assert all(name in table for name in names)
    assert max(map(len, table.splitlines())) <= 80


def test_shows_a_template_by_its_alias():
    shown = json.loads(run_here("pipeline", "get", "process-priority-based-v1", "-o", "json").out)
    assert shown["name"] == "process-priority-filter-v1"
    assert {"name", "type", "default", "range", "description"} == set(shown["parameters"][0])
    text = run_here("pipeline", "get", "process-topk-v1", width=80).out
    assert "cpu_fraction" in text
    assert "Drops: " in text


def test_an_unknown_name_suggests_the_nearest():
    finished = run_here("pipeline", "get", "process-tpok-v1")
    assert (finished.status, finished.out) == (4, "")
    assert "Did you mean process-topk-v1?" in finished.err
    assert "code: PIPELINE_TEMPLATE_NOT_FOUND" in finished.err
