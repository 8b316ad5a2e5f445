"""One config on two real collectors, 0.160 and 0.152: what is the same, what differs, and who refuses what."""

import json
import shlex
from pathlib import Path

import pytest
from tests.support.cli import phoenix
from tests.support.old_collector.build import VERSION, old_collector
from tests.support.replay.process_requests import scrapes

from phoenix.settings.load import load_settings
from phoenix.telemetry.storage import save

HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to/compare-collector-versions.md"
CONFIG = """receivers:
  otlp: {{protocols: {{http: {{}}}}}}
processors:
  {name}: {settings}
exporters:
  file: {{path: out}}
service:
  pipelines:
    metrics: {{receivers: [otlp], processors: [{name}], exporters: [file]}}
"""
FAILING = """{metric_statements: ['set(metric.description, ParseJSON(metric.unit))']}"""


@pytest.fixture(scope="module")
def compare(built_programs, tmp_path_factory):
    """Return a function that compares both versions on a pipeline of one processor."""
    folder = tmp_path_factory.mktemp("versions")
    save(scrapes([0, 10, 20]), folder / "c")
    old = old_collector(load_settings().cache_dir)

    def run(name, settings, *more):
        (folder / "new.yaml").write_text(CONFIG.format(name=name, settings=settings))
        line = ("whatif", "-f", "new.yaml", "-c", "c", "--against-collector", old, *more)
        return phoenix(*line, cwd=folder)

    return run


def compared(finished, status):
    assert finished.status == status, finished.err
    found = json.loads(finished.out)
    assert [side["version"] for side in found["versions"]] == ["0.160.0", VERSION]
    return found


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("filter", '{error_mode: ignore, metrics: {datapoint: [\'attributes["state"] == "system"\']}}'),
        ("transform", "{error_mode: propagate, metric_statements: ['set(metric.unit, \"x\")']}"),
        ("groupbyattrs", "{keys: [state]}"),
        ("cumulativetodelta", "{initial_value: keep}"),
    ],
)
def test_what_did_not_change_is_the_same(compare, name, settings):
    found = compared(compare(name, settings, "-o", "json"), 0)
    assert found["same"]
    assert found["versions"][0]["points"] == found["versions"][1]["points"] > 0


def test_the_changed_default_of_error_mode_is_found_and_told(compare):
    found = compared(compare("transform", FAILING, "-o", "json"), 1)
    now, then = found["versions"]
    assert (now["accepts"], then["accepts"], now["points"], then["points"]) == (True, True, 104, None)
    assert then["failure"]["code"] == "EVALUATION_FAILED"
    assert "ParseJSON" in then["failure"]["message"]
    assert any("no error_mode is written" in note for note in found["notes"])


def test_a_component_that_one_calls_otherwise_is_told_with_the_name_both_take(compare):
    finished = compare("cumulative_to_delta", "{}", "-o", "json")
    found = compared(finished, 1)
    assert [side["accepts"] for side in found["versions"]] == [True, False]
    assert any("write cumulativetodelta" in note for note in found["notes"])


def test_a_component_that_one_lacks_is_told(compare):
    found = compared(compare("attributes", "{actions: [{key: a, action: delete}]}", "-o", "json"), 1)
    assert f"Collector {VERSION} has no processor attributes." in found["notes"]


def test_a_config_that_both_refuse_leaves_nothing_to_compare(compare):
    finished = compare("batch", "{x: 1}", "-o", "markdown")
    assert (finished.status, "Nothing to compare" in finished.out) == (3, True), finished.out


def test_yaml_says_the_same(compare):
    finished = compare("transform", FAILING, "-o", "yaml")
    assert (finished.status, "same: false" in finished.out) == (1, True), finished.out


def test_what_cannot_be_compared_is_refused(compare):
    assert "code: USAGE" in compare("batch", "{}", "--cpu").err
    clock = compare("transform", "{metric_statements: ['set(datapoint.time, Now())']}")
    assert "code: COMPONENT_UNSUPPORTED" in clock.err


def test_the_command_of_the_how_to_is_the_command():
    line = next(line for line in HOW_TO.read_text().splitlines() if line.startswith("phoenix whatif"))
    assert shlex.split(line)[-2] == "--against-collector"
